"""The audit log finds what was done to it, and the database refuses to let it be done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from partners import audit, triggers
from partners.actor import SYSTEM, Actor, Channel
from partners.models import AuditEvent, AuditHead

ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
pytestmark = pytest.mark.django_db


def write(count: int, *chains: uuid.UUID) -> None:
    actor = Actor(channel=Channel.SESSION, user_id=uuid.UUID(int=9), organization_id=ONE)
    for number in range(count):
        with transaction.atomic():
            audit.record(
                audit.Entry(
                    actor=actor,
                    action="referral.accept",
                    object_type="referral",
                    object_id=uuid.UUID(int=100 + number),
                    chains=chains,
                    details={"from": "sent", "to": "accepted"},
                )
            )


def sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@transaction.atomic
def fail_after(act: Callable[[], None]) -> None:
    act()
    raise ZeroDivisionError


def broken() -> tuple[uuid.UUID, int, str]:
    _checked, found = audit.verify()
    assert found is not None
    return found.chain, found.sequence, found.reason


def row(sequence: int, chain: uuid.UUID = ONE) -> AuditEvent:
    return AuditEvent.objects.get(chain=chain, sequence=sequence)


def key(value: uuid.UUID) -> str:
    """As the database at hand stores it."""
    return str(value) if connection.features.has_native_uuid_field else value.hex


def test_an_untouched_log_is_in_order() -> None:
    write(3, ONE)
    write(2, ONE, TWO)

    assert audit.verify() == (7, None)


def test_an_act_of_two_organizations_stands_in_both() -> None:
    write(1, ONE, TWO)

    assert set(AuditEvent.objects.order_by("chain").values_list("chain", flat=True)) == {ONE, TWO}


def test_what_belongs_to_nobody_stands_in_the_chain_of_the_network() -> None:
    with transaction.atomic():
        audit.record(audit.Entry(actor=SYSTEM, action="clock", object_type="network", object_id="-"))

    assert AuditEvent.objects.get().chain == audit.NETWORK_CHAIN


@pytest.mark.django_db(transaction=True)
def test_a_row_commits_with_its_act() -> None:
    entry = audit.Entry(actor=SYSTEM, action="x", object_type="x", object_id="x")
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(entry)
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: audit.record(entry))
    assert audit.verify() == (0, None)

    audit.record_refusal(entry)
    assert audit.verify() == (1, None)


CHANGES = {
    "action": "UPDATE partners_auditevent SET action = 'referral.decline' WHERE sequence = 2",
    "object": f"UPDATE partners_auditevent SET object_id = '{TWO}' WHERE sequence = 2",
    "result": "UPDATE partners_auditevent SET result = 'refused' WHERE sequence = 2",
    "channel": "UPDATE partners_auditevent SET channel = 'token' WHERE sequence = 2",
    "user": "UPDATE partners_auditevent SET user_id = NULL WHERE sequence = 2",
    "organization": "UPDATE partners_auditevent SET organization_id = NULL WHERE sequence = 2",
    "details": """UPDATE partners_auditevent SET details = '{"from": "sent"}' WHERE sequence = 2""",
    "time": "UPDATE partners_auditevent SET at = '2026-01-01 00:00:00+00:00' WHERE sequence = 2",
    "link": "UPDATE partners_auditevent SET previous_hash = '' WHERE sequence = 2",
    "hash": "UPDATE partners_auditevent SET hash = 'f' WHERE sequence = 2",
}


@pytest.mark.usefixtures("without_audit_triggers")
@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_a_changed_row_is_found(statement: str) -> None:
    write(3, ONE)
    sql(statement)

    assert broken() == (ONE, 2, "changed")


@pytest.mark.usefixtures("without_audit_triggers")
@pytest.mark.parametrize("sequence", [1, 2])
def test_a_removed_row_is_found(sequence: int) -> None:
    write(3, ONE)
    sql("DELETE FROM partners_auditevent WHERE sequence = %s", sequence)

    assert broken() == (ONE, sequence, "missing")


@pytest.mark.usefixtures("without_audit_triggers")
def test_a_removed_row_whose_gap_was_closed_is_found() -> None:
    write(3, ONE)
    sql("DELETE FROM partners_auditevent WHERE sequence = 2")
    sql("UPDATE partners_auditevent SET sequence = 2 WHERE sequence = 3")

    assert broken() == (ONE, 2, "changed")


@pytest.mark.usefixtures("without_audit_triggers")
def test_an_end_that_was_cut_off_is_found() -> None:
    write(3, ONE)
    sql("DELETE FROM partners_auditevent WHERE sequence = 3")

    assert broken() == (ONE, 3, "missing")


@pytest.mark.usefixtures("without_audit_triggers")
def test_a_chain_that_was_removed_altogether_is_found() -> None:
    write(2, ONE)
    write(2, TWO)
    sql("DELETE FROM partners_auditevent WHERE chain = %s", key(TWO))

    assert broken() == (TWO, 1, "missing")


@pytest.mark.usefixtures("without_audit_triggers")
def test_a_head_that_was_removed_is_found() -> None:
    write(2, ONE)
    sql("DELETE FROM partners_audithead")

    assert broken() == (ONE, 3, "missing")


@pytest.mark.usefixtures("without_audit_triggers")
def test_an_inserted_row_is_found() -> None:
    """Whoever has the database but not the key can't make a hash."""
    write(2, ONE)
    AuditEvent.objects.filter(sequence=2).update(sequence=3)
    forged = row(1)
    forged.id, forged.sequence, forged.previous_hash = uuid.uuid4(), 2, row(1).hash
    forged.save(force_insert=True)

    assert broken() == (ONE, 2, "changed")


@pytest.mark.usefixtures("without_audit_triggers")
def test_a_row_added_at_the_end_is_found() -> None:
    write(2, ONE)
    forged = row(2)
    forged.id, forged.sequence, forged.previous_hash = uuid.uuid4(), 3, row(2).hash
    forged.save(force_insert=True)
    AuditHead.objects.update(sequence=3, hash=forged.hash)

    assert broken() == (ONE, 3, "changed")


@pytest.mark.usefixtures("without_audit_triggers")
def test_rows_that_changed_places_are_found() -> None:
    write(3, ONE)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        sql("UPDATE partners_auditevent SET sequence = %s WHERE sequence = %s", new, old)

    assert broken() == (ONE, 2, "changed")


@pytest.mark.usefixtures("without_audit_triggers")
def test_a_row_moved_to_another_chain_is_found() -> None:
    write(1, ONE)
    write(1, TWO)
    sql("UPDATE partners_auditevent SET sequence = 2, chain = %s WHERE chain = %s", key(ONE), key(TWO))

    assert broken()[:2] == (ONE, 2)


@pytest.mark.usefixtures("without_audit_triggers")
def test_the_command_names_the_first_broken_row() -> None:
    write(3, ONE)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == "3 rows, all in order\n"

    sql(CHANGES["action"])
    with pytest.raises(CommandError, match=rf"{ONE}, row 2: changed") as refusal:
        call_command("verify_audit")
    assert refusal.value.returncode == 1


REFUSED = [
    "UPDATE partners_auditevent SET action = 'x'",
    "UPDATE partners_auditevent SET hash = hash",
    "DELETE FROM partners_auditevent",
    # SQLite has no such statement.
    *(["TRUNCATE partners_auditevent"] if connection.vendor == "postgresql" else []),
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses(statement: str) -> None:
    write(2, ONE)
    with pytest.raises(DatabaseError, match="audit rows are final"), transaction.atomic():
        sql(statement)

    assert audit.verify() == (2, None)


@pytest.mark.parametrize("act", [lambda rows: rows.update(action="x"), lambda rows: rows.delete()])
def test_the_models_are_refused_as_well(act: Callable[[object], object]) -> None:
    write(1, ONE)
    with pytest.raises(DatabaseError), transaction.atomic():
        act(AuditEvent.objects.all())


def test_a_missing_trigger_is_named_and_comes_back() -> None:
    assert triggers.missing() == []

    triggers.remove(only={"audit_no_delete"})
    assert triggers.missing() == ["audit_no_delete"]

    triggers.reinstall()
    assert triggers.missing() == []
