"""What the clock asks for after an acceptance and about people, each on its day and once."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from partners import clock
from partners.models import OutboxRow
from referrals.handoffs import plan_handoff, record_handoff
from referrals.models import (
    AgeBand,
    ChildProtectionRecord,
    Consent,
    Introduction,
    IntroductionKind,
    SupportEntry,
    SupportKind,
)
from tests.referrals.clock import DAY, at, moment, run_all, sent_on, told
from tests.referrals.pages import World

pytestmark = pytest.mark.django_db
Day = datetime.date


@pytest.fixture
def world() -> World:
    with time_machine.travel("2026-10-01T12:00:00-05:00", tick=False):
        return World()


def test_an_outcome_is_asked_for_after_14_30_and_60_days_and_anew_from_the_first_day_of_service(
    world: World,
) -> None:
    referral = sent_on(world, "2026-10-12")
    with at("2026-10-13", "23:30"):
        world.act(referral, "accept")
    expected = {"2026-10-26": 0, "2026-10-27": 1, "2026-11-11": 1, "2026-11-12": 2}
    for day, count in expected.items():
        with at(day):
            run_all()
        assert told("outcome_due") == ["Northern"] * count, day
    with at("2026-11-20"):
        world.act(referral, "start_service", date="2026-11-20")
    for day, count in {"2026-12-03": 2, "2026-12-04": 3, "2026-12-20": 4, "2027-01-18": 4}.items():
        with at(day):
            run_all()
        assert told("outcome_due") == ["Northern"] * count, day
    with at("2027-01-19"):
        run_all()
    assert told("outcome_due") == ["Northern"] * 4 + ["Lantern"]
    with at("2027-01-20"):
        world.act(referral, "close", outcome="got_help", date="2027-01-20")
        run_all()
    assert len(told("outcome_due")) == 5


def test_a_stale_notice_is_not_sent(world: World) -> None:
    """After a month without a clock nobody wants to hear of day 14; the work-list has it anyway."""
    referral = sent_on(world, "2026-10-12")
    with at("2026-10-13"):
        world.act(referral, "accept")
    with at("2026-11-04"):
        run_all()
    assert told("outcome_due") == []
    with at("2026-11-12"):
        run_all()
    assert told("outcome_due") == ["Northern"]


def test_a_handoff_without_a_result_is_asked_about_the_day_after(world: World) -> None:
    referral = sent_on(world, "2026-10-29")
    with at("2026-10-30"):
        world.act(referral, "accept")
        plans = [
            plan_handoff(
                referral_id=referral.pk,
                actor=world.actor(world.nadia),
                kind="self",
                when=moment("2026-10-31", "23:30"),
            )
            for _ in range(2)
        ]
    with at("2026-10-31", "23:45"):
        record_handoff(handoff_id=plans[1].id, actor=world.actor(world.tom), result="kept")
        run_all()
        assert told("handoff_due") == []
    for time in ("00:10", "01:30", "23:00"):
        with at("2026-11-01", time):
            run_all()
    assert told("handoff_due") == ["Lantern", "Northern"]


def test_a_consent_is_asked_for_again_14_and_3_days_before_its_end(world: World) -> None:
    with at("2026-10-05"):
        used = world.consent(expires_at=timezone.now() + 40 * DAY)
        referral = world.sent(consent_id=used.pk)
        world.consent(world.client(chosen_name="Unused"), expires_at=timezone.now() + 40 * DAY)
    with at("2026-10-06"):
        world.act(referral, "accept")
    expected = {"2026-10-30": 0, "2026-10-31": 1, "2026-11-10": 1, "2026-11-11": 2, "2026-11-13": 2}
    for day, count in expected.items():
        with at(day):
            run_all()
        assert told("consent_ending") == ["Lantern"] * count, day
    row = OutboxRow.objects.filter(kind="consent_ending").first()
    assert row is not None
    assert (row.object_id, row.code) == (referral.pk, referral.code)


def test_a_short_consent_is_not_announced_on_the_day_it_is_given(world: World) -> None:
    with at("2026-10-05"):
        world.sent(consent_id=world.consent(expires_at=timezone.now() + 10 * DAY).pk)
        run_all()
    assert told("consent_ending") == []
    with at("2026-10-12"):
        run_all()
    assert told("consent_ending") == ["Lantern"]


def test_a_consent_that_runs_out_ends_its_referrals_once(world: World) -> None:
    with at("2026-10-05"):
        consent = world.consent(expires_at=timezone.now() + 5 * DAY)
        referral = world.sent(consent_id=consent.pk)
    for day in ("2026-10-10", "2026-10-11", "2026-10-30"):
        with at(day, "12:00"):
            assert clock.tick().failed == []
    referral.refresh_from_db()
    assert (referral.status, referral.end_reason) == ("expired", "consent_expired")
    assert (told("expire"), told("sharing_ended")) == (["Lantern"], ["Northern"])
    assert not Consent.objects.live().exists()


def test_a_consent_that_ran_out_long_ago_is_found_once_a_day(world: World) -> None:
    """The clock stood still for three weeks: the first turn of a day looks at all that ran out."""
    with at("2026-10-05"):
        referral = world.sent(consent_id=world.consent(expires_at=timezone.now() + 5 * DAY).pk)
    with at("2026-10-31"):
        clock.tick()
    referral.refresh_from_db()
    assert referral.end_reason == "consent_expired"


def test_a_report_under_way_is_asked_about_after_an_hour(world: World) -> None:
    child = world.client(chosen_name="Child", age_band=AgeBand.UNDER_18)
    with at("2026-10-31", "23:30"):
        now = timezone.now()
        record = ChildProtectionRecord.objects.create(
            client=child,
            state="being_reported",
            at=now,
            reported_to="CFS",
            follow_up_at=now + datetime.timedelta(hours=1),
            recorded_by=world.nadia,
        )
    for time, count in [("2026-11-01 00:29", 0), ("2026-11-01 00:30", 1), ("2026-11-01 01:30", 1)]:
        with at(*time.split()):
            run_all()
        assert told("protection_due") == ["Lantern"] * count, time
    row = OutboxRow.objects.get(kind="protection_due")
    assert (row.object_id, row.code) == (record.client_id, "")


def test_an_introduction_is_asked_about_after_its_promise(world: World) -> None:
    with at("2026-11-02"):
        Introduction.objects.create(
            kind=IntroductionKind.SELF_REFERRAL,
            receiver=world.lantern,
            safe_contact={},
            consent_text_version="1",
            consented_at=timezone.now(),
            answer_due_on=Day(2026, 11, 5),
        )
    for day, count in [("2026-11-05", 0), ("2026-11-06", 1), ("2026-11-09", 1)]:
        with at(day):
            run_all()
        assert told("introduction_due") == ["Lantern"] * count, day


def test_two_years_of_housing_are_announced_90_30_and_7_days_before_their_end(world: World) -> None:
    """A first stay of 365 days, and from 1 July 2026 on what is left of the two years."""
    for on, until in [(Day(2024, 1, 1), Day(2024, 12, 30)), (Day(2026, 7, 1), None)]:
        SupportEntry.objects.create(
            client=world.person,
            kind=SupportKind.TRANSITIONAL_HOUSING,
            on=on,
            until=until,
            recorded_by=world.nadia,
        )
    last = Day(2026, 7, 1) + 364 * DAY  # the 730th day
    for before, count in [(91, 0), (90, 1), (31, 1), (30, 2), (8, 2), (7, 3), (0, 3)]:
        with at((last - before * DAY).isoformat()):
            run_all()
        assert told("housing_ending") == ["Lantern"] * count, before
