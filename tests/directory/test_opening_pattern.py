"""When a pattern is open, against the wall clock and the calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from directory.opening_pattern import (
    Exceptional,
    Pattern,
    Window,
    is_open,
    is_unknown_holiday,
    next_open,
    open_until,
    windows,
)
from directory.opening_rules import rule_of
from tests.factories.opening import ST_JOHNS, TORONTO, WINNIPEG, pattern, row

WEEK = "MO,TU,WE,TH,FR"
ALL = "MO,TU,WE,TH,FR,SA,SU"
Z = ZoneInfo(WINNIPEG)


def at(text: str, zone: str = WINNIPEG) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def opens_on(listed: Pattern, first: date, days: int) -> list[date]:
    """The days of those on which it is open at noon."""
    noons = [datetime.combine(first, time(12), Z) + timedelta(days=n) for n in range(days)]
    return [noon.date() for noon in noons if is_open(listed, noon)]


# Days


def test_every_second_week_is_counted_from_its_start() -> None:
    fortnight = pattern(row("TU,TH", interval=2, dtstart=date(2026, 11, 5)))
    assert [d.day for d in opens_on(fortnight, date(2026, 11, 1), 30)] == [5, 17, 19]


def test_an_interval_is_counted_from_the_first_valid_day_where_no_start_is_given() -> None:
    monthly = pattern(row(freq="MONTHLY", bymonthday="1", interval=3, valid_from=date(2026, 1, 1)))
    assert [d.month for d in opens_on(monthly, date(2026, 1, 1), 365)] == [1, 4, 7, 10]


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"byday": "2MO"}, [9]),
        ({"byday": "-1FR,1MO"}, [2, 27]),
        ({"byday": "5MO"}, [30]),
        ({"bymonthday": "1,15,-1"}, [1, 15, 30]),
        ({"bymonthday": "31"}, []),
        ({"bymonthday": "13", "byday": "FR"}, [13]),
        ({"dtstart": date(2026, 8, 7)}, [7]),
    ],
)
def test_days_of_a_month(fields: dict[str, Any], days: list[int]) -> None:
    monthly = pattern(row(freq="MONTHLY", **fields))
    assert [d.day for d in opens_on(monthly, date(2026, 11, 1), 30)] == days


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"until": date(2026, 11, 4)}, [2, 3, 4]),
        ({"count": 2}, [2, 3]),
        ({"count": 2, "valid_from": date(2026, 11, 3)}, [3]),
        ({"interval": 3, "until": date(2026, 11, 9)}, [2, 5, 8]),
        ({"valid_to": date(2026, 11, 2)}, [2]),
    ],
)
def test_hours_end_with_a_date_or_a_count(fields: dict[str, Any], days: list[int]) -> None:
    daily = pattern(row(freq="DAILY", dtstart=date(2026, 11, 2), **fields))
    assert [d.day for d in opens_on(daily, date(2026, 11, 1), 14)] == days


def test_a_row_that_names_no_day_holds_never() -> None:
    assert rule_of(row()) is None


# Night and clock changes


@pytest.mark.parametrize(
    ("zone", "byday", "hours", "window"),
    [
        # Clocks go forward at 2:00 on March 8, 2026, back at 2:00 on November 1.
        (WINNIPEG, "SA", ("22:00", "02:30"), ("2026-03-08T04:00", "2026-03-08T08:30")),
        (TORONTO, "SU", ("01:00", "04:00"), ("2026-03-08T06:00", "2026-03-08T08:00")),
        (ST_JOHNS, "SU", ("00:00", "23:59"), ("2026-03-08T03:30", "2026-03-09T02:30")),
        (WINNIPEG, "SU", ("02:30", "03:10"), None),
        (WINNIPEG, "SU", ("02:15", "02:45"), ("2026-03-08T08:15", "2026-03-08T08:45")),
    ],
)
def test_the_night_an_hour_is_left_out(
    zone: str, byday: str, hours: tuple[str, str], window: tuple[str, str] | None
) -> None:
    night = pattern(row(byday, *hours, timezone=zone))
    found = windows(night, at("2026-03-07T18:00", zone), at("2026-03-09T00:00", zone))
    assert found == ([Window(*(at(moment, "UTC") for moment in window), True)] if window else [])


@pytest.mark.parametrize(
    ("zone", "byday", "hours", "window"),
    [
        (WINNIPEG, "SA", ("22:00", "02:30"), ("2026-11-01T03:00", "2026-11-01T08:30")),
        (TORONTO, "SU", ("01:30", "09:00"), ("2026-11-01T05:30", "2026-11-01T14:00")),
        (TORONTO, "SU", ("01:15", "01:45"), ("2026-11-01T05:15", "2026-11-01T05:45")),
        (ST_JOHNS, "SU", ("00:00", "23:59"), ("2026-11-01T02:30", "2026-11-02T03:30")),
    ],
)
def test_the_night_an_hour_comes_twice(
    zone: str, byday: str, hours: tuple[str, str], window: tuple[str, str]
) -> None:
    night = pattern(row(byday, *hours, timezone=zone))
    found = windows(night, at("2026-10-31T18:00", zone), at("2026-11-02T00:00", zone))
    assert found == [Window(*(at(moment, "UTC") for moment in window), True)]


def test_day_and_night_has_no_gap_at_any_change_of_the_clock() -> None:
    always = pattern(row(ALL, "00:00", "23:59", timezone=ST_JOHNS))
    start = at("2026-01-01T00:00", ST_JOHNS)
    found = windows(always, start, start + timedelta(days=400))
    assert all(before.end == after.start for before, after in pairwise(found))
    assert open_until(always, start) is None


def test_hours_that_meet_are_one() -> None:
    split = pattern(row("MO", "09:00", "12:00"), row("MO", "12:00", "23:59"), row("TU", "00:00", "02:00"))
    assert open_until(split, at("2026-11-23T10:00")) == at("2026-11-24T02:00")
    assert next_open(split, at("2026-11-24T02:00")) == at("2026-11-30T09:00")


def test_each_row_keeps_its_own_zone() -> None:
    both = pattern(row("MO", "09:00", "10:00", timezone=TORONTO), row("MO", "09:00", "10:00"))
    starts = [window.start for window in windows(both, at("2026-11-23T00:00"), at("2026-11-24T00:00"))]
    assert starts == [at("2026-11-23T08:00"), at("2026-11-23T09:00")]
    assert open_until(both, at("2026-11-23T08:30")) == at("2026-11-23T10:00")


# Exceptions and holidays


def test_an_exception_replaces_what_begins_on_its_days() -> None:
    closed = Exceptional(date(2026, 11, 24), date(2026, 11, 25))
    short = Exceptional(date(2026, 11, 26), date(2026, 11, 26), time(13), time(15))
    office = pattern(row(WEEK), row("MO", "22:00", "03:00"), exceptions=(closed, short))
    assert is_open(office, at("2026-11-24T02:00")) is True  # Monday's night
    assert is_open(office, at("2026-11-24T12:00")) is False
    assert next_open(office, at("2026-11-24T12:00")) == at("2026-11-26T13:00")
    assert open_until(office, at("2026-11-26T14:00")) == at("2026-11-26T15:00")
    assert is_open(office, at("2026-11-26T16:00")) is False


def test_the_exception_of_the_fewest_days_decides() -> None:
    month = Exceptional(date(2026, 12, 1), date(2026, 12, 31))
    day = Exceptional(date(2026, 12, 9), date(2026, 12, 9), time(10), time(13))
    office = pattern(row(WEEK), exceptions=(day, month))
    assert opens_on(office, date(2026, 12, 1), 31) == [date(2026, 12, 9)]
    longer = Exceptional(date(2026, 12, 1), date(2026, 12, 4), time(9), time(20))
    shut = Exceptional(date(2026, 12, 2), date(2026, 12, 2))
    office = pattern(row(WEEK), exceptions=(longer, shut))
    assert [d.day for d in opens_on(office, date(2026, 12, 1), 4)] == [1, 3, 4]


@pytest.mark.parametrize(
    ("day", "province", "is_holiday"),
    [
        ("2026-02-16", "MB", True),  # Louis Riel Day
        ("2026-08-03", "MB", True),  # Terry Fox Day
        ("2026-09-30", "MB", True),  # Orange Shirt Day
        ("2026-09-30", "ON", False),
        ("2026-06-24", "QC", True),
        ("2026-06-24", "MB", False),
        ("2026-12-25", "MB", True),
        ("2026-11-24", "MB", False),
    ],
)
def test_holidays_of_the_province(day: str, province: str, is_holiday: bool) -> None:
    noon = at(f"{day}T12:00")
    for rule, state in (("unknown", None), ("closed", False), ("usual", True)):
        listed = pattern(row(WEEK), holidays=rule, province=province)
        assert is_open(listed, noon) is (state if is_holiday else True)
    unknown = pattern(row(WEEK), holidays="unknown", province=province)
    assert is_unknown_holiday(unknown, noon) is is_holiday


def test_an_unknown_holiday_is_no_opening_and_closed_outside_the_usual_hours() -> None:
    office = pattern(row(WEEK), holidays="unknown", province="MB")
    assert is_open(office, at("2026-12-25T20:00")) is False
    after_boxing_day = at("2026-12-29T09:00")  # it falls on a Saturday and is kept on the Monday
    assert next_open(office, at("2026-12-24T18:00")) == after_boxing_day
    [window] = windows(office, at("2026-12-25T00:00"), at("2026-12-26T00:00"))
    assert not window.certain


def test_an_exception_says_what_holds_on_a_holiday() -> None:
    meal = Exceptional(date(2026, 12, 25), date(2026, 12, 25), time(11), time(14))
    kitchen = pattern(row(WEEK), exceptions=(meal,), holidays="unknown", province="MB")
    assert is_open(kitchen, at("2026-12-25T12:00")) is True
    assert is_unknown_holiday(kitchen, at("2026-12-25T15:00")) is False


def test_what_is_not_active_has_no_windows() -> None:
    paused = pattern(row(ALL), active=False)
    noon = at("2026-11-23T12:00")
    assert (is_open(paused, noon), next_open(paused, noon)) == (False, None)
    assert windows(paused, at("2026-11-23T00:00"), at("2026-11-30T00:00")) == []


# Text


def test_rows_that_mean_the_same_have_the_same_text() -> None:
    one = pattern(row("TU,MO", "22:00", "23:59", freq="WEEKLY", dtstart=None))
    other = pattern(row("MO,TU", "22:00", "00:00", freq="MONTHLY"))
    assert one.to_json() == other.to_json()
    assert one == other
    assert hash(one) == hash(other)


def test_the_text_of_a_plain_week_is_short() -> None:
    assert len(pattern(row(WEEK), holidays="unknown", province="MB").to_json()) < 120
