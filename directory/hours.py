"""Opening hours in the place's own time zone, from the rows of hours alone, never from a name."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from directory import opening_pattern
from directory.models import Frequency, HolidayHours, Schedule, ScheduleException, Service
from directory.models.attachments import PhoneKind
from directory.opening_pattern import Pattern, is_unknown_holiday, pattern_of
from directory.opening_rules import EVERY_DAY, Rule, rule_of
from partners.bilingual import localized, reader_language

EXCEPTIONS_AHEAD = timedelta(days=60)
NBSP = "\xa0"


def open_now(service: Service, at: datetime | None = None) -> bool | None:
    """None: not known, for there are no hours, or it is a holiday. What is not active is not open."""
    pattern = pattern_of(service)
    return None if pattern is None else opening_pattern.is_open(pattern, at or timezone.now())


def open_until(service: Service, at: datetime | None = None) -> datetime | None:
    """When it closes, in its own time zone. None: it is not open, or no end is in sight."""
    pattern = pattern_of(service)
    return None if pattern is None else opening_pattern.open_until(pattern, at or timezone.now())


def next_open(service: Service, at: datetime | None = None) -> datetime | None:
    """When it opens next for certain, in its own time zone. None: no hours are known, or it is open."""
    pattern = pattern_of(service)
    return None if pattern is None else opening_pattern.next_open(pattern, at or timezone.now())


def is_always_open(service: Service) -> bool:
    """Day and night, every day of the week, as long as no exception says otherwise."""
    pattern = pattern_of(service)
    return pattern is not None and pattern.is_day_and_night


def in_words(service: Service, at: datetime | None = None) -> list[str]:
    """One line for each row of hours, then holidays and the exceptions ahead, in the reader's language.

    Empty when none is known. Hours that have ended are left out.
    """
    moment, pattern = at or timezone.now(), pattern_of(service)
    zone = pattern.zones[0][0] if pattern and pattern.zones else timezone.get_default_timezone()
    today = moment.astimezone(zone).date()
    usual = _usual_hours(pattern, today) + _holidays(service, pattern, moment) if pattern else []
    return usual + [
        exception_words(row)
        for row in service.schedule_exceptions.all()
        if row.last_day >= today and row.first_day <= today + EXCEPTIONS_AHEAD
    ]


def holiday_words(service: Service) -> str:
    """What is said on a holiday of which nobody knows whether the usual hours hold."""
    if any(phone.kind != PhoneKind.FAX for phone in service.phones.all()):
        return _("Public holiday. Call first.")
    return _("Public holiday. Hours not known.")


def clock(moment: time) -> str:
    """``9:00``; in French ``9 h`` and ``14 h 30``."""
    if reader_language() == "fr":
        return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02}" if moment.minute else "")
    return f"{moment.hour}:{moment.minute:02}"


def calendar_day(day: date) -> str:
    """``December 1, 2026``; in French ``1er décembre 2026``, which no date format can say."""
    words = date_format(day, "DATE_FORMAT")
    return f"1er{words[1:]}" if reader_language() == "fr" and day.day == 1 else words


def _usual_hours(pattern: Pattern, today: date) -> list[str]:
    if pattern.is_day_and_night:
        return [_("Open day and night")]
    rules = [rule for rule in pattern.rules if rule.last is None or rule.last >= today]
    rules.sort(key=lambda rule: (_weekdays(rule), rule.opens, rule.closes))
    return [_rule_words(rule, today) for rule in rules]


def schedule_words(row: Schedule) -> str:
    """One row of hours by itself, with all its dates."""
    rule = rule_of(row)
    return _rule_words(rule, date.min) if rule else ""


def _rule_words(rule: Rule, today: date) -> str:
    return _dated(_line(_days(rule), _hours(rule)), rule, today)


def _holidays(service: Service, pattern: Pattern, moment: datetime) -> list[str]:
    if is_unknown_holiday(pattern, moment):
        return [holiday_words(service)]
    follows = pattern.is_day_and_night and service.holiday_hours == HolidayHours.USUAL
    if follows or service.holiday_hours == HolidayHours.UNKNOWN:
        return []
    return [str(HolidayHours(service.holiday_hours).label)]


def exception_words(row: ScheduleException) -> str:
    days = calendar_day(row.first_day)
    if row.last_day != row.first_day:
        days = _("{first} to {last}").format(first=days, last=calendar_day(row.last_day))
    hours = _from_to(row.opens_at, row.closes_at) if row.opens_at and row.closes_at else _("closed")
    note = localized(row, "note").text
    return _line(days, hours) + (f" ({note})" if note else "")


def _line(days: str, hours: str) -> str:
    return _("{days}: {hours}").format(days=days[:1].upper() + days[1:], hours=hours)


def _dated(line: str, rule: Rule, today: date) -> str:
    """With the dates between which the hours hold, as far as they matter today."""
    first = calendar_day(rule.first) if rule.first and rule.first > today else ""
    last = calendar_day(rule.last) if rule.last else ""
    if first and last:
        return _("{line} (from {first} to {last})").format(line=line, first=first, last=last)
    if first:
        return _("{line} (from {first})").format(line=line, first=first)
    return _("{line} (until {last})").format(line=line, last=last) if last else line


def _hours(rule: Rule) -> str:
    return _("day and night") if rule.is_whole_day else _from_to(rule.opens, rule.closes)


def _from_to(opens: time, closes: time) -> str:
    return _("{opens} to {closes}").format(opens=clock(opens), closes=clock(closes))


def _days(rule: Rule) -> str:
    words = _monthdays(rule) if rule.monthdays else _weekdays_in_words(rule)
    if rule.monthdays and rule.days != EVERY_DAY:
        words = _("{weekdays}, only {days}").format(weekdays=_weekdays_in_words(rule), days=words)
    if rule.every == 1:
        return words
    if rule.freq == Frequency.DAILY and rule.days == EVERY_DAY and not rule.monthdays:
        return _step(rule)
    return _("{every}, {days}").format(every=_step(rule), days=words)


def _step(rule: Rule) -> str:
    second = {
        Frequency.DAILY.value: _("every second day"),
        Frequency.WEEKLY.value: _("every second week"),
        Frequency.MONTHLY.value: _("every second month"),
    }
    later = {
        Frequency.DAILY.value: _("every {number} days"),
        Frequency.WEEKLY.value: _("every {number} weeks"),
        Frequency.MONTHLY.value: _("every {number} months"),
    }
    words = second if rule.every == 2 else later
    return words[rule.freq].format(number=rule.every)


def _weekdays(rule: Rule) -> list[int]:
    return sorted({weekday for _nth, weekday in rule.days})


def _weekdays_in_words(rule: Rule) -> str:
    indexes = _weekdays(rule)
    names = [str(DAY_NAMES[index]) for index in indexes]
    if any(nth for nth, _weekday in rule.days):
        return _nth_weekdays(rule)
    if rule.days == EVERY_DAY:
        return _("every day")
    if len(indexes) > 2 and indexes == list(range(indexes[0], indexes[-1] + 1)):
        return _("{first} to {last}").format(first=names[0], last=names[-1])
    return ", ".join(names)


def _nth_weekdays(rule: Rule) -> str:
    """As the month goes: the last ones last."""
    counted = sorted(rule.days, key=lambda day: (day[0] < 0, day))
    days = [
        f"{_ordinal(nth)} {DAY_NAMES[weekday]}" if nth else DAY_NAMES[weekday] for nth, weekday in counted
    ]
    return _("{days} of the month").format(days=", ".join(map(str, days)))


def _monthdays(rule: Rule) -> str:
    counted = sorted(rule.monthdays, key=lambda day: (day < 0, day))
    return _("{days} of the month").format(days=", ".join(map(_monthday, counted)))


def _monthday(day: int) -> str:
    if day == -1:
        return _("the last day")
    if day < 0:
        return _("day {number} from the end").format(number=-day)
    return _("the first day") if day == 1 else _("day {number}").format(number=day)


def _ordinal(nth: int) -> str:
    names = {
        1: pgettext("weekday of the month", "first"),
        2: pgettext("weekday of the month", "second"),
        3: pgettext("weekday of the month", "third"),
        4: pgettext("weekday of the month", "fourth"),
        5: pgettext("weekday of the month", "fifth"),
        -1: pgettext("weekday of the month", "last"),
    }
    return names.get(nth, str(nth))
