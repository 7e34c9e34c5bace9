"""Search: the one entry point for pages and API.

``snapshot`` holds the index, ``query`` and ``matching`` find text, ``narrow`` the facets, ``nearness``
what is near; ``order`` takes the page. Nothing of it looks at all listings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import ceil
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.utils import timezone
from pyroaring import BitMap

from directory.places import Place, find_place
from directory.search import explain, narrow, order, phrases
from directory.search.base import StaleBase, name_hash
from directory.search.counts import FacetCount, Unfiltered, facet_counts
from directory.search.criteria import Criteria, Ordering
from directory.search.documents import COMES
from directory.search.fields import Seen
from directory.search.matching import Match, match, named_so
from directory.search.query import Query, parse
from directory.search.said_place import said_last, said_plainly
from directory.search.snapshot import TRIES, Snapshot, current
from partners.actor import Actor
from partners.bilingual import reader_language

NO_DISTANCE = None, False
__all__ = ["Criteria", "FacetCount", "Hit", "SearchPage", "search_each", "search_services"]

Found = TypeVar("Found")


class Hit(NamedTuple):
    """One result. ``distance_km`` is None without ``near`` and where no position may be known.

    ``comes_to_you``: by phone, online, by a team that goes out, or for the whole province.
    ``matched``: where the words were found: name, alias, category, organization, place, description.
    ``hours``: the opening pattern as JSON, empty where no hours are known. ``row``: where its entry was
    when the index was made, if the database can tell, else 0; what stands there now may be another's.
    """

    id: UUID
    distance_km: float | None = None
    distance_is_about: bool = False
    comes_to_you: bool = False
    matched: tuple[str, ...] = ()
    hours: str = ""
    row: int = 0


@dataclass(frozen=True)
class SearchPage:
    """One page of results; a page after the last one is empty. ``pages`` is at least 1.

    ``facets`` is None unless they were asked for. ``respelled``: words that no listing holds and what
    was looked for instead. ``is_partial``: hardly any listing has all the words, so these have most.
    ``stems``: what was looked for, to mark it in the texts.
    """

    hits: list[Hit]
    count: int
    page: int
    page_size: int
    pages: int
    near: Place | None
    criteria: Criteria
    facets: dict[str, list[FacetCount]] | None = None
    respelled: tuple[explain.Respelling, ...] = ()
    is_partial: bool = False
    stems: frozenset[str] = field(default_factory=frozenset)


def search_services(
    *,
    actor: Actor,
    criteria: Criteria,
    page: int = 1,
    page_size: int = 20,
    language: str | None = None,
    facets: bool = False,
    after: UUID | None = None,
) -> SearchPage:
    """What the actor may find, in a fixed order: ties go by name, then by id.

    A listing without a position is left out by ``radius_km``, unless it comes to you, and stands last
    by distance. ``after`` is the last listing of the page before, if the reader comes from there: it
    makes a late page as quick as the first. Raises Invalid for a ``near`` that is not known.
    """
    asked = (actor, criteria, max(page, 1), page_size, language or reader_language(), facets, after)
    return _in_one_state(lambda snapshot: _search(snapshot, *asked))


def search_each(*, actor: Actor, ways: Iterable[Criteria], page_size: int = 20) -> list[SearchPage]:
    """The first page of several searches, all over one state of the index. Raises as ``search_services``."""
    asked = [(actor, criteria, 1, page_size, reader_language(), False, None) for criteria in ways]
    return _in_one_state(lambda snapshot: [_search(snapshot, *one) for one in asked])


def _in_one_state(search: Callable[[Snapshot], Found]) -> Found:
    for _attempt in range(TRIES):
        try:
            return search(current())
        except StaleBase:  # a new base took the place of the one that was being read
            continue
    raise StaleBase


def _search(
    snapshot: Snapshot,
    actor: Actor,
    criteria: Criteria,
    page: int,
    page_size: int,
    language: str,
    facets: bool,
    after: UUID | None,
) -> SearchPage:
    now = timezone.now()
    seen = narrow.seen_by(snapshot, actor)
    criteria, query, found = _understood(seen, criteria, language)
    place = find_place(criteria.near) if criteria.near else None
    asked = _unfiltered(seen, criteria, query, found, language)
    filters = narrow.filters(snapshot, criteria, place, now)
    everything = narrow.meeting(filters.values(), asked.listings)
    far: order.type_of_far = {}
    segments = _segments(snapshot, criteria, everything, language, place, found, query, far)
    start = (page - 1) * page_size
    numbers = order.in_order(segments, start, page_size, snapshot.number_of(after) if after else None)
    for answer in found.answers:
        snapshot.weigh(answer.key, answer)
    return SearchPage(
        hits=_hits(snapshot, numbers, place, found, far),
        count=len(everything),
        page=page,
        page_size=page_size,
        pages=max(1, ceil(len(everything) / page_size)),
        near=place,
        criteria=criteria,
        facets=facet_counts(snapshot, asked, filters, everything, now) if facets else None,
        respelled=explain.respellings(snapshot, found),
        is_partial=found.is_partial,
        stems=explain.looked_for(found),
    )


def _understood(seen: Seen, criteria: Criteria, language: str) -> tuple[Criteria, Query, Match]:
    """The text as words, and as a place where it says one that the listings do not have in their words."""
    if said := None if criteria.near else said_plainly(criteria.q):
        criteria = replace(criteria, q=said.q, near=said.near, ordering=nearest_first(criteria))
    query = parse(criteria.q)
    found = match(seen, query, language)
    if not criteria.near and not named_so(seen, query) and (said := said_last(criteria.q)):
        shorter = parse(said.q)
        rest = match(seen, shorter, language)
        if rest.all and not rest.is_partial:
            return replace(criteria, q=said.q, near=said.near), shorter, rest
    return criteria, query, found


def _unfiltered(seen: Seen, criteria: Criteria, query: Query, found: Match, language: str) -> Unfiltered:
    """What the text alone finds; without one, everything that the reader may see."""
    within = found.all if criteria.q.strip() else seen.visible
    if query.phrases:
        within = phrases.holding(seen.snapshot, query.phrases, within, (query, language, seen.whose))
    key = tuple(answer.key for answer in found.answers), query.phrases, found.is_partial, seen.whose
    return Unfiltered(within, key)


def nearest_first(criteria: Criteria) -> Ordering:
    """Who names a place wants the nearest first, unless another order was asked for."""
    return "distance" if criteria.ordering == "relevance" else criteria.ordering


def _segments(
    snapshot: Snapshot,
    criteria: Criteria,
    listings: BitMap,
    language: str,
    place: Place | None,
    found: Match,
    query: Query,
    far: order.type_of_far,
) -> Iterator[order.Segment]:
    if criteria.ordering == "distance" and place:
        return order.by_distance(snapshot, listings, language, place, far)
    if criteria.ordering == "verified":
        return order.by_verified(snapshot, listings, language)
    if criteria.ordering == "relevance":
        late = narrow.lapsed(snapshot)
        if found.answers or place:
            whole = name_hash(query.whole)
            return order.by_relevance(snapshot, listings, language, place, found, whole, far, late)
        return order.kept_first(snapshot, listings, language, late)
    return order.by_name(snapshot, listings, language)


def _hits(
    snapshot: Snapshot, numbers: list[int], place: Place | None, found: Match, far: order.type_of_far
) -> list[Hit]:
    if place:
        far = order.page_distances(snapshot, place, numbers, far)
    comes, patterns = snapshot.code(COMES), snapshot.patterns
    hours = snapshot.columns["hours"][numbers].tolist()
    matched = explain.matched(found, numbers)
    hits = []
    for number, pattern in zip(numbers, hours, strict=True):
        km, is_about = far.get(number, NO_DISTANCE)
        said = patterns[pattern] if pattern >= 0 else ""
        listing, row = snapshot.id_of(number), snapshot.base.row_of(number)
        hits.append(Hit(listing, km, is_about, number in comes, matched[number], said, row))
    return hits
