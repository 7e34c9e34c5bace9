"""Each reminder exactly once, however the clock goes."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from partners.joining.reminders import remind_of_ends, tell_ended
from partners.models import Agreement, ClockMark, Membership, Organization, OutboxRow, User

DAY = datetime.timedelta(days=1)
LAST = datetime.date(2027, 3, 1)


def on(day: datetime.date) -> time_machine.travel:
    noon = datetime.datetime.combine(day, datetime.time(12))
    return time_machine.travel(timezone.make_aware(noon), tick=False)


def signed(
    organization: Organization, ends_on: datetime.date = LAST, starts_on: str = "2026-01-01"
) -> Agreement:
    return Agreement.objects.create(
        organization=organization, starts_on=starts_on, ends_on=ends_on, signed_at=timezone.now()
    )


def network() -> Organization:
    organization = Organization.objects.create(name_en="Network (demo)")
    lea = User.objects.create_user("lea@network.example", full_name="Lea")
    Membership.objects.create(user=lea, organization=organization, role="network_admin")
    return organization


def tick(day: datetime.date) -> int:
    with on(day):
        return remind_of_ends() + tell_ended()


class EveryWayOfTheClock(TestCase):
    def setUp(self) -> None:
        self.network = network()
        self.partner = Organization.objects.create(name_en="Lantern (demo)")

    @settings(max_examples=15)
    @given(st.lists(st.integers(min_value=-75, max_value=20), max_size=12))
    def test_each_is_told_once_to_each_side(self, offsets: list[int]) -> None:
        signed(self.partner)
        expected: set[str] = set()
        for offset in sorted(offsets):
            tick(LAST + offset * DAY)
            tick(LAST + offset * DAY)
            if -60 <= offset <= 0:
                expected.add(str(min(days for days in (7, 30, 60) if -offset <= days)))
            elif offset > 0:
                expected.add(LAST.isoformat())
        due = list(ClockMark.objects.order_by("due").values_list("due", flat=True))
        assert due == sorted(expected)
        for organization, prefix in ((self.partner, ""), (self.network, "partner_")):
            rows = OutboxRow.objects.filter(organization=organization)
            ends = 1 if LAST.isoformat() in expected else 0
            assert rows.filter(kind=f"{prefix}agreement_ending").count() == len(expected) - ends
            assert rows.filter(kind=f"{prefix}agreement_ended").count() == ends


@pytest.mark.django_db
def test_daily_all_three_and_the_end_are_told_on_their_days() -> None:
    network()
    partner = Organization.objects.create(name_en="Lantern (demo)")
    signed(partner)

    told = [offset for offset in range(-62, 4) if tick(LAST + offset * DAY)]

    assert told == [-60, -30, -7, 1]


@pytest.mark.django_db
def test_what_is_renewed_unsigned_or_terminated_is_not_told() -> None:
    network()
    renewed, bare, over = (Organization.objects.create(name_en=name) for name in ("A", "B", "C"))
    signed(renewed)
    following = signed(renewed, LAST + 365 * DAY, (LAST + DAY).isoformat())
    Agreement.objects.create(organization=bare, starts_on="2026-01-01", ends_on=LAST)
    terminated = signed(over)
    Agreement.objects.filter(pk=terminated.pk).update(terminated_at=timezone.now())

    assert [tick(LAST + offset * DAY) for offset in (-30, 1)] == [0, 0]

    Agreement.objects.filter(pk=following.pk).update(starts_on=LAST + 2 * DAY)
    assert tick(LAST + DAY) == 1
