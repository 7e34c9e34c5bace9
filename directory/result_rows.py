"""The listings of a page of results, from what the index keeps of them ready made: one statement.

A page of twenty costs the interpreter more than the databases; instances alone would cost as much as
the whole search.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from functools import cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from orjson import dumps, loads

from directory.capacity import holds, oldest_told
from directory.models import Area, SearchEntry, Taxonomy, TaxonomyTerm
from directory.models.attachments import CapacityValue
from directory.prepared import Prepared, key, keys
from directory.search import store
from directory.search.packing import UnknownFormat, unpack_shown
from directory.search.shown import NULL, TRUE, Shown, shown_of
from directory.search.sources import sources
from partners.actor import Actor
from partners.roles import Capability

UNKNOWN = dumps(CapacityValue.UNKNOWN.value)
TO_THE_SECOND = slice(len('"2026-11-24T10:00:00'))  # of a time in UTC as JSON


class CodedRow(NamedTuple):
    code: str
    name_en: str
    name_fr: str


class ResultRow(NamedTuple):
    """What a result shows. ``capacity``: the value that still holds, as JSON."""

    id: UUID
    shown: Shown
    capacity: bytes
    categories: list[CodedRow]
    area: CodedRow | None


class _Table(Protocol):
    """Names of a vocabulary with their places in it, by code; read again for a code that was added since."""

    def __call__(self) -> dict[str, tuple[int, CodedRow]]: ...

    def cache_clear(self) -> None: ...


def result_rows(ids: Iterable[UUID], actor: Actor, entry_rows: Iterable[int] = ()) -> list[ResultRow | None]:
    """The rows of those listings, at most 500, in step with them. None: the actor may no longer see it.

    ``entry_rows``: where their entries were, as far as that is known.
    """
    wanted = list(ids)
    own_keys = keys(wanted)
    entries = {own: shown for own, entry in _entries(own_keys, entry_rows) if (shown := _readable(entry))}
    if len(entries) < len(wanted):  # no entry as this version writes it, or none at all
        missing = [one for one, own in zip(wanted, own_keys, strict=True) if own not in entries]
        entries |= {key(source.id): shown_of(source) for source in sources(missing)}
    owner = actor.organization_id if actor.can(Capability.EDIT_LISTINGS) else None
    own_listings = dumps(owner) if owner else None
    oldest = dumps(oldest_told().astimezone(UTC))[TO_THE_SECOND]
    found: list[ResultRow | None] = []
    for one, own in zip(wanted, own_keys, strict=True):
        shown = entries.get(own)
        is_seen = shown and (shown.is_public == TRUE or shown.owner == own_listings)
        found.append(_row(one, shown, oldest) if shown and is_seen else None)
    return found


def _entries(own_keys: list[Any], rows: Iterable[int]) -> list[tuple[Any, ...]]:
    """By their rows where they still are there, else by their keys."""
    wanted = set(own_keys)
    found = [one for one in store.at_rows([row for row in rows if row]) if one[0] in wanted]
    if len(found) < len(wanted):
        found += ENTRIES.rows(list(wanted.difference(own for own, _entry in found)))
    return found


def _readable(entry: bytes | memoryview) -> Shown | None:
    try:
        return unpack_shown(entry)
    except UnknownFormat:
        return None


def _row(service_id: UUID, shown: Shown, oldest: bytes) -> ResultRow:
    capacity = shown.capacity
    if capacity == NULL or not holds(shown.capacity_as_of[TO_THE_SECOND], oldest):
        capacity = UNKNOWN
    area = None if shown.area == NULL else _met(_areas, [loads(shown.area)])
    categories = _met(_category_terms, loads(shown.categories))
    return ResultRow(service_id, shown, capacity, categories, area[0] if area else None)


def _met(table: _Table, codes: Sequence[str]) -> list[CodedRow]:
    """Those that the vocabulary has, in its order."""
    known = table()
    try:
        rows = [known[code] for code in codes]
    except KeyError:
        table.cache_clear()
        known = table()
        rows = [known[code] for code in codes if code in known]
    return [row for _position, row in (sorted(rows) if len(rows) > 1 else rows)]


@cache
def _category_terms() -> dict[str, tuple[int, CodedRow]]:
    """In the order of the tree. They change with a migration only."""
    terms = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY).order_by("position", "code")
    return _numbered(terms.values_list("code", "name_en", "name_fr"))


@cache
def _areas() -> dict[str, tuple[int, CodedRow]]:
    return _numbered(Area.objects.order_by("code").values_list("code", "name_en", "name_fr"))


def _numbered(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[int, CodedRow]]:
    return {row[0]: (position, CodedRow(*row)) for position, row in enumerate(rows)}


ENTRIES = Prepared(
    lambda ids: SearchEntry.objects.filter(pk__in=ids).order_by().values_list("service_id", "document")
)
