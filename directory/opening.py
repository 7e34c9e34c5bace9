"""Open now, or when next: the shortest way to say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.hours import calendar_day, clock, holiday_words
from directory.models import Service
from directory.opening_pattern import (
    Pattern,
    is_open,
    is_unknown_holiday,
    next_open,
    open_until,
    pattern_of,
)

DAY = timedelta(days=1)
WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Opening:
    """``text`` is empty when no hours are known."""

    text: str
    is_open: bool


def in_short(service: Service, at: datetime | None = None) -> Opening:
    moment = at or timezone.now()
    pattern = pattern_of(service)
    if pattern is None:
        return Opening("", False)
    state = is_open(pattern, moment)
    if state:
        return Opening(_open(pattern, moment), True)
    if state is None or is_unknown_holiday(pattern, moment):
        return Opening(holiday_words(service), False)
    following = next_open(pattern, moment)
    return Opening(_opens(following, moment) if following else _("Closed now"), False)


def _open(pattern: Pattern, moment: datetime) -> str:
    until = open_until(pattern, moment)
    if until is None:
        return _("Open day and night")
    said = {"time": clock(until.time())}
    if until - moment < DAY:
        return _("Open now, until %(time)s") % said
    return _("Open now, until %(day)s at %(time)s") % {**said, "day": date_format(until, "l")}


def _opens(following: datetime, moment: datetime) -> str:
    """Said from where the service is: its own today and tomorrow."""
    today = moment.astimezone(following.tzinfo).date()
    day, said = following.date(), {"time": clock(following.time())}
    if day == today:
        return _("Opens today at %(time)s") % said
    if day == today + timedelta(days=1):
        return _("Opens tomorrow at %(time)s") % said
    if day <= today + WEEK:
        return _("Opens %(day)s at %(time)s") % {**said, "day": date_format(day, "l")}
    return _("Opens on %(day)s at %(time)s") % {**said, "day": calendar_day(day)}
