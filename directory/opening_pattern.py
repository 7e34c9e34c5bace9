"""Everything that decides about the opening of one service, as a value, and what follows from it.

A ``Pattern`` is pure: it can be kept as text beside a listing, and thousands of them are asked in one
search without a look at the database. Moments that are given must know their time zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import holidays
import orjson

from directory.gazetteer import HOME_PROVINCE
from directory.models import HolidayHours, Service, ServiceStatus
from directory.opening_rules import ONE_DAY, WEEKDAYS, Rule, rule_of

LOOK_AHEAD_DAYS = 35  # a monthly service opens at least once in it, unless its month has no such day
PROVINCES = frozenset(holidays.country_holidays("CA").subdivisions)
HOLIDAY_KINDS = ("public", "optional")  # Terry Fox Day is no statutory holiday, but doors are shut
MOMENT = timedelta.resolution
Row = TypeVar("Row", "Rule", "Exceptional")


class Window(NamedTuple):
    """Open from ``start`` to before ``end``, in UTC. Not ``certain``: a holiday, its hours not known."""

    start: datetime
    end: datetime
    certain: bool


@dataclass(frozen=True)
class Exceptional:
    """From ``first`` to ``last``, both included: these hours, or closed where there are none."""

    first: date
    last: date
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True)
class Pattern:
    """Patterns that mean the same are equal, as far as the rows say the same.

    ``holidays`` is one of ``HolidayHours``; where holidays change nothing it is ``usual`` and
    ``province`` is empty. The hours of exceptions are in the zone of the first rule.
    """

    rules: tuple[Rule, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    holidays: str = HolidayHours.USUAL.value
    province: str = ""
    active: bool = True

    def to_json(self) -> str:
        rules, exceptions = map(_as_row, self.rules), map(_as_row, self.exceptions)
        return orjson.dumps(
            [self.active, self.holidays, self.province, list(rules), list(exceptions)]
        ).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Pattern:
        active, holiday_hours, province, rules, exceptions = orjson.loads(text)
        return cls(
            rules=tuple(_rule(*row) for row in rules),
            exceptions=tuple(_exceptional(*row) for row in exceptions),
            holidays=holiday_hours,
            province=province,
            active=active,
        )

    @cached_property
    def zones(self) -> tuple[tuple[ZoneInfo, tuple[Rule, ...]], ...]:
        """The rules by their time zone; rules are sorted by it."""
        grouped = groupby(self.rules, key=lambda rule: rule.zone)
        return tuple((ZoneInfo(name), tuple(rules)) for name, rules in grouped)

    @cached_property
    def is_day_and_night(self) -> bool:
        return _is_day_and_night(self.rules)

    def exceptional(self, day: date) -> list[Exceptional] | None:
        """The exceptions that hold on this day: those of the fewest days. None: a usual day."""
        found = [row for row in self.exceptions if row.first <= day <= row.last]
        if not found:
            return None
        shortest = min(row.last - row.first for row in found)
        return [row for row in found if row.last - row.first == shortest]

    def is_holiday(self, day: date) -> bool:
        """A public holiday that changes the hours: by rule, or nobody knows how."""
        return self.holidays != HolidayHours.USUAL and day in _holidays(self.province, day.year)


def pattern_of(service: Service) -> Pattern | None:
    """None: no hours are known. No query on a service from ``for_listing``."""
    return pattern_from(
        status=service.status,
        rules=map(rule_of, service.schedules.all()),
        exceptions=(
            Exceptional(row.first_day, row.last_day, row.opens_at, row.closes_at)
            for row in service.schedule_exceptions.all()
        ),
        holiday_hours=service.holiday_hours,
        provinces=(at.location.province for at in service.at_locations.all()),
    )


def pattern_from(
    *,
    status: str,
    rules: Iterable[Rule | None],
    exceptions: Iterable[Exceptional],
    holiday_hours: str,
    provinces: Iterable[str],
) -> Pattern | None:
    """The same from rows. A rule that names no day is None and does not count."""
    active = status == ServiceStatus.ACTIVE
    kept = _sorted(rule for rule in rules if rule)
    if active and not kept:
        return None
    if holiday_hours == HolidayHours.UNKNOWN and _is_day_and_night(kept):
        holiday_hours = HolidayHours.USUAL.value
    province = "" if holiday_hours == HolidayHours.USUAL else _province(provinces)
    return Pattern(kept, _sorted(exceptions), str(holiday_hours), province, active)


def windows(pattern: Pattern, start: datetime, end: datetime) -> list[Window]:
    """All that touch the time from ``start`` to before ``end``, whole; they may meet or overlap."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    found = [
        window
        for zone, rules in pattern.zones
        for window in _windows_from(pattern, zone, rules, start, end)
        if window.start < end and window.end > start
    ]
    found.sort()
    return found


def is_open(pattern: Pattern, at: datetime) -> bool | None:
    """None: on a holiday, within the usual hours, when nobody has said whether they hold."""
    states = {window.certain for window in windows(pattern, at, at + MOMENT)}
    return True if True in states else None if states else False


def next_open(pattern: Pattern, at: datetime) -> datetime | None:
    """The next opening that is certain, in the place's zone. None: it is open, or none is in sight."""
    return None if is_open(pattern, at) else opening_after(pattern, at)


def opening_after(pattern: Pattern, at: datetime) -> datetime | None:
    """The next certain opening, in the place's zone, whether or not it is open before."""
    moment = at.astimezone(UTC)
    end = moment + timedelta(days=LOOK_AHEAD_DAYS)
    firsts = (
        next((w.start for w in _windows_from(pattern, zone, rules, moment, end) if _opens(w, moment)), None)
        for zone, rules in pattern.zones
    )
    first = min(filter(None, firsts), default=None)
    return first.astimezone(pattern.zones[0][0]) if first else None


def open_until(pattern: Pattern, at: datetime) -> datetime | None:
    """When it closes, hours that meet taken as one. None: it is not open, or no end is in sight."""
    moment = at.astimezone(UTC)
    for days in (2, LOOK_AHEAD_DAYS):
        horizon = moment + timedelta(days=days)
        until = _end_of_run(windows(pattern, moment, horizon), moment)
        if until is None or until < horizon:
            return until and until.astimezone(pattern.zones[0][0])
    return None


def is_unknown_holiday(pattern: Pattern, at: datetime) -> bool:
    """Today, where the service is, is a holiday of which nobody has said what holds on it."""
    if not pattern.active or pattern.holidays != HolidayHours.UNKNOWN:
        return False
    today = at.astimezone(pattern.zones[0][0]).date()
    return pattern.is_holiday(today) and pattern.exceptional(today) is None


def _windows_from(
    pattern: Pattern, zone: ZoneInfo, rules: tuple[Rule, ...], start: datetime, end: datetime
) -> Iterator[Window]:
    """Day by day, from the day before (a night that began then)."""
    if not pattern.active:
        return
    is_main = zone is pattern.zones[0][0]
    day, last = start.astimezone(zone).date() - ONE_DAY, end.astimezone(zone).date()
    while day <= last:
        hours, certain = _hours_on(pattern, rules, day, is_main)
        for opens, closes in hours:
            opened = datetime.combine(day, opens, zone).astimezone(UTC)
            closed = datetime.combine(day if closes > opens else day + ONE_DAY, closes, zone).astimezone(UTC)
            if opened < closed:  # both may lie in the hour that a change of the clock leaves out
                yield Window(opened, closed, certain)
        day += ONE_DAY


def _hours_on(
    pattern: Pattern, rules: tuple[Rule, ...], day: date, is_main: bool
) -> tuple[list[tuple[time, time]], bool]:
    """What begins on this day, and whether it is certain. An exception outweighs a holiday."""
    exceptional = pattern.exceptional(day) if pattern.exceptions else None
    if exceptional is not None:
        hours = [(row.opens, row.closes) for row in exceptional if row.opens and row.closes]
        return sorted(hours) if is_main else [], True
    is_holiday = pattern.is_holiday(day)
    if is_holiday and pattern.holidays == HolidayHours.CLOSED:
        return [], True
    return sorted((rule.opens, rule.closes) for rule in rules if rule.falls_on(day)), not is_holiday


def _opens(window: Window, moment: datetime) -> bool:
    return window.certain and window.start > moment


def _end_of_run(found: list[Window], at: datetime) -> datetime | None:
    until = None
    for window in found:
        if window.certain and window.start <= (until or at) < window.end:
            until = window.end
    return until


def _is_day_and_night(rules: Iterable[Rule]) -> bool:
    whole = [rule.weekdays for rule in rules if rule.is_plain and rule.is_whole_day]
    return len(frozenset[int]().union(*whole)) == len(WEEKDAYS)


def _province(provinces: Iterable[str]) -> str:
    """The first that is known and in Canada."""
    return next((one.upper() for one in provinces if one.upper() in PROVINCES), HOME_PROVINCE)


@lru_cache(maxsize=256)
def _holidays(province: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("CA", subdiv=province, years=year, categories=HOLIDAY_KINDS))


def _sorted(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Each once, in an order that only the values decide, by the zone first."""
    return tuple(sorted(set(rows), key=lambda row: orjson.dumps(_as_row(row))))


def _as_row(value: Rule | Exceptional) -> list[Any]:
    """The values in order, without the defaults that end them."""
    kept = list(fields(value))
    while kept[-1].default == getattr(value, kept[-1].name):
        kept.pop()
    return [getattr(value, field.name) for field in kept]


def _pairs(found: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, found))


FROM_JSON: dict[str, Callable[[Any], Any]] = {
    "days": _pairs,
    "monthdays": tuple,
    "first": date.fromisoformat,
    "last": date.fromisoformat,
    "anchor": date.fromisoformat,
}


def _rule(zone: str, opens: str, closes: str, *rest: Any) -> Rule:
    names = (field.name for field in fields(Rule)[3:])
    given = ((name, value) for name, value in zip(names, rest, strict=False) if value is not None)
    named = {name: FROM_JSON[name](value) if name in FROM_JSON else value for name, value in given}
    return Rule(zone, time.fromisoformat(opens), time.fromisoformat(closes), **named)


def _exceptional(first: str, last: str, *hours: str) -> Exceptional:
    opens, closes = map(time.fromisoformat, hours) if hours else (None, None)
    return Exceptional(date.fromisoformat(first), date.fromisoformat(last), opens, closes)
