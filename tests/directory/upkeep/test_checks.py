"""A human confirms a listing, or tells its capacity; nobody else does."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from directory.capacity import capacity_now
from directory.models import CapacityReport, CheckMethod, Publication, Service, Verification
from directory.search import Criteria, search_services
from directory.upkeep.archiving import archive
from directory.upkeep.capacity_acts import history_of, set_capacity
from directory.upkeep.checks import confirm
from directory.upkeep.errors import NotPublished
from partners.actor import ANONYMOUS, SYSTEM
from partners.errors import Invalid, NotSeen, NotSignedIn, Refused
from partners.models import AuditEvent
from tests.directory.upkeep.ground import Ground, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return Ground()


def test_a_check_is_kept_with_who_how_and_until_when(ground: Ground) -> None:
    confirm(ground.actor(ground.ed), ground.service, changed=True)

    service = fresh(ground.service)
    assert service.verified_by == ground.ed
    assert service.next_due == timezone.localdate() + datetime.timedelta(days=90)
    row = Verification.objects.get()
    assert (row.user, row.method, row.changed, row.at) == (ground.ed, "session", True, service.verified_at)
    logged = AuditEvent.objects.get(action="confirm_listing")
    assert (logged.object_id, logged.chain) == (str(service.pk), ground.lantern.pk)
    found = search_services(actor=ANONYMOUS, criteria=Criteria(verified_within=1))
    assert [hit.id for hit in found.hits] == [service.pk]

    Service.objects.filter(pk=service.pk).update(verify_days=30)
    confirm(ground.actor(ground.kim), ground.service, method=CheckMethod.CALL)
    assert fresh(ground.service).next_due == timezone.localdate() + datetime.timedelta(days=30)
    assert Verification.objects.filter(user=ground.kim, method="call").count() == 1


def test_only_who_keeps_it_confirms_or_tells(ground: Ground) -> None:
    refusals = {
        ground.actor(ground.will): Refused,
        ground.actor(ground.ada): Refused,
        ground.actor(ground.sam): NotSeen,
        ANONYMOUS: NotSignedIn,
        SYSTEM: Refused,
    }
    for actor, error in refusals.items():
        with pytest.raises(error):
            confirm(actor, ground.service)
        with pytest.raises(error):
            set_capacity(actor, ground.service, value="open")
        with pytest.raises(error):
            archive(actor, ground.service.pk)
    assert not Verification.objects.exists()
    assert not CapacityReport.objects.exists()
    assert fresh(ground.service).verified_at is None
    assert not AuditEvent.objects.filter(action__in=["confirm_listing", "tell_capacity"]).exists()


def test_what_is_not_published_is_neither_confirmed_nor_told(ground: Ground) -> None:
    ed = ground.actor(ground.ed)
    assert archive(ed, ground.service.pk).publication == Publication.ARCHIVED
    assert search_services(actor=ANONYMOUS, criteria=Criteria()).count == 0
    with pytest.raises(NotPublished):
        confirm(ed, ground.service)
    with pytest.raises(NotPublished):
        set_capacity(ed, ground.service, value="open")


def test_capacity_is_told_with_its_history_and_decays(ground: Ground) -> None:
    ed = ground.actor(ground.ed)
    with time_machine.travel("2026-11-01T18:00:00+00:00", tick=False):
        set_capacity(ed, ground.service, value="limited", available=2)
    with time_machine.travel("2026-11-02T18:00:00+00:00", tick=False):
        set_capacity(ed, ground.service, value="waitlist", wait_weeks=6)
        assert [row.value for row in history_of(ground.service)] == ["waitlist", "limited"]
        assert capacity_now(fresh(ground.service))[0] == "waitlist"
        found = search_services(actor=ANONYMOUS, criteria=Criteria(capacity=("waitlist",)))
        assert found.count == 1
        row = fresh(ground.service).capacity
        assert (row.available, row.wait_weeks) == (None, 6)
    with time_machine.travel("2026-11-16T18:00:00+00:00", tick=False):
        assert capacity_now(fresh(ground.service))[0] == "waitlist"
    with time_machine.travel("2026-11-17T18:00:00+00:00", tick=False):
        assert capacity_now(fresh(ground.service))[0] == "unknown"
        assert search_services(actor=ANONYMOUS, criteria=Criteria(capacity=("waitlist",))).count == 0
    assert AuditEvent.objects.filter(action="tell_capacity").count() == 2


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"value": "plenty"}, "value"),
        ({"value": "full", "available": 3}, "available"),
        ({"value": "open", "available": -1}, "available"),
        ({"value": "open", "wait_weeks": 2}, "wait_weeks"),
        ({"value": "waitlist", "wait_weeks": 521}, "wait_weeks"),
    ],
)
def test_what_makes_no_sense_changes_nothing(ground: Ground, told: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_capacity(ground.actor(ground.ed), ground.service, **told)
    assert list(refused.value.errors) == [field]
    assert not CapacityReport.objects.exists()
