"""How each parameter of a search, and each value of it, is said in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.hours import clock
from directory.models import Area, Service, Taxonomy
from directory.models.attachments import CapacityValue
from directory.vocabulary import vocabulary
from partners.actor import ANONYMOUS
from partners.bilingual import localized, reader_language
from partners.models import Organization

SHORTEST_KM, LONGEST_KM = 0, 10_000


def said(name: str, value: str) -> str:
    """The value of a parameter, as a chip or an option says it."""
    if name == "organization":  # no code: what may be told of it changes
        return _organization(value)
    return _said(reader_language(), name, value)


@lru_cache(maxsize=5_000)
def _said(language: str, name: str, value: str) -> str:
    """``language`` is the active one: by it the words are told apart."""
    if name == "radius_km":
        return within(value) if is_distance(value) else value
    if name == "age":
        return _("Age: %(age)s") % {"age": value}
    if name == "accepts_referrals":
        takes = value != "false"
        return (
            _("Takes referrals through the network") if takes else _("Takes no referrals through the network")
        )
    if name == "open_now":
        return _("Open now")
    if name == "open_at":
        return _opening(value)
    if name == "verified_within":
        days = int(value) if value.isdecimal() else 0
        return ngettext("Checked in the last %(n)s day", "Checked in the last %(n)s days", days) % {
            "n": value
        }
    return _named(name, value)


def _opening(value: str) -> str:
    moment = parse_datetime(value.replace(" ", "+")) if value else None
    if moment is None:
        return value
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    said = {"date": date_format(local, "DATE_FORMAT"), "time": clock(local.time())}
    return _("Open on %(date)s at %(time)s") % said


def _named(name: str, value: str) -> str:
    """A value that has a name of its own; what has none stands for itself."""
    if name == "capacity":
        return str(CapacityValue(value).label) if value in CapacityValue.values else value
    if name == "place":
        return localized(areas()[value], "name").text if value in areas() else value
    return vocabulary().label(name, value) if name in Taxonomy.values else value


def _organization(value: str) -> str:
    """Of an organization without a public listing nothing is told."""
    try:
        shown = Service.objects.visible_to(ANONYMOUS).filter(organization=UUID(value))
    except ValueError:
        return value
    known = Organization.objects.filter(services__in=shown).first()
    return localized(known, "name").text if known else _("One organization")


def quoted(words: Iterable[str]) -> str:
    return ", ".join(_("“%(word)s”") % {"word": word} for word in words)


def loosened(name: str, values: list[str]) -> str:
    """What leaving the parameter out would mean."""
    if name == "q":
        return _("Without the words you typed")
    if name == "near":
        return _("Anywhere, not only near %(place)s") % {"place": values[0]}
    if name == "organization":
        return _("Any organization")
    words = ", ".join(said(name, value) for value in values)
    return _("Without “%(filter)s”") % {"filter": words}


def is_distance(text: str) -> bool:
    try:
        return SHORTEST_KM < float(text) < LONGEST_KM
    except ValueError:
        return False


def within(radius: str) -> str:
    return _("Within %(km)s km") % {"km": number_format(radius)}


@cache
def areas() -> dict[str, Area]:
    """By code. They change with a migration only."""
    return {area.code: area for area in Area.objects.order_by("code")}
