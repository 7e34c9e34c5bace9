"""Acts are made now; what has to lie in the past for somebody to see it is set back once it is made.

The audit log keeps the moment at which the demo was made, because its rows can't be changed.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from referrals.models import Referral

ANSWERED_AFTER = 3
BEFORE = frozenset({"drafted", "send"})


def set_back(row: Model, days: int, *fields: str) -> None:
    """Each of these moments and days, so many days earlier."""
    earlier: dict[str, Any] = {}
    for field in fields:
        value = getattr(row, field)
        if value is not None:
            earlier[field] = value - datetime.timedelta(days=days)
            setattr(row, field, earlier[field])
    type(row)._base_manager.filter(pk=row.pk).update(**earlier)


def set_referral_back(referral: Referral, days: int) -> None:
    """One that has ended, with its timeline: it was sent some days before it was answered."""
    referral.refresh_from_db()
    answered = ("opened_at", "accepted_at", "service_started_on", "ended_at", "confirmed_at")
    set_back(referral, days, *answered)
    set_back(referral, days + ANSWERED_AFTER, "created_at", "sent_at", "answer_due_on")
    for event in referral.events.all():
        set_back(event, days + ANSWERED_AFTER * (event.kind in BEFORE), "at")
    for outcome in referral.outcomes.all():
        set_back(outcome, days, "recorded_at", "date")


def today() -> datetime.date:
    return timezone.localdate()
