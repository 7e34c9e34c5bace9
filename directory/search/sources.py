"""The rows that search reads of listings: many listings at a time, without instances of models.

A new index reads a million listings; instances alone would take longer than all the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date, time
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from directory.models import (
    Attribute,
    Language,
    Phone,
    ProgramAlias,
    Schedule,
    ScheduleException,
    Service,
    ServiceAlias,
    ServiceArea,
    ServiceAtLocation,
    TaxonomyTerm,
)
from directory.opening_pattern import Exceptional, Pattern, pattern_from
from directory.opening_rules import Rule, rule_of
from directory.prepared import Prepared, key, moment
from directory.search.source_rows import PhoneRow, PlaceRow, ScheduleRow, ServiceRow
from partners.models import OrganizationAlias

AT_ONCE = 500
CATEGORY = "category:"
type_of_groups = dict[Any, list[tuple[Any, ...]]]


class Source(NamedTuple):
    """Everything that search reads of one listing. ``terms``: ``taxonomy:code``, with what stands above;
    ``categories``: the codes of those it carries itself."""

    id: UUID
    service: ServiceRow
    aliases: list[str]
    owner_names: list[str]
    terms: list[str]
    categories: list[str]
    languages: list[str]
    phones: list[PhoneRow]
    areas: list[str]
    places: list[PlaceRow]
    hours: Pattern | None


def sources(ids: Sequence[UUID]) -> Iterator[Source]:
    """In the order of the ids; a listing that is not there is passed over."""
    for start in range(0, len(ids), AT_ONCE):
        yield from _some(ids[start : start + AT_ONCE])


def _some(ids: Sequence[UUID]) -> Iterator[Source]:
    services = {row[0]: ServiceRow(*row) for row in SERVICES.rows(ids)}
    aliases, terms, languages = _grouped(ALIASES, ids), _grouped(TERMS, ids), _grouped(LANGUAGES, ids)
    phones, areas, places = _grouped(PHONES, ids), _grouped(AREAS, ids), _grouped(PLACES, ids)
    schedules, exceptions = _grouped(SCHEDULES, ids), _grouped(EXCEPTIONS, ids)
    owners = [row.organization_id for row in services.values()]
    programs = [row.program_id for row in services.values() if row.program_id]
    of_owner = _grouped(OWNER_ALIASES, list(dict.fromkeys(owners)))
    of_program = _grouped(PROGRAM_ALIASES, list(dict.fromkeys(programs)))
    for service_id in ids:
        own = key(service_id)
        row = services.get(own)
        if row is None:
            continue
        stored = [PlaceRow(*place) for place in places[own]]
        carried = [_with_those_above(term) for (term,) in terms[own]]
        yield Source(
            id=service_id,
            service=row._replace(
                verified_at=moment(row.verified_at), capacity_as_of=moment(row.capacity_as_of)
            ),
            aliases=[name for (name,) in aliases[own]],
            owner_names=_names(row, of_owner[row.organization_id], of_program[row.program_id]),
            terms=[code for above in carried for code in above],
            categories=[
                code.removeprefix(CATEGORY) for code, *_above in carried if code.startswith(CATEGORY)
            ],
            languages=[code for (code,) in languages[own]],
            phones=[PhoneRow(*phone) for phone in phones[own]],
            areas=[code for (code,) in areas[own]],
            places=stored,
            hours=_pattern(row, schedules[own], exceptions[own], stored),
        )


def _names(row: ServiceRow, of_owner: Iterable[Any], of_program: Iterable[Any]) -> list[str]:
    owner = [row.organization_en, row.organization_fr, *(name for (name,) in of_owner)]
    return [*owner, row.program_en or "", row.program_fr or "", *(name for (name,) in of_program)]


def _pattern(row: ServiceRow, schedules: Any, exceptions: Any, places: list[PlaceRow]) -> Pattern | None:
    return pattern_from(
        status=row.status,
        rules=map(_rule, schedules),
        exceptions=map(_exceptional, exceptions),
        holiday_hours=row.holiday_hours,
        provinces=(place.province for place in places),
    )


@lru_cache(maxsize=20_000)
def _rule(row: tuple[Any, ...]) -> Rule | None:
    """The same rows of hours come again and again."""
    freq, interval, byday, bymonthday, dtstart, until, count, first, last, opens_at, closes_at, zone = row
    return rule_of(
        ScheduleRow(
            freq=freq,
            interval=interval,
            byday=byday,
            bymonthday=bymonthday,
            dtstart=_day(dtstart),
            until=_day(until),
            count=count,
            valid_from=_day(first),
            valid_to=_day(last),
            opens_at=_time(opens_at),
            closes_at=_time(closes_at),
            timezone=zone,
        )
    )


def _exceptional(row: tuple[Any, ...]) -> Exceptional:
    first, last, opens_at, closes_at = row
    shut = opens_at is None or closes_at is None
    hours = (None, None) if shut else (_time(opens_at), _time(closes_at))
    return Exceptional(_day(first), _day(last), *hours)


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _time(value: Any) -> time:
    return time.fromisoformat(value) if isinstance(value, str) else value


_above: dict[Any, tuple[str, ...]] = {}


def _with_those_above(term: Any) -> tuple[str, ...]:
    """The term and all that it stands under. An id that is not known yet was added meanwhile."""
    if term not in _above:
        rows = {
            key(row[0]): (f"{row[1]}:{row[2]}", row[3] and key(row[3]))
            for row in TaxonomyTerm.objects.order_by("pk").values_list("pk", "taxonomy", "code", "parent_id")
        }
        for own in rows:
            codes, at = [], own
            while at:
                codes.append(rows[at][0])
                at = rows[at][1]
            _above[own] = tuple(codes)
    return _above[term]


def _grouped(query: Prepared, ids: Sequence[Any]) -> type_of_groups:
    found: type_of_groups = defaultdict(list)
    for own, *row in query.rows(ids):
        found[own].append(tuple(row))
    return found


SERVICES = Prepared(
    lambda ids: (
        Service.objects.filter(pk__in=ids)
        .order_by()
        .values_list(
            *ServiceRow._fields[:21],
            "organization__name_en",
            "organization__name_fr",
            "program__name_en",
            "program__name_fr",
            "capacity__value",
            "capacity__as_of",
        )
    )
)


def _hanging_on(model: Any, *columns: str, on: str = "service", order: tuple[str, ...] = ("id",)) -> Prepared:
    return Prepared(
        lambda ids: (
            model.objects.filter(**{f"{on}__in": ids}).order_by(*order).values_list(f"{on}_id", *columns)
        )
    )


ALIASES = _hanging_on(ServiceAlias, "name", order=("name", "id"))
OWNER_ALIASES = _hanging_on(OrganizationAlias, "name", on="organization", order=("name", "id"))
PROGRAM_ALIASES = _hanging_on(ProgramAlias, "name", on="program", order=("name", "id"))
TERMS = _hanging_on(Attribute, "term_id")
LANGUAGES = _hanging_on(Language, "code")
PHONES = _hanging_on(Phone, *PhoneRow._fields, order=("position", "id"))
AREAS = _hanging_on(ServiceArea, "code")
SCHEDULES = _hanging_on(Schedule, *(column.name for column in fields(ScheduleRow)))
EXCEPTIONS = _hanging_on(
    ScheduleException, "first_day", "last_day", "opens_at", "closes_at", order=("first_day", "id")
)
PLACES = _hanging_on(
    ServiceAtLocation,
    *(f"location__{column}" for column in PlaceRow._fields[:7]),
    "location__area_id",
    "location__area__name_en",
    "location__area__name_fr",
    "location__area__latitude",
    "location__area__longitude",
    "location__area__city",
    "location__addresses__postal_code",
    "location__addresses__address_1",
    order=("id", "location__addresses__id"),
)
