"""Any hours at any moment: against dateutil's reading of RFC 5545, and against themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from directory.models import Schedule
from directory.opening_pattern import Exceptional, Pattern, is_open, next_open, open_until, windows
from directory.opening_rules import WEEKDAYS
from tests.factories.opening import ST_JOHNS, TORONTO, WINNIPEG, pattern

DAYS = st.dates(date(2025, 6, 1), date(2026, 12, 31))
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes))
MIDNIGHT = time(0)


@st.composite
def rows(draw: st.DrawFn) -> Schedule:
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]))
    numbers = st.sampled_from(["1", "2", "3", "4", "5", "-1", "-2"] if freq == "MONTHLY" else [""])
    named = st.lists(st.tuples(numbers, st.sampled_from(WEEKDAYS)), max_size=3, unique=True)
    monthdays = st.lists(st.sampled_from(["1", "15", "31", "-1", "-30"]), max_size=2, unique=True)
    ends = st.sampled_from(["until", "count", ""])
    end, start = draw(ends), draw(DAYS)
    return Schedule(
        freq=freq,
        byday=",".join(map("".join, draw(named))),
        bymonthday="" if freq == "WEEKLY" else ",".join(draw(monthdays)),
        interval=draw(st.integers(1, 4)),
        dtstart=start,
        until=draw(DAYS) if end == "until" else None,
        count=draw(st.integers(1, 40)) if end == "count" else None,
        valid_from=draw(st.none() | DAYS),
        valid_to=draw(st.none() | DAYS),
        opens_at=draw(TIMES),
        closes_at=draw(TIMES),
        timezone=draw(st.sampled_from([WINNIPEG, TORONTO, ST_JOHNS])),
    )


@st.composite
def exceptions(draw: st.DrawFn) -> Exceptional:
    first = draw(DAYS)
    hours = draw(st.just((None, None)) | st.tuples(TIMES, TIMES))
    return Exceptional(first, first + timedelta(days=draw(st.integers(0, 9))), *hours)


def _recurs(listed: Schedule, day: date) -> bool:
    named = [part for part in listed.byday.split(",") if part]
    weekdays = [getattr(rrule, part[-2:])(int(part[:-2] or 0) or None) for part in named]
    midnight = datetime.combine(day, time(0))
    ends = datetime.combine(listed.until, time(0)) if listed.until else None
    rule = rrule.rrule(
        getattr(rrule, listed.freq),
        dtstart=datetime.combine(listed.dtstart, time(0)),
        interval=listed.interval,
        byweekday=weekdays or None,
        bymonthday=[int(part) for part in listed.bymonthday.split(",") if part] or None,
        until=ends,
        count=listed.count,
    )
    valid = (listed.valid_from or day) <= day <= (listed.valid_to or day)
    return valid and midnight in rule.between(midnight, midnight, inc=True)


def _covers(day: date, opens: time, closes: time, zone: ZoneInfo, moment: datetime) -> bool:
    ends = MIDNIGHT if closes == time(23, 59) else closes
    last = day if ends > opens else day + timedelta(days=1)
    start, end = (datetime.combine(d, t, zone).timestamp() for d, t in ((day, opens), (last, ends)))
    return start <= moment.timestamp() < end


def _oracle(listed: Schedule, exception: Exceptional | None, rule: str, moment: datetime) -> bool | None:
    """One row and at most one exception, read naively, in Manitoba."""
    zone = ZoneInfo(listed.timezone)
    here = moment.astimezone(zone).date()
    calendar = holidays.country_holidays("CA", subdiv="MB", categories=("public", "optional"))
    states: set[bool | None] = set()
    for day in (here - timedelta(days=1), here):
        if exception and exception.first <= day <= exception.last:
            if exception.opens and exception.closes:
                states.add(_covers(day, exception.opens, exception.closes, zone, moment))
        elif _recurs(listed, day) and _covers(day, listed.opens_at, listed.closes_at, zone, moment):
            states.add({"usual": True, "closed": False, "unknown": None}[rule] if day in calendar else True)
    return True if True in states else None if None in states else False


def _edges(made: Pattern, listed: Schedule, moment: datetime) -> list[datetime]:
    """Moments worth a look: the given one, the day's own hours, and the edges of the windows after it."""
    zone, second = ZoneInfo(listed.timezone), timedelta(seconds=1)
    hours = (listed.opens_at, listed.closes_at)
    own = [datetime.combine(moment.date(), hour, zone).astimezone(UTC) for hour in hours]
    found = windows(made, moment, moment + timedelta(days=60))[:5]
    edges = [edge for window in found for edge in window[:2]]
    return [moment, *own, *edges, *(edge - second for edge in edges)]


@given(rows(), st.none() | exceptions(), st.sampled_from(["usual", "closed", "unknown"]), st.data())
def test_open_is_what_the_calendar_says(
    listed: Schedule, exception: Exceptional | None, rule: str, data: st.DataObject
) -> None:
    made = pattern(listed, exceptions=(exception,) if exception else (), holidays=rule, province="MB")
    moment = data.draw(st.sampled_from(_edges(made, listed, data.draw(MOMENTS))))
    known = windows(made, moment - timedelta(days=2), moment + timedelta(days=2))
    inside = {window.certain for window in known if window.start <= moment < window.end}
    assert is_open(made, moment) is (True if True in inside else None if inside else False)
    assert is_open(made, moment) is _oracle(listed, exception, rule, moment)
    assert all(window.start < window.end for window in known)


@given(st.lists(rows(), max_size=3), st.lists(exceptions(), max_size=2), MOMENTS)
def test_opening_and_closing_agree_with_being_open(
    listed: list[Schedule], special: list[Exceptional], moment: datetime
) -> None:
    made = pattern(*listed, exceptions=tuple(special), holidays="unknown", province="MB")
    following, until = next_open(made, moment), open_until(made, moment)
    if following:
        assert is_open(made, following) is True
        assert not any(w.certain and w.start < following for w in windows(made, moment, following))
    if until:
        assert is_open(made, moment) is True
        assert is_open(made, until) is not True
        assert is_open(made, until - timedelta(seconds=1)) is True


@given(st.lists(rows(), max_size=3), st.lists(exceptions(), max_size=2), MOMENTS)
def test_a_pattern_comes_back_from_its_text(
    listed: list[Schedule], special: list[Exceptional], moment: datetime
) -> None:
    made = pattern(*listed, exceptions=tuple(special), holidays="closed", province="ON")
    again = Pattern.from_json(made.to_json())
    assert again == made
    assert again.to_json() == made.to_json()
    assert is_open(again, moment) == is_open(made, moment)
