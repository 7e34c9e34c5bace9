"""What search knows of one listing, made from the listing and what hangs on it.

It holds nothing that the location policy does not let everybody know: the positions are those stored,
and of an area the public point.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db.models import QuerySet
from django.utils import timezone

from directory.models import LocationPolicy, Service, Taxonomy, TaxonomyTerm
from directory.models.locations import LocationKind, PositionSource
from directory.opening_pattern import pattern_of
from directory.querysets import is_public
from directory.search.text import normalise
from partners.phones import digits

PUBLIC = "public"
COMES = "comes"
OUTREACH = {"outreach", "crisis-mobile"}
WIDE = {"canada", "manitoba", "alberta", "british-columbia", "new-brunswick", "newfoundland-and-labrador"}
WIDE |= {"nova-scotia", "northwest-territories", "nunavut", "ontario", "prince-edward-island", "quebec"}
WIDE |= {"saskatchewan", "yukon"}
LOCAL_DIGITS = 7
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
    JSON, empty when none is known. ``names``: the sort keys, English and French.
    """

    words: dict[str, str]
    terms: list[str]
    ages: tuple[int | None, int | None]
    verified: float | None
    capacity: tuple[str, int] | None
    hours: str
    points: list[Point]
    names: tuple[str, str]


def pack(document: Document) -> bytes:
    plain = document._replace(points=list(map(tuple, document.points)))  # type: ignore[arg-type]
    return zlib.compress(orjson.dumps(tuple(plain)), 6)


def unpack(packed: bytes | memoryview) -> Document | None:
    """None for the entry of a listing that was deleted."""
    if not packed:
        return None
    words, terms, ages, verified, capacity, hours, points, names = orjson.loads(zlib.decompress(packed))
    return Document(words, terms, ages, verified, capacity, hours, [Point(*point) for point in points], names)


def indexed(services: QuerySet[Service] | None = None) -> QuerySet[Service]:
    """With everything that ``document_of`` reads, in a number of queries that does not grow."""
    start = Service.objects.all() if services is None else services
    return start.select_related("organization", "program", "capacity").prefetch_related(
        "aliases",
        "organization__aliases",
        "program__aliases",
        "attributes__term__parent__parent",
        "languages",
        "phones",
        "schedules",
        "schedule_exceptions",
        "service_areas",
        "at_locations__location__area",
        "at_locations__location__addresses",
    )


def document_of(service: Service) -> Document:
    capacity = getattr(service, "capacity", None)
    pattern = pattern_of(service)
    verified = service.verified_at
    return Document(
        words={field: text for field, text in _words(service).items() if text},
        terms=sorted(set(_terms(service))),
        ages=(service.minimum_age, service.maximum_age),
        verified=verified.timestamp() if verified else None,
        capacity=(capacity.value, _day(capacity.as_of)) if capacity else None,
        hours=pattern.to_json() if pattern else "",
        points=sorted(_points(service)),
        names=sort_keys(service),
    )


def sort_keys(service: Service) -> tuple[str, str]:
    """The name in each language, or in the other one, folded so that both databases order it alike."""
    return (
        normalise(service.name_en or service.name_fr)[:200],
        normalise(service.name_fr or service.name_en)[:200],
    )


def _day(moment: datetime) -> int:
    return timezone.localdate(moment).toordinal()


def _words(service: Service) -> dict[str, str]:
    return {
        "n": normalise(service.name_en),
        "m": normalise(service.name_fr),
        "a": _line(alias.name for alias in service.aliases.all()),
        "o": _line(_organization_words(service)),
        "d": _line((service.summary_en, service.description_en, service.eligibility_en)),
        "e": _line((service.summary_fr, service.description_fr, service.eligibility_fr)),
        "p": _line(_place_words(service)),
    }


def _line(texts: Iterable[str]) -> str:
    return " ".join(filter(None, map(normalise, dict.fromkeys(texts))))


def _organization_words(service: Service) -> Iterator[str]:
    for named in filter(None, (service.organization, service.program)):
        yield from (named.name_en, named.name_fr, *(alias.name for alias in named.aliases.all()))


def _place_words(service: Service) -> Iterator[str]:
    """City, area and postal code as far as they are stored, and the numbers one can call."""
    for at in service.at_locations.all():
        yield at.location.city
        if at.location.area:
            yield from (at.location.area.name_en, at.location.area.name_fr)
        for address in at.location.addresses.all():
            yield from (address.postal_code, address.postal_code[:3])
    for phone in service.phones.all():
        number = digits(phone.number)
        yield from (number, number[-LOCAL_DIGITS:])


def _terms(service: Service) -> Iterator[str]:
    if is_public(service):
        yield PUBLIC
    yield f"organization:{service.organization_id.hex}"
    yield f"accepts_referrals:{str(service.accepts_referrals).lower()}"
    for attribute in service.attributes.all():
        yield from (f"{attribute.term.taxonomy}:{term.code}" for term in _with_ancestors(attribute.term))
    for language in service.languages.all():
        yield f"language:{language.code}"
    for at in service.at_locations.all():
        yield f"place:{normalise(at.location.city)}"
        if at.location.area:
            yield f"place:{normalise(at.location.area_id)}"
    areas = {area.code for area in service.service_areas.all()}
    for code in areas:
        yield f"place:{normalise(code)}"
        yield f"serves:{code}"
    if comes_to_you(service, areas):
        yield COMES
        if not areas:
            yield "serves:anywhere"


def comes_to_you(service: Service, areas: set[str]) -> bool:
    """By phone or online, by a team that goes out, or for a whole province.

    A place that is withheld counts only where nobody has to go there: it must be found by no distance.
    """
    places = [at.location for at in service.at_locations.all()]
    if any(place.kind == LocationKind.VIRTUAL for place in places):
        return True
    shown = any(place.policy != LocationPolicy.WITHHELD for place in places)
    terms = [attribute.term for attribute in service.attributes.all()]
    goes_out = any(term.taxonomy == Taxonomy.CATEGORY and term.code in OUTREACH for term in terms)
    return shown and (goes_out or bool(areas & WIDE))


def _with_ancestors(term: TaxonomyTerm) -> Iterator[TaxonomyTerm]:
    above: TaxonomyTerm | None = term
    while above:
        yield above
        above = above.parent


def _points(service: Service) -> Iterator[Point]:
    """Where somebody can go. Without a stored position the area's public point stands for it."""
    for at in service.at_locations.all():
        place = at.location
        if place.kind == LocationKind.VIRTUAL:
            continue
        if place.latitude is not None and place.longitude is not None:
            yield Point(place.latitude, place.longitude, place.position_source != PositionSource.ADDRESS)
        elif place.area:
            yield Point(place.area.latitude, place.area.longitude, True)


def identity(service_id: UUID | str | Any) -> UUID:
    """The id as the databases' own cursors give it, as a UUID."""
    return service_id if isinstance(service_id, UUID) else UUID(str(service_id))
