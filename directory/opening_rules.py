"""One row of recurring hours as a value: on which days of the calendar it holds.

The recurrence is RFC 5545's, read day by day: whether a day belongs to it costs the same in its first
year and in its twentieth, which walking along the recurrences would not.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

from directory.models import Frequency
from directory.models.schedules import BYDAY

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EVERY_DAY = tuple((0, weekday) for weekday in range(len(WEEKDAYS)))
LAST_MINUTE = time(23, 59)
MIDNIGHT = time(0, 0)
ONE_DAY = timedelta(days=1)
COUNTED_DAYS = 366 * 40  # a count that has not run out after so long never does


@dataclass(frozen=True)
class Rule:
    """Rules that mean the same are equal.

    ``days`` are pairs: which one of the month (-1 the last, 0 every one) and the weekday (Monday 0).
    ``closes`` at or before ``opens`` is on the day after. ``anchor`` is where the steps of ``every``
    are counted from; without steps there is none.
    """

    zone: str
    opens: time
    closes: time
    days: tuple[tuple[int, int], ...] = EVERY_DAY
    monthdays: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None
    freq: str = Frequency.WEEKLY.value
    every: int = 1
    anchor: date | None = None

    def falls_on(self, day: date) -> bool:
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        if self.every > 1 and self._steps_to(day) % self.every:
            return False
        return self._is_weekday(day) and (not self.monthdays or self._is_monthday(day))

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """Those on which it holds in each week that it touches at all."""
        return frozenset(weekday for nth, weekday in self.days if not nth)

    @property
    def is_whole_day(self) -> bool:
        return self.opens == self.closes == MIDNIGHT

    @property
    def is_plain(self) -> bool:
        """The same every week, without beginning or end."""
        return self.every == 1 and not self.monthdays and not self.first and not self.last

    def _is_weekday(self, day: date) -> bool:
        weekday = day.weekday()
        return weekday in self.weekdays or any(
            found == weekday and _is_nth(day, nth) for nth, found in self.days if nth
        )

    def _is_monthday(self, day: date) -> bool:
        return day.day in self.monthdays or day.day - _month_length(day) - 1 in self.monthdays

    def _steps_to(self, day: date) -> int:
        anchor = self.anchor or date.min
        if self.freq == Frequency.MONTHLY:
            return (day.year - anchor.year) * 12 + day.month - anchor.month
        days, start = day.toordinal() - 1, anchor.toordinal() - 1  # date.min is a Monday
        return days - start if self.freq == Frequency.DAILY else days // 7 - start // 7


def rule_of(row: Any) -> Rule | None:
    """``row``: a Schedule, or anything with its fields. None: it names no day, not even by its start."""
    start = row.dtstart or row.valid_from
    days, monthdays = _days_of(row, start)
    if not days:
        return None
    stepped = row.interval > 1 and start is not None
    rule = Rule(
        zone=row.timezone,
        opens=row.opens_at,
        closes=MIDNIGHT if row.closes_at == LAST_MINUTE else row.closes_at,
        days=days,
        monthdays=monthdays,
        first=max(filter(None, (row.dtstart, row.valid_from)), default=None),
        freq=_freq_of(row) if stepped else Frequency.WEEKLY.value,
        every=row.interval if stepped else 1,
        anchor=start if stepped else None,
    )
    ends = (row.until, row.valid_to, _end_of_count(rule, start, row.count))
    last = min(filter(None, ends), default=None)
    return replace(rule, last=last)


def _days_of(row: Any, start: date | None) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    """Where the row names none, RFC 5545 takes them from its start."""
    found = {(int(f["nth"] or 0), WEEKDAYS.index(f["day"])) for f in BYDAY.finditer(row.byday)}
    monthdays = tuple(sorted({int(day) for day in row.bymonthday.split(",") if day}))
    if found:
        return tuple(sorted(found)), monthdays
    if monthdays or row.freq == Frequency.DAILY:
        return EVERY_DAY, monthdays
    if start is None:
        return (), ()
    if row.freq == Frequency.MONTHLY:
        return EVERY_DAY, (start.day,)
    return ((0, start.weekday()),), ()


def _freq_of(row: Any) -> str:
    """An nth weekday is one of its month, whatever the row calls itself."""
    nth = any(found["nth"] for found in BYDAY.finditer(row.byday))
    return Frequency.MONTHLY.value if nth else row.freq


def _end_of_count(rule: Rule, start: date | None, count: int | None) -> date | None:
    """Counted from ``start``, before the row was valid too. Without a start nothing can be counted."""
    if start is None or count is None:
        return None
    counted = replace(rule, first=None)
    held = (day for day in _days_from(start) if counted.falls_on(day))
    return next(islice(held, count - 1, None), None)


def _days_from(start: date) -> Iterator[date]:
    return (start + timedelta(days=offset) for offset in range(COUNTED_DAYS))


def _is_nth(day: date, nth: int) -> bool:
    """``2`` is the second such weekday of the month, ``-1`` the last one."""
    if nth > 0:
        return (day.day - 1) // 7 + 1 == nth
    return (_month_length(day) - day.day) // 7 + 1 == -nth


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]
