"""Opening hours as they are given, into rows: what RFC 5545 does not allow is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any, NoReturn, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import Frequency
from partners.errors import Invalid

Value = TypeVar("Value", date, time)

SCHEDULE_DEFAULTS: dict[str, Any] = {
    "freq": Frequency.WEEKLY.value,
    "interval": 1,
    "byday": "",
    "bymonthday": "",
    "dtstart": None,
    "until": None,
    "count": None,
    "valid_from": None,
    "valid_to": None,
    "timezone": "America/Winnipeg",
}
SCHEDULE_DATES = ("dtstart", "until", "valid_from", "valid_to")
EXCEPTION_DEFAULTS: dict[str, Any] = {"opens_at": None, "closes_at": None, "note_en": "", "note_fr": ""}
HOURS = ("opens_at", "closes_at")


def schedule_row(given: dict[str, Any]) -> dict[str, Any]:
    """``opens_at``, ``closes_at`` and any of the RFC's parts. Raises Invalid."""
    row = _with_defaults("schedules", given, SCHEDULE_DEFAULTS, HOURS)
    row |= {field: _read("schedules", time.fromisoformat, row[field]) for field in HOURS}
    row |= {field: _read("schedules", date.fromisoformat, row[field]) for field in SCHEDULE_DATES}
    if row["freq"] != Frequency.MONTHLY and any(letter.isdigit() for letter in row["byday"]):
        _refuse("schedules", _("A numbered weekday needs the frequency MONTHLY."))
    if (row["interval"] != 1 or row["count"]) and not (row["dtstart"] or row["valid_from"]):
        _refuse("schedules", _("An interval or a count needs the day it starts."))
    if row["until"] and row["count"]:
        _refuse("schedules", _("Hours end with a date or a count, not with both."))
    named = row["byday"] or row["bymonthday"] or row["dtstart"] or row["valid_from"]
    if not named and row["freq"] != Frequency.DAILY:
        _refuse("schedules", _("Say on which days these hours are."))
    return row


def exception_row(given: dict[str, Any]) -> dict[str, Any]:
    """``first_day``, ``last_day``, both times or neither, and a note. Raises Invalid."""
    key, days = "schedule_exceptions", ("first_day", "last_day")
    row = _with_defaults(key, given, EXCEPTION_DEFAULTS, days)
    row |= {field: _read(key, date.fromisoformat, row[field]) for field in days}
    row |= {field: _read(key, time.fromisoformat, row[field]) for field in HOURS}
    if row["first_day"] > row["last_day"]:
        _refuse(key, _("The last day is before the first."))
    if (row["opens_at"] is None) != (row["closes_at"] is None):
        _refuse(key, _("Give both times, or neither if it is closed."))
    return row


def _with_defaults(
    key: str, given: dict[str, Any], defaults: dict[str, Any], needed: tuple[str, ...]
) -> dict[str, Any]:
    """Every field of a row; what is given as empty counts as not given."""
    if unknown := sorted(set(given) - {*defaults, *needed}):
        _refuse(key, _("This field is not known."), ", ".join(unknown))
    row = defaults | {field: value for field, value in given.items() if value not in (None, "")}
    if missing := [field for field in needed if field not in row]:
        _refuse(key, _("This field is missing."), ", ".join(missing))
    return row


def _read(key: str, reader: Callable[[str], Value], text: str | None) -> Value | None:
    if text is None:
        return None
    try:
        return reader(text)
    except (TypeError, ValueError):
        _refuse(key, _("This is not a date or a time."), str(text))


def _refuse(key: str, message: str | Promise, what: str = "") -> NoReturn:
    raise Invalid({key: [f"{message} ({what})" if what else message]})
