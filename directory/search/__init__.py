"""Search: the one entry point for pages and API."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from directory.models import Service
from directory.places import Place, find_place
from directory.search.criteria import Criteria
from directory.search.distance import Distance, distances, in_box
from directory.search.facets import narrow
from directory.search.index import MARK, PARTS
from directory.search.text import normalise, query_words
from partners.actor import Actor
from partners.bilingual import reader_language

__all__ = ["Criteria", "Found", "SearchPage", "search_services"]


@dataclass(frozen=True)
class Found:
    """One result. ``distance_km`` is None without ``near`` and where no position may be known."""

    service: Service
    distance_km: float | None
    distance_is_about: bool


@dataclass(frozen=True)
class SearchPage:
    """One page of results; a page after the last one is empty. ``pages`` is at least 1."""

    results: list[Found]
    count: int
    page: int
    page_size: int
    pages: int
    near: Place | None
    criteria: Criteria


@dataclass(frozen=True)
class _Row:
    id: Any
    sort: str
    verified: float
    rank: tuple[int, int]
    distance: Distance | None


def search_services(
    *,
    actor: Actor,
    criteria: Criteria,
    page: int = 1,
    page_size: int = 20,
    language: str | None = None,
) -> SearchPage:
    """What the actor may find, in a fixed order: ties go by name, then by id.

    A listing without a position is left out by ``radius_km`` and stands last by distance. Raises
    Invalid for a ``near`` that is not in the gazetteer.
    """
    near = find_place(criteria.near) if criteria.near else None
    services = narrow(Service.objects.visible_to(actor), criteria)
    if near and criteria.radius_km is not None:
        services = in_box(services, near, criteria.radius_km)
    found = distances(services, near) if near else {}
    rows = _rows(services, criteria, found, language or reader_language())
    if near and criteria.radius_km is not None:
        rows = [row for row in rows if row.distance and row.distance.km <= criteria.radius_km]
    rows.sort(key=lambda row: _order(row, criteria))
    start = (max(page, 1) - 1) * page_size
    return SearchPage(
        results=_fetch(rows[start : start + page_size]),
        count=len(rows),
        page=max(page, 1),
        page_size=page_size,
        pages=max(1, ceil(len(rows) / page_size)),
        near=near,
        criteria=criteria,
    )


def _rows(services: Any, criteria: Criteria, found: dict[Any, Distance], language: str) -> list[_Row]:
    columns = ["id", f"sort_{language}", "verified_at"] + (["search_text"] if criteria.q else [])
    phrase, words = normalise(criteria.q), query_words(criteria.q)
    return [
        _Row(
            id=row[0],
            sort=row[1],
            verified=row[2].timestamp() if row[2] else 0.0,
            rank=_rank(row[3], phrase, words) if criteria.q else (0, 0),
            distance=found.get(row[0]),
        )
        for row in services.order_by("id").values_list(*columns)
    ]


def _rank(search_text: str, phrase: str, words: list[str]) -> tuple[int, int]:
    """Smaller is better: where the words stand, then where the phrase as a whole does.

    Places are the parts of the text, counted from 0: name, alias, category, organization, description.
    """
    whole = _part_of(search_text, phrase)
    return sum(_part_of(search_text, word) or 0 for word in words), len(PARTS) if whole is None else whole


def _part_of(search_text: str, text: str) -> int | None:
    at = search_text.find(f" {text}")
    return search_text.count(MARK, 0, at) if at >= 0 else None


def _order(row: _Row, criteria: Criteria) -> tuple[Any, ...]:
    far = row.distance.km if row.distance else float("inf")
    by: dict[str, tuple[Any, ...]] = {
        "relevance": (row.rank, far),
        "distance": (far, row.rank),
        "name": (),
        "verified": (-row.verified,),
    }
    return (*by[criteria.ordering], row.sort, row.id)


def _fetch(rows: list[_Row]) -> list[Found]:
    services = Service.objects.for_listing().in_bulk([row.id for row in rows])
    return [
        Found(
            service=services[row.id],
            distance_km=row.distance.km if row.distance else None,
            distance_is_about=row.distance.is_about if row.distance else False,
        )
        for row in rows
        if row.id in services
    ]
