"""How soon partners answer: from their newest referrals of the last half year, for who keeps the network.

Police are left out: a figure would say that calls were asked of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from partners.models import Organization
from partners.models.organizations import PartnerKind
from referrals.service_record import Row, median_days, newest, share

DAYS = 180
NEWEST = 200


@dataclass(frozen=True)
class Times:
    """``median_days``: working days to the first answer. ``on_time``: percent that kept the promise, to the
    nearest 5. None: fewer than five to tell it from.
    """

    median_days: int | None = None
    on_time: int | None = None


def partner_figures(organization_ids: Collection[UUID]) -> dict[UUID, Times]:
    """Two queries, whatever the number. Of police there are none."""
    if not organization_ids:
        return {}
    owners = Organization.objects.filter(pk__in=organization_ids).exclude(kind=PartnerKind.POLICE_LIAISON)
    after = timezone.now() - datetime.timedelta(days=DAYS)
    rows = newest(owners, "receiver_id", NEWEST, after=after)
    return {pk: _times(found) for pk, found in rows.items()}


def _times(rows: list[Row]) -> Times:
    today = timezone.localdate()
    kept = [held for row in rows if (held := _kept(row, today)) is not None]
    return Times(median_days=median_days(rows), on_time=share(kept))


def _kept(row: Row, today: datetime.date) -> bool | None:
    """Whether the first answer came by the promised day. None while it may still, or where none was due."""
    if row.answer_due_on is None:
        return None
    if row.answered_at:
        return timezone.localdate(row.answered_at) <= row.answer_due_on
    end = timezone.localdate(row.ended_at) if row.ended_at else today
    return False if end > row.answer_due_on else None
