"""How true the demo's listings are: checks, capacity, phone samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory.models import CapacityReport, PhoneCheck, PhoneSample, ServiceCapacity
from directory.search import index
from directory.upkeep import samples
from directory.upkeep.capacity_acts import set_capacity
from directory.upkeep.checks import confirm
from referrals.demo.past import set_back

if TYPE_CHECKING:
    from referrals.demo.story import Story

# Who checked which listing how many days ago; a check holds for 90.
CHECKS = (
    ("paula", "prairie-lantern-program", 10),
    ("paula", "prairie-lantern-shelter", 86),
    ("tom", "red-river-counselling", 3),
    ("ines", "northern-light-detox", 90),
    ("pat", "two-rivers-skills", 101),
)
# Who told which capacity how many days ago, with places and weeks; the oldest of a listing first.
CAPACITY = (
    ("pat", "two-rivers-pre-employment", "full", None, None, 31),
    ("pat", "two-rivers-pre-employment", "waitlist", None, 3, 17),
    ("pat", "two-rivers-pre-employment", "open", 6, None, 2),
    ("tom", "red-river-counselling", "open", None, None, 20),
    ("tom", "red-river-counselling", "limited", 2, 1, 4),
    ("tom", "red-river-primary-care", "waitlist", None, 6, 1),
    ("paula", "prairie-lantern-shelter", "full", None, None, 0),
    ("paula", "prairie-lantern-housing", "full", None, None, 9),
    ("paula", "prairie-lantern-housing", "unknown", None, None, 5),
    ("ines", "northern-light-detox", "open", None, None, 20),
)
# How many days ago, and what each call found: nobody, not offered any more, a wrong fact, right.
SAMPLES = ((112, "nwgrrgnrwr"), (12, "rrgrnrrrwrrr"))
FOUND: dict[str, dict[str, bool | None]] = {
    "n": {"reached": False},
    "g": {"reached": True, "still_offered": False},
    "w": {"reached": True, "still_offered": True, "hours_right": False},
    "r": {"reached": True, "still_offered": True, "hours_right": True, "eligibility_right": True},
}
OPEN_SAMPLE = 8


def _checks(story: Story) -> None:
    """One is due today, one this week, one has run out."""
    for name, key, days in CHECKS:
        service = confirm(story.actor(name), story.service(key))
        set_back(service, days, "verified_at", "next_due")
        for row in service.verifications.all():
            set_back(row, days, "at")
        index.refresh(service)


def _capacity(story: Story) -> None:
    """Every value, one that is too old to count, and what was told before."""
    for name, key, value, places, weeks, days in CAPACITY:
        service = story.service(key)
        told = set_capacity(story.actor(name), service, value=value, available=places, wait_weeks=weeks)
        set_back(CapacityReport.objects.get(pk=told.pk), days, "at")
        set_back(ServiceCapacity.objects.get(service=service), days, "as_of")
        index.refresh(service)


def _suggested(story: Story) -> None:
    """The residence has said no three times for want of space, and nothing of its capacity."""
    for client in ("wren", "june", "marie"):
        referral = story.sent(client, "northern-light-residence", "recovery-housing")
        story.act(referral, "ines", "decline", reason="no_capacity")


def _samples(story: Story) -> None:
    """Calls that were never made are told of the demo's own listings alone; the open sample is by lot."""
    for days, found in SAMPLES:
        sample = _called(story, found)
        for check in sample.checks.all():
            set_back(check, days, "called_at")
        set_back(sample, days, "drawn_at", "closed_at")
    samples.draw(story.actor("lea"), OPEN_SAMPLE)


def _called(story: Story, found: str) -> PhoneSample:
    lea, own = story.actor("lea"), samples.callable_listings().filter(is_demo=True).order_by("source_id")
    sample = PhoneSample.objects.create(drawn_by_id=lea.user_id, population=own.count())
    for service, what in zip(own, found, strict=False):
        check = PhoneCheck.objects.create(sample=sample, service=service)
        samples.record(lea, check.pk, FOUND[what])
    sample.refresh_from_db()
    return sample


TOLD = (_checks, _capacity, _suggested, _samples)
