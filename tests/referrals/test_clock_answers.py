"""The promised answer: reminder, escalation and end, each on its day, across clock changes and holidays."""

from __future__ import annotations

from collections import Counter

import pytest
import time_machine
from django.core.management import call_command

from partners import clock
from referrals.models import Referral
from tests.referrals.clock import SECOND, at, moment, run_all, sent_on, told
from tests.referrals.pages import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with time_machine.travel("2026-10-01T12:00:00-05:00", tick=False):
        return World()


# sent, the first days of: the reminder, the escalation, the end
PROMISES = [
    ("2026-10-30", "2026-11-05", "2026-11-10", "2026-11-29"),  # clocks go back on 1 November
    ("2026-12-23", "2026-12-30", "2027-01-05", "2027-01-22"),  # Christmas, New Year, year end
    ("2027-02-11", "2027-02-18", "2027-02-23", "2027-03-13"),  # Louis Riel Day on the 15th
    ("2027-02-26", "2027-03-04", "2027-03-09", "2027-03-28"),  # the end of a short month
    ("2027-03-12", "2027-03-18", "2027-03-23", "2027-04-11"),  # clocks go forward on 14 March
    ("2027-03-20", "2027-03-25", "2027-03-31", "2027-04-19"),  # a Saturday; Good Friday on the 26th
]


def test_an_unanswered_referral_is_reminded_of_escalated_and_expires_on_its_day(world: World) -> None:
    """Nothing in the last second before the day, all of it in the first second of the day, and once."""
    for sent, *days in PROMISES:
        referral = sent_on(world, sent)
        for day, kind in zip(days, ("reminder", "escalation", "expire"), strict=True):
            start = moment(day)
            for when, count in ((start - SECOND, 0), (start, 1), (start + SECOND, 1)):
                with time_machine.travel(when, tick=False):
                    run_all()
                assert referral.events.filter(kind=kind).count() == count, (sent, kind, when)

        referral.refresh_from_db()
        assert (referral.status, referral.end_reason) == ("expired", "deadline")
        assert Counter(told("reminder", referral)) == {"Northern": 1}
        assert Counter(told("escalation", referral)) == {"Northern": 1}
        assert Counter(told("unanswered", referral)) == {"Lantern": 1}
        # Why it ended is for the sender to know.
        assert Counter(told("expire", referral)) == {"Lantern": 1}
        assert Counter(told("sharing_ended", referral)) == {"Northern": 1}


def test_a_promise_of_another_length_is_kept_as_it_was_given(world: World) -> None:
    """Ten working days, and the service changes its promise afterwards: this one stays."""
    type(world.service).objects.filter(pk=world.service.pk).update(response_days=10)
    world.service.refresh_from_db()
    sent_on(world, "2026-11-02")
    type(world.service).objects.filter(pk=world.service.pk).update(response_days=1)
    for day, reminded, escalated in [
        ("2026-11-16", 0, 0),
        ("2026-11-17", 1, 0),
        ("2026-11-30", 1, 0),
        ("2026-12-01", 1, 1),
    ]:
        with at(day):
            run_all()
        assert (len(told("reminder")), len(told("escalation"))) == (reminded, escalated), day


def test_who_has_answered_is_left_alone(world: World) -> None:
    with at("2026-11-02"):
        consent = world.consent()
        answered = [world.sent(consent_id=consent.pk) for _ in range(3)]
    with at("2026-11-04"):
        world.act(answered[0], "accept")
        world.act(answered[1], "decline", reason="no_capacity")
        world.act(answered[2], "withdraw", world.nadia, reason="client_choice")
    with at("2026-11-10"):
        run_all()
    assert told("reminder") == told("escalation") == told("unanswered") == []


def test_a_clock_that_stood_still_for_days_does_everything_once(world: World) -> None:
    """Late is late: the reminder and the escalation come together, and neither comes again."""
    sent_on(world, "2026-11-02")
    with at("2026-11-06", "00:00"):
        run_all()
    assert len(told("reminder")) == 1
    with at("2026-11-13", "23:59"):
        assert clock.tick().failed == []
        call_command("tick")
    assert (len(told("reminder")), len(told("escalation")), len(told("unanswered"))) == (1, 1, 1)


def test_a_place_on_a_waitlist_is_asked_about_and_then_expires(world: World) -> None:
    known, unknown = sent_on(world, "2026-10-05"), sent_on(world, "2026-10-05")
    with at("2026-10-06"):
        world.act(known, "waitlist", expected_date="2026-10-31")
        world.act(unknown, "waitlist", expected_date="unknown")
    # Day, who was asked so far, and which has expired.
    for day, asked, expired in [
        ("2026-10-31", 0, []),
        ("2026-11-01", 2, []),
        ("2026-11-30", 2, []),
        ("2026-12-01", 2, [known]),
        ("2027-03-04", 2, [known]),
        ("2027-03-05", 4, [known]),
        ("2027-04-03", 4, [known]),
        ("2027-04-04", 4, [known, unknown]),
    ]:
        with at(day):
            run_all()
        assert len(told("waitlist_due")) == asked, day
        ended = Referral.objects.filter(status="expired").order_by("ended_at")
        assert [row.pk for row in ended] == [row.pk for row in expired], day
    assert told("reminder") == []


def test_what_was_accepted_never_expires_by_this_clock(world: World) -> None:
    referral = sent_on(world, "2026-10-05")
    with at("2026-10-06"):
        world.act(referral, "accept")
        world.act(referral, "waitlist", expected_date="2026-10-20")
    with at("2027-04-01"):
        run_all()
    referral.refresh_from_db()
    assert referral.status == "waitlisted"
    assert told("waitlist_due") == []


def test_a_logged_referral_asks_its_sender_alone(world: World) -> None:
    referral = sent_on(world, "2026-11-02")
    Referral.objects.filter(pk=referral.pk).update(kind="logged")
    for day in ("2026-11-06", "2026-11-11"):
        with at(day):
            run_all()
    assert (told("reminder"), told("unanswered"), told("escalation")) == (["Lantern"], ["Lantern"], [])
