"""Deletion: both sides lose the person, the audit log keeps no identity, a hold stops it."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from api.models import IdempotencyKey
from partners import audit
from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import AuditEvent, ClockMark, OutboxRow
from referrals.access import access_referral
from referrals.models import Client, Deletion, LegalHold, Referral
from referrals.rights import deletion, holdings, holds
from tests.referrals.offering import Offering
from tests.referrals.pages import NAME, World, admitted, member
from tests.referrals.police import PoliceWorld
from tests.referrals.rights_story import everything_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def remove(world: World, person: Client) -> None:
    paula = world.actor(world.paula)
    deletion.delete_on_request(actor=paula, client_id=person.pk, code=person.code)


def test_nothing_of_the_person_is_left_on_either_side(world: World) -> None:
    person, referral = everything_about(world)
    ids = {str(pk) for pk in holdings.ids_of(person.pk)}
    filled = {str(label) for label, _count in holdings.counts(person.pk)}
    assert filled == {str(one.label) for one in holdings.HOLDINGS}, "the story must fill every table"

    remove(world, person)

    assert [one.label for one in holdings.HOLDINGS if one.rows(person.pk).exists()] == []
    with pytest.raises(NotSeen):
        access_referral(referral.pk, world.actor(world.tom))
    assert not OutboxRow.objects.filter(object_id__in=ids).exclude(kind="sharing_ended").exists()
    assert not ClockMark.objects.filter(object_id__in=ids).exists()
    assert not IdempotencyKey.objects.exists()
    assert audit.verify()[1] is None
    assert AuditEvent.objects.filter(object_id=str(person.pk), action="disclose").exists()


def test_the_deletion_list_says_what_had_been_released(world: World) -> None:
    person, referral = everything_about(world)

    remove(world, person)

    row = Deletion.objects.get(object_id=referral.pk)
    assert (row.object_type, row.organization_id, row.by) == ("referral", world.lantern.pk, world.paula.pk)
    [release] = row.released
    assert release["recipient"] == str(world.northern.pk)
    assert release["field_groups"] == ["contact", "health", "identity", "situation"]
    assert datetime.datetime.fromisoformat(release["first"]) <= timezone.now()
    of_client = Deletion.objects.get(object_id=person.pk)
    assert {one["what"] for one in of_client.released} == {"disclose", "legal_basis.release"}
    assert NAME not in repr(list(Deletion.objects.values()))
    assert Deletion.objects.filter(object_type="introduction").count() == 1


def test_the_receiver_is_told_and_then_finds_nothing(world: World) -> None:
    referral = world.accepted()
    draft = world.draft()

    remove(world, world.person)

    [notice] = OutboxRow.objects.filter(kind="sharing_ended")
    assert (notice.organization_id, notice.object_id) == (world.northern.pk, referral.pk)
    told = AuditEvent.objects.filter(chain=world.northern.pk, object_id=str(referral.pk))
    assert list(told.order_by("sequence").values_list("action", flat=True))[-2:] == [
        "referral.sharing_ended",
        "referral.delete",
    ]
    assert told.get(action="referral.delete").details == {}, "why is the own organization's business"
    assert not AuditEvent.objects.filter(chain=world.northern.pk, object_id=str(draft.pk)).exists()


@pytest.mark.parametrize("mode", ["in_turn", "at_once"])
def test_a_list_of_partners_does_not_go_on_because_the_first_was_withdrawn(mode: str) -> None:
    """The plans end before the referrals do."""
    world = Offering()
    asked = world.asked(mode)
    told = {one.receiver_id for one in world.again(asked) if one.sent_at}
    sent = AuditEvent.objects.filter(action="referral.send").count()

    remove(world, world.person)

    assert AuditEvent.objects.filter(action="referral.send").count() == sent
    ended = OutboxRow.objects.filter(kind="sharing_ended").values_list("organization_id", flat=True)
    assert set(ended) == told
    assert not Referral.objects.exists()
    assert audit.verify()[1] is None


def test_a_call_by_police_and_what_was_only_logged_go_too() -> None:
    world = PoliceWorld()
    world.answered()
    logged = world.accepted()
    Referral.objects.filter(pk=logged.pk).update(kind="logged")
    outside = AuditEvent.objects.filter(chain=world.northern.pk).count()

    remove(world, world.person)

    assert not Referral.objects.exists()
    assert AuditEvent.objects.filter(chain=world.northern.pk).count() == outside, "it never was theirs"
    assert OutboxRow.objects.filter(kind="sharing_ended", organization_id=world.northern.pk).count() == 0


@pytest.mark.parametrize("authority", ["person", "court", "child_protection"])
def test_a_hold_stops_it_before_anything_is_touched(world: World, authority: str) -> None:
    paula = world.actor(world.paula)
    referral = world.accepted()
    hold = holds.place_hold(actor=paula, client_id=world.person.pk, authority=authority, reason="File 7")

    with pytest.raises(Conflict) as refusal:
        remove(world, world.person)

    assert refusal.value.code == "legal_hold"
    assert Referral.objects.get(pk=referral.pk).status == "accepted"
    assert not Deletion.objects.exists()
    holds.end_hold(actor=paula, hold_id=hold.pk)
    with pytest.raises(Conflict):
        holds.end_hold(actor=paula, hold_id=hold.pk)
    remove(world, world.person)
    assert not LegalHold.objects.exists()
    kept = AuditEvent.objects.filter(object_id=str(world.person.pk), action__startswith="client.hold")
    assert list(kept.order_by("sequence").values_list("action", "details")) == [
        ("client.hold", {"authority": authority}),
        ("client.hold_end", {"authority": authority}),
    ]


def test_who_may_not(world: World) -> None:
    """A worker is refused; another organization's officer finds nothing; the code must be the file's."""
    olga = member("Olga", world.northern, "privacy_officer")
    person, code = world.person.pk, world.person.code
    hold = holds.place_hold(actor=world.actor(world.paula), client_id=person, authority="court")
    for user, refusal in ((world.nadia, Refused), (world.eva, Refused), (olga, NotSeen)):
        actor = world.actor(user)
        with pytest.raises(refusal):
            deletion.delete_on_request(actor=actor, client_id=person, code=code)
        with pytest.raises(refusal):
            holds.place_hold(actor=actor, client_id=person, authority="court")
        with pytest.raises(refusal):
            holds.end_hold(actor=actor, hold_id=hold.pk)
    paula = world.actor(world.paula)
    with pytest.raises(Invalid):
        deletion.delete_on_request(actor=paula, client_id=person, code="AAA-AAA")
    with pytest.raises(Invalid):
        holds.place_hold(actor=paula, client_id=person, authority="neighbour")
    with pytest.raises(NotSeen):
        deletion.delete_on_request(actor=paula, client_id=uuid.uuid4(), code=code)
    assert Client.objects.filter(pk=person).exists()


def test_the_dry_run_lists_and_changes_nothing(world: World) -> None:
    person, referral = everything_about(world)
    before = {str(one.label): one.rows(person.pk).count() for one in holdings.HOLDINGS}

    found = deletion.preview(person)

    assert {str(label): count for label, count in found.counts} == before
    assert (referral.code, "accepted") in found.referrals
    assert found.withdrawn_first >= 1
    assert {one.recipient for one in found.released} == {world.northern.pk, None}
    assert before == {str(one.label): one.rows(person.pk).count() for one in holdings.HOLDINGS}
    assert not Deletion.objects.exists()


def test_two_partners_with_open_referrals_are_each_told(world: World) -> None:
    other = admitted("Third (demo)", "training_program")
    second = world.accepted()
    Referral.objects.filter(pk=second.pk).update(receiver=other)
    first = world.sent()

    remove(world, world.person)

    told = OutboxRow.objects.filter(kind="sharing_ended").values_list("organization_id", "object_id")
    assert set(told) == {(other.pk, second.pk), (world.northern.pk, first.pk)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file that can be read")
def test_no_byte_of_it_stays_in_the_database_file() -> None:
    world = World()
    person = world.client(situation="Planted situation " * 40)
    with connection.cursor() as cursor:
        cursor.execute("SELECT situation FROM referrals_client WHERE id = %s", [person.pk.hex])
        sealed = cursor.fetchone()[0].encode()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    piece = sealed[100:200]
    assert piece in everywhere()

    remove(world, person)

    assert piece not in everywhere()


def everywhere() -> bytes:
    """The database file and its write-ahead log, as a thief would have them."""
    from pathlib import Path

    path = Path(connection.settings_dict["NAME"])
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(path.name + "*")))
