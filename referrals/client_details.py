"""What a client file may hold, read from untrusted input."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import Area, Taxonomy, TaxonomyTerm
from partners.errors import Invalid
from referrals import safe_contact
from referrals.details import REQUIRED, clean_text, read_date
from referrals.models import AgeBand

OLDEST = 120
# Field: longest text.
TEXTS = {
    "chosen_name": 100,
    "legal_name": 150,
    "gender": 60,
    "pronouns": 40,
    "indigenous_identity": 200,
    "situation": 4000,
    "health": 4000,
    "family": 4000,
    "justice": 4000,
    "housing": 4000,
}
FIELDS = (*TEXTS, "birth_date", "age_band", "age_asked", "language", "safe_area", "safe_contact")


def read(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are given, checked, as the model takes them. Raises Invalid field by field."""
    errors: dict[str, list[str | Promise]] = {}
    taken: dict[str, Any] = {}
    for name, value in given.items():
        reader = _READERS.get(name)
        if reader is None:
            errors[name] = [_("A client file does not hold this.")]
            continue
        try:
            taken[name] = reader(value)
        except ValueError as error:
            errors[name] = [error.args[0]]
    if "chosen_name" in taken and not taken["chosen_name"]:
        errors["chosen_name"] = [REQUIRED]
    if errors:
        raise Invalid(errors)
    return taken


def _text(length: int) -> Callable[[Any], str]:
    return lambda value: clean_text("" if value is None else value, length)


def _birth_date(value: Any) -> str:
    """ISO text, or empty."""
    if value in (None, ""):
        return ""
    day, today = read_date(value), timezone.localdate()
    if not today.year - OLDEST < day.year or day > today:
        raise ValueError(_("Enter the date on which the person was born."))
    return day.isoformat()


def _age_band(value: Any) -> str:
    band = value or AgeBand.UNKNOWN.value
    if band not in AgeBand.values:
        raise ValueError(_("Choose an age group from the list."))
    return str(band)


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Say yes or no."))
    return value


def _language(value: Any) -> str:
    if not TaxonomyTerm.objects.filter(taxonomy=Taxonomy.LANGUAGE, code=str(value)).exists():
        raise ValueError(_("Choose a language from the list."))
    return str(value)


def _safe_area(value: Any) -> Area | None:
    """An area of the closed list, by its code; never free text."""
    if not value:
        return None
    area = Area.objects.filter(code=str(value)).first()
    if area is None:
        raise ValueError(_("Choose an area from the list."))
    return area


def read_moment(value: Any) -> datetime.datetime:
    """A time that is not in the future. Raises Invalid."""
    if not isinstance(value, datetime.datetime) or timezone.is_naive(value):
        raise Invalid({"at": [_("Enter a date and a time.")]})
    if value > timezone.now() + datetime.timedelta(minutes=5):
        raise Invalid({"at": [_("This date is in the future.")]})
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **{name: _text(length) for name, length in TEXTS.items()},
    "birth_date": _birth_date,
    "age_band": _age_band,
    "age_asked": _yes_or_no,
    "language": _language,
    "safe_area": _safe_area,
    "safe_contact": safe_contact.read,
}
