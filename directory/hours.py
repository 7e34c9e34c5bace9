"""Opening hours in the place's own time zone, from the schedules alone, never from a name.

Public holidays are not known here: "open now" is what the weekly hours say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from directory.models import Schedule, Service, ServiceStatus
from partners.bilingual import reader_language

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BYDAY = re.compile(r"(?P<nth>[+-]?[1-5])?(?P<day>MO|TU|WE|TH|FR|SA|SU)")
LAST_MINUTE = time(23, 59)
MIDNIGHT = time(0, 0)
LOOK_AHEAD_DAYS = 35  # a monthly service opens at least once in it, unless its month has no such day
NBSP = "\xa0"


def open_now(service: Service, at: datetime | None = None) -> bool | None:
    """None: no hours are known. A service that is not active is not open."""
    if service.status != ServiceStatus.ACTIVE:
        return False
    schedules = list(service.schedules.all())
    if not schedules:
        return None
    moment = (at or timezone.now()).astimezone(UTC)  # equal zones would compare by the wall clock
    return any(
        start <= moment < end
        for schedule in schedules
        for start, end in _windows(schedule, moment, days_after=0)
    )


def open_until(service: Service, at: datetime | None = None) -> datetime | None:
    """When it closes, in its own time zone. None: it is not open, or no end is in sight."""
    moment = (at or timezone.now()).astimezone(UTC)
    if not open_now(service, moment) or is_always_open(service):
        return None
    windows = (w for s in service.schedules.all() for w in _windows(s, moment, days_after=0))
    return max((end for start, end in windows if start <= moment < end), default=None)


def next_open(service: Service, at: datetime | None = None) -> datetime | None:
    """When it opens next, in its own time zone. None: no hours are known, or it is open."""
    moment = (at or timezone.now()).astimezone(UTC)
    if open_now(service, moment) is not False or service.status != ServiceStatus.ACTIVE:
        return None
    starts = (
        start
        for schedule in service.schedules.all()
        for start, _end in _windows(schedule, moment, days_after=LOOK_AHEAD_DAYS)
        if start > moment
    )
    return min(starts, default=None)


def is_always_open(service: Service) -> bool:
    """Day and night, every day of the week."""
    return any(_is_whole_day(s) and _days(s) == list(WEEKDAYS) for s in service.schedules.all())


def in_words(service: Service) -> list[str]:
    """One line for each row of hours, in the reader's language; empty when none is known."""
    if is_always_open(service):
        return [_("Open day and night")]
    return [
        _("{days}: {hours}").format(days=_days_in_words(s), hours=_hours_in_words(s))
        for s in _sorted(service)
    ]


def clock(moment: time) -> str:
    """``9:00``; in French ``9 h`` and ``14 h 30``."""
    if reader_language() == "fr":
        return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02}" if moment.minute else "")
    return f"{moment.hour}:{moment.minute:02}"


def _windows(schedule: Schedule, at: datetime, days_after: int) -> Iterator[tuple[datetime, datetime]]:
    """From the day before (a night that began then) to so many days after, as moments in UTC terms."""
    zone = ZoneInfo(schedule.timezone)
    today = at.astimezone(zone).date()
    for offset in range(-1, days_after + 1):
        day = today + timedelta(days=offset)
        if _falls_on(schedule, day):
            yield _window(schedule, day, zone)


def _window(schedule: Schedule, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    closes, last_day = schedule.closes_at, day
    if closes == LAST_MINUTE:
        closes, last_day = MIDNIGHT, day + timedelta(days=1)
    elif closes <= schedule.opens_at:
        last_day = day + timedelta(days=1)
    return datetime.combine(day, schedule.opens_at, zone), datetime.combine(last_day, closes, zone)


def _falls_on(schedule: Schedule, day: date) -> bool:
    if (schedule.valid_from and day < schedule.valid_from) or (schedule.valid_to and day > schedule.valid_to):
        return False
    return any(
        WEEKDAYS[day.weekday()] == found["day"] and _is_nth(day, found["nth"])
        for found in BYDAY.finditer(schedule.byday)
    )


def _is_nth(day: date, nth: str | None) -> bool:
    """``2`` is the second such weekday of the month, ``-1`` the last one."""
    if nth is None:
        return True
    if int(nth) > 0:
        return (day.day - 1) // 7 + 1 == int(nth)
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return ((after - day).days - 1) // 7 + 1 == -int(nth)


def _days(schedule: Schedule) -> list[str]:
    named = {found["day"] for found in BYDAY.finditer(schedule.byday)}
    return [day for day in WEEKDAYS if day in named]


def _is_whole_day(schedule: Schedule) -> bool:
    return schedule.freq == "WEEKLY" and (schedule.opens_at, schedule.closes_at) == (MIDNIGHT, LAST_MINUTE)


def _sorted(service: Service) -> list[Schedule]:
    return sorted(
        service.schedules.all(),
        key=lambda s: ([WEEKDAYS.index(day) for day in _days(s)], s.opens_at, str(s.pk)),
    )


def _hours_in_words(schedule: Schedule) -> str:
    if _is_whole_day(schedule):
        return _("day and night")
    return _("{opens} to {closes}").format(opens=clock(schedule.opens_at), closes=clock(schedule.closes_at))


def _days_in_words(schedule: Schedule) -> str:
    names = _day_names()
    nths = [found for found in BYDAY.finditer(schedule.byday) if found["nth"]]
    if nths:
        days_of_month = ", ".join(f"{_ordinal(found['nth'])} {names[found['day']]}" for found in nths)
        return _("Every {days_of_month} of the month").format(days_of_month=days_of_month)
    days = _days(schedule)
    if len(days) == len(WEEKDAYS):
        return _("Every day")
    indexes = [WEEKDAYS.index(day) for day in days]
    if len(days) > 2 and indexes == list(range(indexes[0], indexes[-1] + 1)):
        text = _("{first} to {last}").format(first=names[days[0]], last=names[days[-1]])
    else:
        text = ", ".join(names[day] for day in days)
    return text[:1].upper() + text[1:]


def _day_names() -> dict[str, str]:
    return {code: str(DAY_NAMES[number]) for number, code in enumerate(WEEKDAYS)}


def _ordinal(nth: str) -> str:
    names = {
        "1": pgettext("weekday of the month", "first"),
        "2": pgettext("weekday of the month", "second"),
        "3": pgettext("weekday of the month", "third"),
        "4": pgettext("weekday of the month", "fourth"),
        "5": pgettext("weekday of the month", "fifth"),
        "-1": pgettext("weekday of the month", "last"),
    }
    return names.get(nth.lstrip("+"), nth)
