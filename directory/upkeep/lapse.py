"""How long a check by a human holds: the one rule, for one listing, for a query and for the index.

A check holds ``verify_days``; the day it ends is the due day, and from the day after the listing has
lapsed: it is marked and stands lower in a search. 180 days after the last check it takes no referrals.

A listing that nobody has checked has not lapsed, it was never true by anybody's word, and says so. Public
facts that were imported stay as they are, then. But one that takes referrals owes its owner's word from
the day it was made: this day counts in place of the last check.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

CLOSED_AFTER = 180
USUAL_DAYS = 90


def due_day(checked_at: datetime, verify_days: int) -> date:
    """The last day on which a check of that moment holds. Stored as ``next_due``."""
    return timezone.localdate(checked_at) + timedelta(days=verify_days)


def due_on(service: Any) -> date | None:
    """None for a listing that nobody has to check: never checked, and taking no referrals."""
    if service.verified_at is None and not service.accepts_referrals:
        return None
    return due_day(service.verified_at or service.created_at, service.verify_days)


def owes_check() -> Q:
    """Those of which ``due_on`` names a day, for a query of services."""
    return Q(verified_at__isnull=False) | Q(accepts_referrals=True)


def is_lapsed(service: Any) -> bool:
    """It was checked once, and too long ago."""
    return service.verified_at is not None and service.verified_at < lapsed_before(service.verify_days)


def has_lapsed() -> Q:
    """The same for a query of services, by the day that is stored."""
    return Q(verified_at__isnull=False, next_due__lt=timezone.localdate())


def lapsed_before(verify_days: int) -> datetime:
    """The same as a moment, for the index: a check before it has ended by today."""
    return _start_of_day(verify_days)


def is_closed(service: Any) -> bool:
    """Checked so long ago that it takes no referrals any more."""
    return bool((service.verified_at or service.created_at) < _start_of_day(CLOSED_AFTER))


def still_open() -> Q:
    """The contrary of ``is_closed``, for a query of services."""
    oldest = _start_of_day(CLOSED_AFTER)
    return Q(verified_at__gte=oldest) | Q(verified_at__isnull=True, created_at__gte=oldest)


def _start_of_day(days_ago: int) -> datetime:
    day = timezone.localdate() - timedelta(days=days_ago)
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
