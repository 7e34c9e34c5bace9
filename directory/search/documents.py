"""What search knows of one listing, made from the listing and what hangs on it.

It holds nothing that the location policy does not let everybody know: the positions are those stored,
and of an area the public point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from directory.gazetteer import PROVINCES, province_slug
from directory.models import LocationPolicy
from directory.models.locations import LocationKind, PositionSource
from directory.prepared import as_uuid
from directory.querysets import is_public
from directory.search.shown import Shown, shown_of
from directory.search.sources import Source
from directory.search.text import normalise
from directory.upkeep.lapse import USUAL_DAYS
from partners.phones import digits

PUBLIC = "public"
COMES = "comes"
OWNER = "organization:"
CADENCE = "cadence"  # how many days a check holds, where it is not the usual number
OUTREACH = {"category:outreach", "category:crisis-mobile"}
WIDE = {"canada", *map(province_slug, PROVINCES)}
LOCAL_DIGITS = 7
SORT_LENGTH = 200
# The fields of the text. Categories, populations and topics are found by their codes' labels instead.
FIELDS = {
    "n": "name_en",
    "m": "name_fr",
    "a": "alias",
    "o": "organization",
    "d": "description_en",
    "e": "description_fr",
    "p": "place",
}


class Point(NamedTuple):
    """``is_about``: not the door, but the postal area's or the area's public point (WGS 84 degrees)."""

    latitude: float
    longitude: float
    is_about: bool


class Document(NamedTuple):
    """``words``: normalised text by field. ``terms``: ``facet:code``. ``verified``: seconds since 1970.

    ``capacity``: its value and the day it was told, as an ordinal. ``hours``: the opening pattern as
    JSON, empty when none is known. ``names``: the sort keys, English and French. ``shown``: what a
    result shows of it; an entry without one is shown by nothing.
    """

    words: dict[str, str]
    terms: list[str]
    ages: tuple[int | None, int | None]
    verified: float | None
    capacity: tuple[str, int] | None
    hours: str
    points: list[Point]
    names: tuple[str, str]
    shown: Shown | None = None


def names_of(words: dict[str, str]) -> tuple[str, str]:
    """The name in each language, or in the other one, as both databases order it."""
    english, french = words.get("n", ""), words.get("m", "")
    return (english or french)[:SORT_LENGTH], (french or english)[:SORT_LENGTH]


def document_of(source: Source) -> Document:
    service, words = source.service, _words(source)
    told = service.capacity and (service.capacity, _day(service.capacity_as_of))
    return Document(
        words={field: text for field, text in words.items() if text},
        terms=sorted(set(_terms(source))),
        ages=(service.minimum_age, service.maximum_age),
        verified=service.verified_at.timestamp() if service.verified_at else None,
        capacity=told or None,
        hours=source.hours.to_json() if source.hours else "",
        points=sorted(_points(source)),
        names=names_of(words),
        shown=shown_of(source),
    )


def _day(moment: datetime | None) -> int:
    return timezone.localdate(moment).toordinal()


def _words(source: Source) -> dict[str, str]:
    service = source.service
    return {
        "n": normalise(service.name_en),
        "m": normalise(service.name_fr),
        "a": _line(source.aliases),
        "o": _line(source.owner_names),
        "d": _line((service.summary_en, service.description_en, service.eligibility_en)),
        "e": _line((service.summary_fr, service.description_fr, service.eligibility_fr)),
        "p": _line(_place_words(source)),
    }


def _line(texts: Iterable[str]) -> str:
    return " ".join(filter(None, map(normalise, dict.fromkeys(texts))))


def phone_word(number: str) -> str:
    """A number is known by its last seven digits: not everybody dials the rest."""
    return digits(number)[-LOCAL_DIGITS:]


def _place_words(source: Source) -> Iterator[str]:
    """City, area and postal code as far as they are stored, and the numbers one can call."""
    for place in source.places:
        yield from (place.shown_city, place.area_en or "", place.area_fr or "")
        if place.postal_code:
            yield from (place.postal_code, place.postal_code[:3])
    for phone in source.phones:
        yield phone_word(phone.number)


def _terms(source: Source) -> Iterator[str]:
    if is_public(source.service):
        yield PUBLIC
    yield f"{OWNER}{as_uuid(source.service.organization_id).hex}"
    yield f"accepts_referrals:{'true' if source.service.accepts_referrals else 'false'}"
    if source.service.verified_at and source.service.verify_days != USUAL_DAYS:
        yield f"{CADENCE}:{source.service.verify_days}"
    yield from source.terms
    for code in source.languages:
        yield f"language:{code}"
    for place in source.places:
        yield f"place:{normalise(place.shown_city)}"
        if place.area:
            yield f"place:{normalise(place.area)}"
    for code in source.areas:
        yield f"place:{normalise(code)}"
        yield f"serves:{code}"
    if comes_to_you(source):
        yield COMES
        if not source.areas:
            yield "serves:anywhere"


def comes_to_you(source: Source) -> bool:
    """By phone or online, by a team that goes out to an area it names, or for a whole province.

    A place that is withheld counts only where nobody has to go there: it must be found by no distance.
    """
    if any(place.kind == LocationKind.VIRTUAL for place in source.places):
        return True
    if not source.areas or all(place.policy == LocationPolicy.WITHHELD for place in source.places):
        return False
    return not (OUTREACH.isdisjoint(source.terms) and WIDE.isdisjoint(source.areas))


def _points(source: Source) -> Iterator[Point]:
    """Where somebody can go. Without a stored position the area's public point stands for it."""
    for place in source.places:
        if place.kind == LocationKind.VIRTUAL:
            continue
        if place.latitude is not None and place.longitude is not None:
            yield Point(place.latitude, place.longitude, place.position_source != PositionSource.ADDRESS)
        elif place.area_latitude is not None and place.area_longitude is not None:
            yield Point(place.area_latitude, place.area_longitude, True)
