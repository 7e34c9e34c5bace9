"""The details of an action: what the workflow table asks for, read from untrusted input."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor
from partners.errors import Invalid
from referrals.models import NeedsMet
from referrals.workflow import CONFIRMATION_REASONS, OUTCOMES, SYSTEM_WITHDRAW_REASONS, Action

UNKNOWN = "unknown"
NOTE_LENGTH = 2000
REQUIRED: Promise = _("Fill in this field.")


def read(action: Action, given: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The details, checked and turned into dates and codes. Raises Invalid field by field.

    A detail that the action does not take is refused, so that nothing is silently dropped.
    ``expected_date`` may be "unknown", which becomes None.
    """
    errors: dict[str, list[str | Promise]] = {}
    taken: dict[str, Any] = {}
    for name in given:
        if name not in action.required + action.optional:
            errors[name] = [_("This action does not take this detail.")]
    for name in action.required + action.optional:
        value = given.get(name)
        if value in (None, ""):
            if name in action.required:
                errors[name] = [REQUIRED]
            continue
        try:
            taken[name] = _READERS[name](action, value, actor)
        except ValueError as error:
            errors[name] = [error.args[0]]
    if taken.get("reason") == "other" and not taken.get("note"):
        errors["note"] = [REQUIRED]
    if errors:
        raise Invalid(errors)
    return taken


def _reason(action: Action, value: Any, actor: Actor) -> str:
    listed = isinstance(value, str) and value in action.reasons
    by_itself = value in SYSTEM_WITHDRAW_REASONS | CONFIRMATION_REASONS
    if not listed or (by_itself and not actor.is_system):
        raise ValueError(_("Choose one of the listed reasons."))
    return str(value)


def _outcome(action: Action, value: Any, actor: Actor) -> str:
    if not isinstance(value, str) or value not in OUTCOMES:
        raise ValueError(_("Choose one of the listed outcomes."))
    return str(value)


def read_needs_met(value: Any) -> str:
    """A code of NeedsMet. Raises ValueError with a message for the reader."""
    if not isinstance(value, str) or value not in NeedsMet.values:
        raise ValueError(_("Choose whether the need was met."))
    return value


def _needs_met(action: Action, value: Any, actor: Actor) -> str:
    return read_needs_met(value)


def read_date(value: Any) -> datetime.date:
    """A date, or its ISO text. Raises ValueError with a message for the reader."""
    if isinstance(value, datetime.datetime):
        return timezone.localdate(value)
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(_("Enter a date such as 2026-11-24.")) from None


def _past_date(action: Action, value: Any, actor: Actor) -> datetime.date:
    day, today = read_date(value), timezone.localdate()
    if day > today:
        raise ValueError(_("This date is in the future."))
    if day < today - datetime.timedelta(days=366):
        raise ValueError(_("This date is more than a year ago."))
    return day


def _expected_date(action: Action, value: Any, actor: Actor) -> datetime.date | None:
    if value == UNKNOWN:
        return None
    day, today = read_date(value), timezone.localdate()
    if day < today:
        raise ValueError(_("This date is in the past."))
    if day > today + datetime.timedelta(days=2 * 366):
        raise ValueError(_("This date is more than two years away."))
    return day


def clean_text(value: Any, length: int = NOTE_LENGTH) -> str:
    """Text without NUL, of at most ``length`` characters. Raises ValueError with a message."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(_("This is not plain text."))
    if len(value) > length:
        raise ValueError(_("This text is too long."))
    return value.strip()


def _note(action: Action, value: Any, actor: Actor) -> str:
    return clean_text(value)


_READERS = {
    "reason": _reason,
    "outcome": _outcome,
    "needs_met": _needs_met,
    "date": _past_date,
    "expected_date": _expected_date,
    "note": _note,
}
