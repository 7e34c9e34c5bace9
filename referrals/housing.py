"""Transitional housing: two years in all, counted in days over every stay."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from referrals.models import SupportEntry, SupportKind

LIMIT_DAYS = 730
# Days left at which it is first said that the stay ends.
FIRST_NOTICE = 90
BATCH = 200
_DAY = datetime.timedelta(days=1)


def housing_left(client_id: UUID, today: datetime.date) -> int | None:
    """The days that are left of the two years, today counted as used; None where she never stayed.

    It may fall below zero: a stay that goes on beyond the limit is seen, not hidden.
    """
    return days_left([client_id], today).get(client_id)


def days_left(client_ids: Collection[UUID] | QuerySet[Any], today: datetime.date) -> dict[UUID, int]:
    """``housing_left`` of those who ever stayed, in one query. Days on which two stays meet count once."""
    stays = _stays().filter(client_id__in=client_ids, on__lte=today).order_by("client_id", "on")
    used: dict[UUID, int] = {}
    counted: dict[UUID, datetime.date] = {}
    for client_id, on, until in stays.values_list("client_id", "on", "until"):
        last = today if until is None else min(until, today)
        first = max(on, counted[client_id] + _DAY) if client_id in counted else on
        used[client_id] = used.get(client_id, 0) + max((last - first).days + 1, 0)
        counted[client_id] = max(last, counted.get(client_id, last))
    return {client_id: LIMIT_DAYS - days for client_id, days in used.items()}


def residents(today: datetime.date) -> Iterator[list[UUID]]:
    """Who stays in transitional housing today, a batch at a time."""
    there = there_on(today).order_by("client_id").values_list("client_id", flat=True).distinct()
    page = list(there[:BATCH])
    while page:
        yield page
        page = list(there.filter(client_id__gt=page[-1])[:BATCH]) if len(page) == BATCH else []


def there_on(today: datetime.date) -> QuerySet[SupportEntry]:
    return _stays().filter(Q(until__isnull=True) | Q(until__gte=today), on__lte=today)


def _stays() -> QuerySet[SupportEntry]:
    return SupportEntry.objects.filter(kind=SupportKind.TRANSITIONAL_HOUSING)
