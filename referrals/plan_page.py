"""A plan in words: by phase, the newest first, support and referrals in one line of time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referrals.models import Referral, SupportEntry, SupportKind
from referrals.plans import Plan
from referrals.presenting import PHASE_LABELS
from referrals.workflow import STATUS_LABELS, Status

# From here on the page says loudly how many days of transitional housing are left.
WARN_DAYS = 90


@dataclass(frozen=True)
class Line:
    """One entry or one referral. ``open_stay``: a stay whose end can be written down."""

    day: datetime.date
    title: str
    until: datetime.date | None = None
    note: str = ""
    entry_id: UUID | None = None
    referral: Referral | None = None
    status: str = ""
    status_label: str = ""
    open_stay: bool = False


@dataclass(frozen=True)
class Part:
    """What stands under one phase; the last part holds what belongs to none."""

    label: str
    lines: list[Line]


@dataclass(frozen=True)
class PlanPage:
    client_id: UUID
    code: str
    chosen_name: str
    parts: list[Part]
    housing: str
    housing_ends_soon: bool


def plan_page(plan: Plan) -> PlanPage:
    by_phase: dict[int | None, list[Line]] = {}
    for entry in plan.entries:
        by_phase.setdefault(entry.phase, []).append(_entry(entry))
    for referral in plan.referrals:
        by_phase.setdefault(referral.need.phase, []).append(_referral(referral))
    order = sorted(by_phase, key=lambda phase: (phase is None, phase or 0))
    return PlanPage(
        client_id=plan.client_id,
        code=plan.code,
        chosen_name=plan.chosen_name,
        parts=[
            Part(
                str(PHASE_LABELS[phase]) if phase else _("Without a phase"),
                sorted(by_phase[phase], key=_newest_first),
            )
            for phase in order
        ],
        housing=_housing(plan.housing_left),
        housing_ends_soon=plan.housing_left is not None and plan.housing_left <= WARN_DAYS,
    )


def _newest_first(line: Line) -> Any:
    return -line.day.toordinal()


def _entry(entry: SupportEntry) -> Line:
    stay = entry.kind == SupportKind.TRANSITIONAL_HOUSING
    return Line(
        day=entry.on,
        title=str(SupportKind(entry.kind).label),
        until=entry.until,
        note=entry.note,
        entry_id=entry.pk,
        open_stay=stay and entry.until is None,
    )


def _referral(referral: Referral) -> Line:
    moment = referral.sent_at or referral.created_at
    return Line(
        day=timezone.localdate(moment),
        title=_("Referral"),
        referral=referral,
        status=referral.status,
        status_label=str(STATUS_LABELS[Status(referral.status)]),
    )


def _housing(left: int | None) -> str:
    if left is None:
        return ""
    if left < 0:
        over = ngettext(
            "Transitional housing: %(days)s day beyond the two years",
            "Transitional housing: %(days)s days beyond the two years",
            -left,
        )
        return over % {"days": -left}
    words = ngettext(
        "Transitional housing: %(days)s day left of two years",
        "Transitional housing: %(days)s days left of two years",
        left,
    )
    return words % {"days": left}
