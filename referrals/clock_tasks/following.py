"""What follows an acceptance: whether a handoff took place, and what became of the referral."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone

from referrals.clock_tasks.effects import DAY, Effect, day_range, days_before, notify, receiving, run
from referrals.consent import POLICE
from referrals.models import Handoff, Referral
from referrals.querysets import live_now
from referrals.workflow import OPEN, Status

# Days without an outcome, and whether it is the sender who is told then.
OUTCOME_STEPS = ((14, False), (30, False), (60, True))


def handoffs_due() -> int:
    """The day after a planned handoff of which nobody has said whether it took place: both sides."""
    rows = Handoff.objects.filter(
        day_range("when", 1),
        live_now("referral__consent__"),
        result="",
        referral__status__in=[status.value for status in OPEN],
    )
    return run(Effect("handoff_due", rows.select_related("referral"), "when", _handoff_day, _ask_handoff))


def _handoff_day(handoff: Handoff) -> datetime.date | None:
    return timezone.localdate(handoff.when) + DAY if handoff.when else None


def _ask_handoff(handoff: Handoff) -> None:
    notify(handoff.referral, "handoff_due", receiving(handoff.referral), handoff.referral.sender_id)


def outcomes_due() -> int:
    """Accepted, or in service, for 14, 30 and 60 days without a word of what became of it.

    The count begins anew on the first day of service. A call by police has no outcome.
    """
    made = 0
    for days, to_sender in OUTCOME_STEPS:
        first, last = days_before(days)
        accepted = Q(day_range("accepted_at", days), status=Status.ACCEPTED.value)
        in_service = Q(service_started_on__range=(first, last), status=Status.IN_SERVICE.value)
        make = _ask_sender if to_sender else _ask_receiver
        for along, since in (("accepted_at", accepted), ("service_started_on", in_service)):
            rows = Referral.objects.filter(since).exclude(receiver__kind=POLICE)
            made += run(Effect(f"outcome_{days}_{along}", rows, along, _outcome_day(along, days), make))
    return made


def _outcome_day(along: str, days: int):  # type: ignore[no-untyped-def]  # what Effect.due is
    def day(referral: Referral) -> datetime.date:
        since = getattr(referral, along)
        since = timezone.localdate(since) if isinstance(since, datetime.datetime) else since
        return since + days * DAY

    return day


def _ask_receiver(referral: Referral) -> None:
    notify(referral, "outcome_due", receiving(referral))


def _ask_sender(referral: Referral) -> None:
    notify(referral, "outcome_due", referral.sender_id)
