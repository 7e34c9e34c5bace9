"""What is due on people of the own organization: consents, housing, reports, introductions."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db.models import Exists, OuterRef
from django.utils import timezone

from partners.notifications import outbox
from referrals import housing
from referrals.clock_tasks.effects import DAY, LATEST, Effect, notify, run, start_of
from referrals.models import ChildProtectionRecord, Client, Consent, Introduction, IntroductionState, Referral
from referrals.workflow import OPEN

CONSENT_STEPS = (14, 3)
HOUSING_STEPS = (housing.FIRST_NOTICE, 30, 7)
_OPEN_VALUES = [status.value for status in OPEN]


def consents_ending() -> int:
    """Fourteen and three days before a consent ends on which something open stands: its sender."""
    in_use = Exists(Referral.objects.filter(consent_id=OuterRef("pk"), status__in=_OPEN_VALUES))
    live = Consent.objects.live().filter(in_use)
    today = timezone.localdate()
    made = 0
    for days in CONSENT_STEPS:
        ending = live.filter(expires_at__lt=start_of(today + (days + 1) * DAY))
        kind = f"consent_ending_{days}"
        made += run(Effect(kind, ending, "expires_at", _consent_day(days), _ask_for_consent))
    return made


def _consent_day(days: int) -> Callable[[Consent], datetime.date | None]:
    """None for a consent that was given for less than these days, and where that day is long past."""

    def day(consent: Consent) -> datetime.date | None:
        due = timezone.localdate(consent.expires_at) - days * DAY
        too_late = due + LATEST < timezone.localdate()
        return None if too_late or due <= timezone.localdate(consent.given_at) else due

    return day


def _ask_for_consent(consent: Consent) -> None:
    """The notice carries the code of the oldest referral that stands on it, never one of the person."""
    referral = consent.referrals.filter(status__in=_OPEN_VALUES).order_by("created_at", "pk").first()
    if referral is not None:
        notify(referral, "consent_ending", referral.sender_id)


def protection_due() -> int:
    """An hour after "being reported now", and the report is still not recorded: the managers."""
    now = timezone.now()
    done = ChildProtectionRecord.objects.filter(
        client=OuterRef("client"), state="reported", recorded_at__gte=OuterRef("recorded_at")
    )
    rows = ChildProtectionRecord.objects.filter(
        ~Exists(done), state="being_reported", follow_up_at__lte=now, follow_up_at__gt=now - LATEST
    ).select_related("client")
    return run(Effect("protection_due", rows, "follow_up_at", _protection_day, _ask_for_report))


def _protection_day(record: ChildProtectionRecord) -> datetime.date | None:
    return timezone.localdate(record.follow_up_at) if record.follow_up_at else None


def _ask_for_report(record: ChildProtectionRecord) -> None:
    outbox.add(record.client.organization_id, "protection_due", record.client_id, "")


def introductions_due() -> int:
    """Received and not taken up or ended by the promised day: the receiver."""
    rows = Introduction.objects.filter(
        state=IntroductionState.RECEIVED, answer_due_on__lt=timezone.localdate()
    )
    return run(Effect("introduction_due", rows, "answer_due_on", _introduction_day, _ask_for_answer))


def _introduction_day(introduction: Introduction) -> datetime.date:
    return introduction.answer_due_on + DAY


def _ask_for_answer(introduction: Introduction) -> None:
    outbox.add(introduction.receiver_id, "introduction_due", introduction.pk, introduction.code)


def housing_ending() -> int:
    """90, 30 and 7 days before the two years in transitional housing are used up: the own organization.

    Once for each step in a life, because days that were used don't come back.
    """
    today = timezone.localdate()
    made = 0
    for client_ids in housing.residents(today):
        left = housing.days_left(client_ids, today)
        for days in HOUSING_STEPS:
            due = {pk: today - (days - n) * DAY for pk, n in left.items() if days - LATEST.days <= n <= days}
            rows = Client.objects.filter(pk__in=due)
            day = _from(due)
            made += run(Effect(f"housing_{days}", rows, "created_at", day, _tell_of_housing))
    return made


def _from(due: dict) -> Callable[[Client], datetime.date | None]:  # type: ignore[type-arg]
    return lambda client: due.get(client.pk)


def _tell_of_housing(client: Client) -> None:
    outbox.add(client.organization_id, "housing_ending", client.pk, "")
