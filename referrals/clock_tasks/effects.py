"""How an effect of the clock is made: once, in one transaction with its mark, however late the turn."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from partners.clock_marks import marked, once, pages
from partners.errors import Conflict
from referrals.models import Referral, ReferralKind
from referrals.telling import tell

# Longer after its day a notice is stale: the work-list has the matter all the while.
LATEST = datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Effect:
    """``rows`` are the candidates, read along ``along``, a column of an index that fits them.

    ``due`` is the first day (in Winnipeg) of the effect on a row, or None for never; ``make`` makes it.
    ``locks``: the row itself is locked before it is looked at again. An act that takes its locks in an
    order of its own goes without.
    """

    kind: str
    rows: QuerySet[Any]
    along: str
    due: Callable[[Any], datetime.date | None]
    make: Callable[[Any], object]
    locks: bool = True


def run(effect: Effect) -> int:
    """Makes the effect wherever it is due and not made yet. Answers how many were made.

    Each in a transaction of its own, on the row as it stands then: who has answered between the list
    and the lock is left alone. A conflict means that somebody acted first; nothing is left of ours.
    """
    left = effect.rows.filter(~marked(effect.kind))
    made = 0
    for pk in pages(left, effect.along):
        try:
            with transaction.atomic():
                made += _make(effect, left, pk)
        except Conflict:
            continue
    return made


def _make(effect: Effect, left: QuerySet[Any], pk: UUID) -> bool:
    rows = left.select_for_update(of=("self",), no_key=True) if effect.locks else left
    row = rows.filter(pk=pk).first()
    due = effect.due(row) if row is not None else None
    if due is None or due > timezone.localdate() or not once(effect.kind, pk, due.isoformat()):
        return False
    effect.make(row)
    return True


def start_of(day: datetime.date) -> datetime.datetime:
    """The day's first moment in Winnipeg, whose clocks change at two in the morning."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def days_before(days: int) -> tuple[datetime.date, datetime.date]:
    """First and last of the days from which ``days`` have passed by today, and not too long ago."""
    last = timezone.localdate() - days * DAY
    return last - LATEST, last


def day_range(field: str, days: int) -> Q:
    """Rows whose time ``field`` stands that many days back."""
    first, last = days_before(days)
    return Q(**{f"{field}__gte": start_of(first), f"{field}__lt": start_of(last + DAY)})


def receiving(referral: Referral) -> UUID:
    """Who answers for the receiver's side: of a logged referral, the sender."""
    return referral.sender_id if referral.kind == ReferralKind.LOGGED else referral.receiver_id


def notify(referral: Referral, kind: str, *organization_ids: UUID) -> None:
    for organization_id in dict.fromkeys(organization_ids):
        tell(referral, organization_id, kind)
