"""Working days in Manitoba: the clock of promised answers."""

from __future__ import annotations

import datetime
from functools import cache

import holidays

SATURDAY = 5


@cache
def _holidays(year: int) -> frozenset[datetime.date]:
    return frozenset(holidays.country_holidays("CA", subdiv="MB", years=year))


def is_working_day(day: datetime.date) -> bool:
    """Monday to Friday, not a statutory holiday in Manitoba."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    """The ``count``-th working day after ``day``."""
    while count > 0:
        day += datetime.timedelta(days=1)
        count -= is_working_day(day)
    return day


def count_working_days(start: datetime.date, end: datetime.date) -> int:
    """How many working days lie after ``start``, up to and with ``end``."""
    days = (start + datetime.timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(map(is_working_day, days))
