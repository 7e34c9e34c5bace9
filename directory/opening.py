"""Open now, or when next: the shortest way to say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.hours import clock, is_always_open, next_open, open_now, open_until
from directory.models import Service

WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Opening:
    """``text`` is empty when no hours are known."""

    text: str
    is_open: bool


def in_short(service: Service, at: datetime | None = None) -> Opening:
    moment = at or timezone.now()
    state = open_now(service, moment)
    if state is None:
        return Opening("", False)
    if state:
        return Opening(_open(service, moment), True)
    following = next_open(service, moment)
    return Opening(_opens(following, moment) if following else _("Closed now"), False)


def _open(service: Service, moment: datetime) -> str:
    until = open_until(service, moment)
    if is_always_open(service) or until is None:
        return _("Open day and night")
    return _("Open now, until %(time)s") % {"time": clock(until.time())}


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
    return _("Opens on %(day)s at %(time)s") % {**said, "day": date_format(day, "DATE_FORMAT")}
