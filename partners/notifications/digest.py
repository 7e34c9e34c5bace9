"""One mail a day with everything that was told in Relais, for who chose so, at eight in the morning."""

from __future__ import annotations

import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from partners.clock_marks import once
from partners.models import Channel, ClockMark, Delivery, Notification, OutboxRow

KIND = "digest"
HOUR = 8
DAY = datetime.timedelta(days=1)


def next_day(now: datetime.datetime) -> datetime.date:
    """The day of the next digest after that moment."""
    local = timezone.localtime(now)
    return local.date() if local.hour < HOUR else local.date() + DAY


def owe_due() -> None:
    """The clock's task: each digest whose hour has come is owed once, by a delivery like any other."""
    last = next_day(timezone.now()) - DAY
    due = Notification.objects.filter(digest_on__lte=last).order_by()
    for user_id, organization_id, day in due.values_list(
        "user_id", "organization_id", "digest_on"
    ).distinct():
        if day is not None:
            _owe(user_id, organization_id, day)


def _owe(user_id: UUID, organization_id: UUID, day: datetime.date) -> None:
    with transaction.atomic():
        if not once(KIND, _mark(user_id, organization_id), day.isoformat()):
            return
        row = OutboxRow.objects.create(
            organization_id=organization_id,
            kind=KIND,
            object_id=user_id,
            code=day.isoformat(),
            fanned_out_at=timezone.now(),
        )
        Delivery.objects.create(row=row, channel=Channel.MAIL, recipient=user_id)


def notices_of(row: OutboxRow) -> list[Notification]:
    """What the digest is about. What was read in Relais meanwhile is not told again."""
    return list(_all(row).filter(read_at__isnull=True).select_related("organization"))


def settle(row: OutboxRow, told: list[Notification]) -> None:
    """Once it was sent, in the transaction that says so. What came meanwhile makes a digest of its own."""
    done = Q(pk__in=[one.pk for one in told]) | Q(read_at__isnull=False)
    _all(row).filter(done).update(digest_on=None)
    ClockMark.objects.filter(
        kind=KIND, object_id=_mark(row.object_id, row.organization_id), due=row.code
    ).delete()


def _mark(user_id: UUID, organization_id: UUID) -> UUID:
    return uuid5(organization_id, str(user_id))


def _all(row: OutboxRow) -> QuerySet[Notification]:
    day = datetime.date.fromisoformat(row.code)
    return Notification.objects.filter(
        user_id=row.object_id, organization_id=row.organization_id, digest_on=day
    )
