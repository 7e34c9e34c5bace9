"""The promised answer: reminder, escalation, and the end of what nobody answered.

The promise is kept through its whole day; the day after, the receiver is reminded. At twice the promise,
counted in working days from the sending, the receiver's managers and the sender are told. Thirty
days after the sending it expires.

A place on a waitlist is an answer, so it has no promise. It is asked about once its expected date
has passed, or 150 days after the sending where the date is not known, and expires thirty days after that.
Once accepted, nothing expires by this clock.
"""

from __future__ import annotations

import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from partners.actor import SYSTEM
from referrals import events
from referrals.actions import apply_action
from referrals.clock import add_working_days, count_working_days
from referrals.clock_tasks.effects import DAY, LATEST, Effect, notify, receiving, run, start_of
from referrals.models import Referral, ReferralKind
from referrals.workflow import Status

EXPIRES_AFTER = datetime.timedelta(days=30)
WAITS_AT_MOST = datetime.timedelta(days=150)


def remind() -> int:
    return run(Effect("reminder", _overdue(), "answer_due_on", reminder_day, _remind))


def escalate() -> int:
    return run(Effect("escalation", _overdue(), "answer_due_on", escalation_day, _escalate))


def expire() -> int:
    """Sent and never answered, or never more than on a waitlist whose time is over by thirty days."""
    today = timezone.localdate()
    sent = _unanswered().filter(sent_at__lt=start_of(today - EXPIRES_AFTER + DAY))
    made = run(Effect("expiry", sent, "sent_at", expiry_day, _expire, locks=False))
    for rows, along in _waiting(today - EXPIRES_AFTER):
        made += run(Effect("expiry", rows, along, waitlist_expiry_day, _expire, locks=False))
    return made


def remind_of_waitlist() -> int:
    """Both sides, once its expected date is over: is there a place?"""
    today = timezone.localdate()
    made = 0
    for rows, along in _waiting(today, not_before=today - LATEST):
        made += run(Effect("waitlist_due", rows, along, waitlist_day, _ask_for_place))
    return made


def reminder_day(referral: Referral) -> datetime.date | None:
    return referral.answer_due_on + DAY if referral.answer_due_on else None


def escalation_day(referral: Referral) -> datetime.date | None:
    """The day after twice the promise. The promise is the one of the day of sending, read off its dates."""
    if referral.answer_due_on is None or referral.sent_at is None:
        return None
    promised = count_working_days(timezone.localdate(referral.sent_at), referral.answer_due_on)
    return add_working_days(referral.answer_due_on, promised) + DAY


def expiry_day(referral: Referral) -> datetime.date | None:
    return timezone.localdate(referral.sent_at) + EXPIRES_AFTER if referral.sent_at else None


def waitlist_day(referral: Referral) -> datetime.date | None:
    """The day after the expected date, or after 150 days where nobody knows it."""
    if referral.expected_on is not None:
        return referral.expected_on + DAY
    return timezone.localdate(referral.sent_at) + WAITS_AT_MOST + DAY if referral.sent_at else None


def waitlist_expiry_day(referral: Referral) -> datetime.date | None:
    day = waitlist_day(referral)
    return day + EXPIRES_AFTER if day else None


def _unanswered() -> QuerySet[Referral]:
    return Referral.objects.filter(status=Status.SENT.value)


def _overdue() -> QuerySet[Referral]:
    return _unanswered().filter(answer_due_on__lt=timezone.localdate())


def _waiting(
    before: datetime.date, not_before: datetime.date | None = None
) -> list[tuple[QuerySet[Referral], str]]:
    """Never accepted, and waited for until a day before ``before``: with a known date, and without."""
    rows = Referral.objects.filter(status=Status.WAITLISTED.value, accepted_at__isnull=True)
    known = Q(expected_on__lt=before)
    unknown = Q(expected_on__isnull=True, sent_at__lt=start_of(before - WAITS_AT_MOST))
    if not_before is not None:
        known &= Q(expected_on__gte=not_before - DAY)
        unknown &= Q(sent_at__gte=start_of(not_before - DAY - WAITS_AT_MOST))
    return [(rows.filter(known), "expected_on"), (rows.filter(unknown), "sent_at")]


def _remind(referral: Referral) -> None:
    events.record_event(referral, "reminder", SYSTEM, None)
    notify(referral, "reminder", receiving(referral))


def _escalate(referral: Referral) -> None:
    """To the receiver's managers and, by another kind of notice, to whoever works on it at the sender."""
    events.record_event(referral, "escalation", SYSTEM, None)
    if referral.kind != ReferralKind.LOGGED:
        notify(referral, "escalation", referral.receiver_id)
    notify(referral, "unanswered", referral.sender_id)


def _expire(referral: Referral) -> None:
    apply_action(referral_id=referral.pk, action="expire", actor=SYSTEM, reason="deadline")


def _ask_for_place(referral: Referral) -> None:
    notify(referral, "waitlist_due", receiving(referral), referral.sender_id)
