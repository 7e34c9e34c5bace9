"""Shared by the tests of the clock: moments on the clocks of Winnipeg, and who was told what."""

from __future__ import annotations

import datetime

import time_machine
from django.utils import timezone

from partners.models import OutboxRow
from referrals.clock_tasks import TASKS
from referrals.models import Referral
from tests.referrals.pages import World

DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def moment(day: str, time: str = "00:00") -> datetime.datetime:
    """On the clocks of Winnipeg."""
    return timezone.make_aware(datetime.datetime.fromisoformat(f"{day}T{time}"))


def at(day: str, time: str = "10:00") -> time_machine.travel:
    return time_machine.travel(moment(day, time), tick=False)


def told(kind: str, referral: Referral | None = None) -> list[str]:
    """Who has been told of it, by name, in order."""
    rows = OutboxRow.objects.filter(kind=kind).order_by("created_at", "organization__name_en")
    rows = rows.filter(object_id=referral.pk) if referral else rows
    return [row.organization.name_en.removesuffix(" (demo)") for row in rows]


def run_all() -> None:
    for task in TASKS:
        task()


def sent_on(world: World, day: str, time: str = "16:00") -> Referral:
    with at(day, time):
        expires_at = timezone.now() + 200 * DAY
        return world.sent(consent_id=world.consent(expires_at=expires_at).pk)
