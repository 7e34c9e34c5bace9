"""The listings of a page of results as plain rows: four statements, no model instances.

A page of twenty costs the interpreter more than the databases; instances alone would cost as much as
the whole search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from directory.capacity import told
from directory.models import Attribute, Phone, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm
from directory.models.attachments import CapacityValue
from directory.place_policy import PublicPlace, StoredPlace, shown_place
from partners.actor import Actor

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
    """The rows of those listings that the actor may still see."""
    wanted = list(ids)
    services = Service.objects.visible_to(actor).filter(pk__in=wanted).order_by()
    rows = list(services.values_list(*SERVICE, *ORGANIZATION, *CAPACITY)) if wanted else []
    if not rows:
        return {}
    categories, places, phones = _categories(wanted), _places(wanted), _phones(wanted)
    return {
        row[0]: ResultRow(
            *row[:6],
            organization=NamedRow(*row[6:9]),
            capacity=told(*row[9:]) if row[9] else (CapacityValue.UNKNOWN.value, None),
            categories=categories.get(row[0], []),
            place=shown_place(next(iter(places[row[0]]), None)),
            phones=phones[row[0]],
        )
        for row in rows
    }


def _categories(ids: list[UUID]) -> dict[UUID, list[CodedRow]]:
    """In the order of the tree."""
    known = _category_terms()
    carried = Attribute.objects.filter(service__in=ids, term_id__in=known).order_by()
    found: dict[UUID, list[tuple[int, CodedRow]]] = defaultdict(list)
    for service_id, term_id in carried.values_list("service_id", "term_id"):
        found[service_id].append(known[term_id])
    return {key: [row for _position, row in sorted(rows)] for key, rows in found.items()}


@cache
def _category_terms() -> dict[UUID, tuple[int, CodedRow]]:
    """Each category's place in the tree and its names. They change with a migration only."""
    terms = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY).order_by("position", "code")
    rows = enumerate(terms.values_list("id", "code", "name_en", "name_fr"))
    return {row[0]: (position, CodedRow(*row[1:])) for position, row in rows}


def _places(ids: list[UUID]) -> dict[UUID, list[StoredPlace]]:
    places = ServiceAtLocation.objects.filter(service__in=ids).order_by("id", "location__addresses__id")
    return _grouped(places.values_list("service_id", *PLACE), lambda row: StoredPlace(*row))


def _phones(ids: list[UUID]) -> dict[UUID, list[PhoneRow]]:
    phones = Phone.objects.filter(service__in=ids).order_by("position", "id")
    return _grouped(phones.values_list("service_id", *PhoneRow._fields), lambda row: PhoneRow(*row))


def _grouped(rows: Iterable[Any], make: Callable[[Any], Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for key, *row in rows:
        found[key].append(make(row))
    return found
