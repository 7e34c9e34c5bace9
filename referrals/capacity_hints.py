"""What a partner's answers say of its capacity: suggested to its editors, never told to anybody else."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from directory.capacity import capacity_now
from directory.hooks import CapacityHint
from directory.models import Service
from directory.models.attachments import CapacityValue
from directory.proposals.proposing import number_of
from partners.clock_marks import once
from partners.models import ClockMark
from partners.notifications import outbox
from referrals.models import Referral, ReferralKind
from referrals.workflow import Status

DAILY, NOBODY = "capacity_hints_daily", UUID(int=0)
DAYS = 30
FEWEST = 3
SAID_ALREADY = {CapacityValue.FULL.value, CapacityValue.WAITLIST.value}


def capacity_hints(service_ids: Collection[UUID]) -> dict[UUID, CapacityHint]:
    """Of services that declined at least three times for want of space, and accepted nobody since.

    Where people wait for a place it is a waitlist. Nothing of those that say so themselves.
    """
    found = _hints(Referral.objects.filter(service_id__in=service_ids))
    services = Service.objects.filter(pk__in=found).select_related("capacity")
    silent = {service.pk for service in services if capacity_now(service)[0] not in SAID_ALREADY}
    return {pk: hint for pk, hint in found.items() if pk in silent}


def suggest_daily() -> None:
    """The clock's task: once a day. Broken off, the next turn does it again."""
    today = timezone.localdate().isoformat()
    if ClockMark.objects.filter(kind=DAILY, object_id=NOBODY, due=today).exists():
        return
    suggest()
    with transaction.atomic():
        ClockMark.objects.filter(kind=DAILY, object_id=NOBODY, due__lt=today).delete()
        once(DAILY, NOBODY, today)


def suggest() -> int:
    """Tell the editors, once for each time the capacity was told."""
    since = timezone.now() - datetime.timedelta(days=DAYS)
    asked = Referral.objects.filter(_declined(since)).order_by("service_id")
    counted = asked.values("service_id").annotate(count=Count("pk")).filter(count__gte=FEWEST)
    ids = list(counted.values_list("service_id", flat=True))
    services = Service.objects.filter(pk__in=capacity_hints(ids)).select_related("capacity")
    return sum(_suggest(service) for service in services.order_by("pk"))


@transaction.atomic
def _suggest(service: Service) -> bool:
    told_at = capacity_now(service)[1]
    if not once("capacity_hint", service.pk, told_at.isoformat()[:32] if told_at else "never"):
        return False
    outbox.add(service.organization_id, "capacity_hint", service.pk, number_of(service.pk))
    return True


def _declined(since: datetime.datetime) -> Q:
    return Q(status=Status.DECLINED.value, end_reason="no_capacity", ended_at__gte=since)


def _hints(referrals) -> dict[UUID, CapacityHint]:  # type: ignore[no-untyped-def]  # a queryset
    since = timezone.now() - datetime.timedelta(days=DAYS)
    declined = Q(kind=ReferralKind.OUTGOING) & _declined(since)
    rows = referrals.order_by("service_id").values("service_id")
    counted = rows.annotate(
        count=Count("pk", filter=declined),
        last=Max("ended_at", filter=declined),
        accepted=Max("accepted_at"),
        waiting=Count("pk", filter=Q(status=Status.WAITLISTED.value)),
    ).filter(count__gte=FEWEST)
    return {
        row["service_id"]: CapacityHint(
            CapacityValue.WAITLIST.value if row["waiting"] else CapacityValue.FULL.value, row["count"], DAYS
        )
        for row in counted
        if row["accepted"] is None or row["accepted"] < row["last"]
    }
