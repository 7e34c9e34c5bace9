"""What the clock asks of those who keep listings: each reminder of a due check exactly once.

A check that is due is asked of the editors on its day and a week later; after two weeks of the
organization's administrators too, and after a month the network hears of it. A reminder whose time is
over when the clock comes back is left out: the next one says the same.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from directory.models import Publication, Service, ServiceStatus
from directory.proposals.proposing import number_of
from directory.upkeep.lapse import due_on, owes_check
from partners.clock_marks import once
from partners.joining.network import tell_network
from partners.models import ClockMark
from partners.notifications import outbox

AT_ONCE = 200  # in one turn; the next one goes on


class Stage(NamedTuple):
    """From so many days after the due day, and until before so many."""

    kind: str
    first: int
    end: int
    to_network: bool = False


STAGES = (
    Stage("listing_check", 0, 7),
    Stage("listing_check_again", 7, 14),
    Stage("listing_check_late", 14, 30),
    Stage("listing_lapsed", 30, 37, to_network=True),
)


def remind_of_checks() -> int:
    """How many reminders were made. First whoever has never been asked gets a due day."""
    begin()
    return sum(_remind(stage, pk) for stage in STAGES for pk in _waiting(stage))


def begin() -> int:
    """A listing that takes referrals owes a check from the day it was made."""
    rows = Service.objects.filter(
        publication=Publication.PUBLISHED, accepts_referrals=True, next_due__isnull=True
    )
    fresh = list(rows.order_by("created_at", "pk")[:AT_ONCE])
    for service in fresh:
        Service.objects.filter(pk=service.pk, next_due__isnull=True).update(next_due=due_on(service))
    return len(fresh)


def _due(stage: Stage) -> QuerySet[Service]:
    today = timezone.localdate()
    rows = Service.objects.filter(owes_check(), publication=Publication.PUBLISHED)
    return rows.exclude(status=ServiceStatus.DEFUNCT).filter(
        next_due__gt=today - timedelta(days=stage.end), next_due__lte=today - timedelta(days=stage.first)
    )


def _waiting(stage: Stage) -> list[UUID]:
    made = ClockMark.objects.filter(
        object_id=OuterRef("pk"), kind=stage.kind, due=Cast(OuterRef("next_due"), CharField())
    )
    rows = _due(stage).filter(~Exists(made)).order_by("next_due", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _remind(stage: Stage, service_id: UUID) -> bool:
    """On the row as it stands now: who has confirmed it meanwhile is left alone."""
    service = _due(stage).select_for_update(of=("self",), no_key=True).filter(pk=service_id).first()
    if service is None or not once(stage.kind, service_id, _iso(service.next_due)):
        return False
    if stage.to_network:
        tell_network(stage.kind, service_id)
    else:
        outbox.add(service.organization_id, stage.kind, service_id, number_of(service_id))
    return True


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
