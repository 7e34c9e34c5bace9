"""Old audit rows go behind a signed checkpoint, the chain still verifies, and the trigger is never away."""

from __future__ import annotations

import datetime
import uuid
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from partners import audit, triggers
from partners.actor import Actor, Channel
from partners.models import AuditCheckpoint, AuditEvent

ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
pytestmark = pytest.mark.django_db


def write(count: int, *chains: uuid.UUID) -> None:
    actor = Actor(channel=Channel.SESSION, user_id=uuid.UUID(int=9), organization_id=ONE)
    for _number in range(count):
        with transaction.atomic():
            audit.record(audit.Entry(actor, "test.act", "test", uuid.UUID(int=7), chains=chains))


@pytest.fixture
def old() -> None:
    """Three rows of eleven years ago in two chains, two rows of today in one."""
    with time_machine.travel(timezone.now() - datetime.timedelta(days=11 * 366)):
        write(3, ONE, TWO)
    write(2, ONE)


def prune(*options: str) -> str:
    out = StringIO()
    call_command("prune_audit", *options, stdout=out)
    return out.getvalue()


def sequences(chain: uuid.UUID) -> list[int]:
    return list(
        AuditEvent.objects.filter(chain=chain).order_by("sequence").values_list("sequence", flat=True)
    )


@pytest.mark.usefixtures("old")
def test_only_the_old_beginning_goes_and_the_rest_verifies() -> None:
    assert "6 rows" in prune("--dry-run")
    assert sequences(ONE) == [1, 2, 3, 4, 5]

    assert "6 rows" in prune()

    # The pruning itself stands in each chain.
    assert (sequences(ONE), sequences(TWO)) == ([4, 5, 6], [4])
    assert AuditEvent.objects.get(chain=TWO).details == {"count": 3}
    assert audit.verify() == (4, None)
    assert triggers.missing() == []
    assert "0 rows" in prune()
    write(1, ONE, TWO)
    assert audit.verify() == (6, None)


@pytest.mark.usefixtures("old")
def test_the_database_still_refuses_everybody_else() -> None:
    prune()

    for rows in (AuditEvent.objects.all(), AuditCheckpoint.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(sequence=1)
    assert audit.verify()[1] is None


@pytest.mark.usefixtures("old")
def test_what_breaks_off_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(**options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(triggers, "install", killed)
    with pytest.raises(KeyboardInterrupt):
        prune()

    assert sequences(ONE) == [1, 2, 3, 4, 5]
    assert not AuditCheckpoint.objects.exists()
    assert triggers.missing() == []
    assert audit.verify() == (8, None)


@pytest.mark.usefixtures("old", "without_audit_triggers")
def test_a_chain_that_was_tampered_with_is_not_pruned() -> None:
    AuditEvent.objects.filter(chain=ONE, sequence=2).update(action="other")
    triggers.install()

    with pytest.raises(CommandError, match="row 2"):
        prune()

    assert sequences(ONE) == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("old", "without_audit_triggers")
@pytest.mark.parametrize("forged", [{"sequence": 2}, {"hash": "0" * 64}, {"signature": "0" * 64}])
def test_a_forged_checkpoint_is_found(forged: dict[str, object]) -> None:
    triggers.install()
    prune()
    triggers.remove()

    AuditCheckpoint.objects.filter(chain=ONE).update(**forged)

    _checked, broken = audit.verify()
    assert broken is not None
    assert (broken.chain, broken.reason) == (ONE, "checkpoint")


@pytest.mark.usefixtures("old", "without_audit_triggers")
def test_a_checkpoint_or_a_beginning_that_is_taken_away_is_found() -> None:
    triggers.install()
    prune()
    triggers.remove()
    with transaction.atomic():
        AuditEvent.objects.filter(chain=ONE, sequence=4).delete()
        assert audit.verify()[1] == audit.Break(ONE, 4, "missing")
    AuditCheckpoint.objects.filter(chain=TWO).delete()
    AuditEvent.objects.filter(chain=ONE).delete()

    assert audit.verify()[1] == audit.Break(ONE, 4, "missing")
