"""The listings of a page of results as plain rows: four statements, no model instances.

A page of twenty costs the interpreter more than the databases; instances alone would cost as much as
the whole search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from directory.capacity import oldest_told, told
from directory.models import Attribute, Phone, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm
from directory.models.attachments import CapacityValue
from directory.place_policy import PublicPlace, StoredPlace, shown_place
from directory.prepared import Prepared, as_uuid, key, moment
from partners.actor import ANONYMOUS, Actor

Row = TypeVar("Row")


class NamedRow(NamedTuple):
    """An organization: its id and its name in both languages."""

    id: UUID
    name_en: str
    name_fr: str


class CodedRow(NamedTuple):
    code: str
    name_en: str
    name_fr: str


class PhoneRow(NamedTuple):
    number: str
    extension: str
    kind: str
    label_en: str
    label_fr: str


class ResultRow(NamedTuple):
    """What a card shows. ``capacity``: the value that still holds, and when it was told."""

    id: UUID
    name_en: str
    name_fr: str
    summary_en: str
    summary_fr: str
    verified_at: datetime | None
    organization: NamedRow
    capacity: tuple[str, datetime | None]
    categories: list[CodedRow]
    place: PublicPlace
    phones: list[PhoneRow]


SERVICE = ("id", "name_en", "name_fr", "summary_en", "summary_fr", "verified_at")
ORGANIZATION = ("organization_id", "organization__name_en", "organization__name_fr")
CAPACITY = ("capacity__value", "capacity__as_of")
PLACE = (
    "location__policy",
    "location__kind",
    "location__city",
    "location__province",
    "location__latitude",
    "location__longitude",
    "location__position_source",
    "location__area_id",
    "location__area__name_en",
    "location__area__name_fr",
    "location__addresses__address_1",
    "location__addresses__postal_code",
)


def result_rows(ids: Iterable[UUID], actor: Actor) -> dict[UUID, ResultRow]:
    """The rows of those listings, at most a hundred, that the actor may still see."""
    wanted = list(ids)
    services = _services(actor)(wanted)
    if not services:
        return {}
    categories, places, phones = _of_categories(wanted), _of_places(wanted), _of_phones(wanted)
    by_key = {key(one): one for one in wanted}
    oldest = oldest_told()
    return {
        by_key[row[0]]: ResultRow(
            by_key[row[0]],
            *row[1:5],
            verified_at=moment(row[5]),
            organization=NamedRow(as_uuid(row[6]), *row[7:9]),
            capacity=told(row[9], moment(row[10]), oldest) if row[9] else (CapacityValue.UNKNOWN.value, None),
            categories=categories.get(row[0], []),
            place=shown_place(next(iter(places[row[0]]), None)),
            phones=phones[row[0]],
        )
        for row in services
    }


def _services(actor: Actor) -> Callable[[Sequence[UUID]], list[tuple[Any, ...]]]:
    """Most readers see what is public; that statement is kept."""

    return PUBLIC.rows if actor.organization_id is None else _seen_by(actor).rows


def _of_categories(ids: list[UUID]) -> dict[Any, list[CodedRow]]:
    """In the order of the tree."""
    rows = TERMS.rows(ids)
    known = _category_terms()
    if any(term_id not in known for _service_id, term_id in rows):  # added while this process ran
        _category_terms.cache_clear()
        known = _category_terms()
    found: dict[Any, list[tuple[int, CodedRow]]] = defaultdict(list)
    for service_id, term_id in rows:
        found[service_id].append(known[term_id])
    return {service_id: [row for _position, row in sorted(own)] for service_id, own in found.items()}


@cache
def _category_terms() -> dict[Any, tuple[int, CodedRow]]:
    """Each category's place in the tree and its names. They change with a migration only."""
    terms = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY).order_by("position", "code")
    rows = enumerate(terms.values_list("id", "code", "name_en", "name_fr"))
    return {key(row[0]): (position, CodedRow(*row[1:])) for position, row in rows}


def _of_places(ids: list[UUID]) -> dict[Any, list[StoredPlace]]:
    return _grouped(PLACES.rows(ids), lambda row: StoredPlace(*row))


def _of_phones(ids: list[UUID]) -> dict[Any, list[PhoneRow]]:
    return _grouped(PHONES.rows(ids), lambda row: PhoneRow(*row))


def _grouped(rows: Iterable[Any], make: Callable[[Any], Row]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for service_id, *row in rows:
        found[service_id].append(make(row))
    return found


def _seen_by(actor: Actor) -> Prepared:
    visible = Service.objects.visible_to(actor).order_by()
    columns = (*SERVICE, *ORGANIZATION, *CAPACITY)
    return Prepared(lambda ids: visible.filter(pk__in=ids).values_list(*columns))


PUBLIC = _seen_by(ANONYMOUS)
TERMS = Prepared(
    lambda ids: (
        Attribute.objects.filter(service__in=ids, term__taxonomy=Taxonomy.CATEGORY)
        .order_by()
        .values_list("service_id", "term_id")
    )
)
PLACES = Prepared(
    lambda ids: (
        ServiceAtLocation.objects.filter(service__in=ids)
        .order_by("id", "location__addresses__id")
        .values_list("service_id", *PLACE)
    )
)
PHONES = Prepared(
    lambda ids: (
        Phone.objects.filter(service__in=ids)
        .order_by("position", "id")
        .values_list("service_id", *PhoneRow._fields)
    )
)
