"""The slice of a result that a page shows, without putting the whole result in order.

By name, then by id, is the last word in every order: those two are ranks of the snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap

from directory.places import Place
from directory.search.base import bitmap, numbers
from directory.search.documents import COMES
from directory.search.levels import levels, telling_ones
from directory.search.matching import Match
from directory.search.nearness import Nearby, distances, nearest
from directory.search.positions import positioned
from directory.search.snapshot import Snapshot

# From this share of all listings on, going along the names is quicker than sorting.
DENSE = 1 / 40
FEW = 5_000  # names are looked at one by one
type_of_slice = Callable[[BitMap, int, int, int | None], list[int]]
type_of_far = dict[int, tuple[float, bool]]  # in km, and whether that is about


class Segment(NamedTuple):
    """How many listings stand together, which, and how to take some of them in their order.

    ``take(listings, start, stop, after)``: the numbers from ``start`` to before ``stop``; ``after`` is the
    listing before ``start``, where it is known. A late page passes by most segments, and counts them only.
    """

    size: int
    listings: Callable[[], BitMap]
    take: type_of_slice


def _of(listings: BitMap, take: type_of_slice) -> Segment:
    return Segment(len(listings), lambda: listings, take)


def in_order(segments: Iterator[Segment], start: int, size: int, after: int | None) -> list[int]:
    """The numbers on the page that begins with the ``start``-th listing (from 0)."""
    found: list[int] = []
    passed = 0
    for segment in segments:
        first = max(start - passed, 0)
        if first < segment.size and len(found) < size:
            among = segment.listings()
            last = min(first + size - len(found), segment.size)
            here = after if first and after is not None and after in among else None
            found += segment.take(among, first, last, here)
        passed += segment.size
        if len(found) >= size:
            break
    return found


def by_name(snapshot: Snapshot, listings: BitMap, language: str) -> Iterator[Segment]:
    yield _of(listings, _by_rank(snapshot, language))


def kept_first(snapshot: Snapshot, listings: BitMap, language: str, lapsed: BitMap) -> Iterator[Segment]:
    """By name; what was once checked and has lapsed since stands behind what is as good."""
    behind, take = listings.intersection_cardinality(lapsed), _by_rank(snapshot, language)
    yield Segment(len(listings) - behind, lambda: listings - lapsed, take)
    yield Segment(behind, lambda: listings & lapsed, take)


def by_verified(snapshot: Snapshot, listings: BitMap, language: str) -> Iterator[Segment]:
    """The most recently verified first, those never verified last."""

    def take(among: BitMap, start: int, stop: int, after: int | None) -> list[int]:
        found = numbers(among)
        verified, rank = snapshot.column("verified")[found], snapshot.column(f"rank_{language}")[found]
        if len(found) > 4 * stop:
            edge = -np.partition(-verified, stop - 1)[stop - 1]
            found, verified, rank = (values[verified >= edge] for values in (found, verified, rank))
        return _listed(found[np.lexsort((rank, -verified))][start:stop])

    yield _of(listings, take)


def by_distance(
    snapshot: Snapshot, listings: BitMap, language: str, place: Place, far: type_of_far
) -> Iterator[Segment]:
    """The nearest first; then what comes to you without a place to go to; then what has no distance.

    ``far`` is told how far those taken are.
    """
    here = listings & positioned(snapshot)
    yield _of(here, _by_km(snapshot, language, place, far))
    elsewhere = listings - here
    comes = elsewhere & snapshot.code(COMES)
    yield _of(comes, _by_rank(snapshot, language))
    yield _of(elsewhere - comes, _by_rank(snapshot, language))


def by_relevance(
    snapshot: Snapshot,
    listings: BitMap,
    language: str,
    place: Place | None,
    match: Match,
    whole: int,
    far: type_of_far,
    lapsed: BitMap,
) -> Iterator[Segment]:
    """The best level first, in it whose whole name was typed, then what has not lapsed, then by name.

    Near a place: what is called or classed so by distance, then what only mentions it.
    """
    if place:
        good = telling_ones(match, listings)
        yield from by_distance(snapshot, good, language, place, far)
        yield from by_distance(snapshot, listings - good, language, place, far)
        return
    for position, (_value, level) in enumerate(levels(match, listings)):
        if position == 0 and whole and (exact := _named(snapshot, level, whole)):
            yield from kept_first(snapshot, exact, language, lapsed)
            level = level - exact
        yield from kept_first(snapshot, level, language, lapsed)


def page_distances(snapshot: Snapshot, place: Place, page: list[int], far: type_of_far) -> type_of_far:
    """Of all on the page that have one; ``far`` knows some already."""
    rest = [number for number in page if number not in far]
    return far | _told(distances(snapshot, place, rest)) if rest else far


def _told(found: Nearby) -> type_of_far:
    told = zip(found.km.tolist(), found.is_about.tolist(), strict=True)
    return dict(zip(found.numbers.tolist(), told, strict=True))


def _named(snapshot: Snapshot, level: BitMap, whole: int) -> BitMap:
    """Those of the level whose whole name this is, in either language."""
    asked = level if len(level) <= FEW else _base_named(snapshot, whole) & level | level & snapshot.touched
    found = numbers(asked)
    same = (snapshot.column("name_en")[found] == whole) | (snapshot.column("name_fr")[found] == whole)
    return bitmap(found[same])


def _base_named(snapshot: Snapshot, whole: int) -> BitMap:
    """Of the base; of what changed since it may hold too many or too few."""
    kept = snapshot.base.kept
    if "names" not in kept:
        columns = [snapshot.columns[name][: snapshot.base.size].copy() for name in ("name_en", "name_fr")]
        orders = [np.argsort(column).astype(np.uint32) for column in columns]
        kept["names"] = [(column[order], order) for column, order in zip(columns, orders, strict=True)]
    found = BitMap()
    for values, order in kept["names"]:
        first, last = np.searchsorted(values, whole, "left"), np.searchsorted(values, whole, "right")
        found |= bitmap(order[first:last])
    return found


def _by_rank(snapshot: Snapshot, language: str) -> type_of_slice:
    def take(among: BitMap, start: int, stop: int, after: int | None) -> list[int]:
        rank = snapshot.column(f"rank_{language}")
        beyond = -np.inf if after is None else rank[after]
        skip = start if after is None else 0
        wanted = skip + stop - start
        if len(among) > DENSE * snapshot.base.size and len(among) > 4 * wanted:
            found = _along_names(snapshot, language, among, wanted, beyond)
        else:
            found = numbers(among)
        ranks = rank[found]
        found, ranks = found[ranks > beyond], ranks[ranks > beyond]
        if len(found) > 2 * wanted:
            nearest_ranks = np.argpartition(ranks, wanted - 1)[:wanted]
            found, ranks = found[nearest_ranks], ranks[nearest_ranks]
        return _listed(found[np.argsort(ranks)][skip:wanted])

    return take


def _along_names(snapshot: Snapshot, language: str, among: BitMap, wanted: int, beyond: float) -> Any:
    """The ``wanted`` first after ``beyond`` and more: of the base along its names, and all later ones."""
    base_rank = snapshot.columns[f"rank_{language}"]
    order = snapshot.base.by_name(language)
    later, stored = among & snapshot.touched, among - snapshot.touched if snapshot.touched else among
    found = []
    at, count = max(int(np.floor(beyond)), 0) if beyond > -np.inf else 0, 0
    chunk = int(2 * wanted * snapshot.base.size / max(len(stored), 1)) + 64
    while at < len(order) and count < wanted:
        passed = order[at : at + chunk]
        hit = numbers(stored & bitmap(passed))
        hit = hit[base_rank[hit] > beyond]
        found.append(hit)
        count += len(hit)
        at += chunk
    return np.concatenate([*found, numbers(later)])


def _by_km(snapshot: Snapshot, language: str, place: Place, far: type_of_far) -> type_of_slice:
    def take(among: BitMap, start: int, stop: int, after: int | None) -> list[int]:
        rank = snapshot.column(f"rank_{language}")
        beyond_km = 0.0 if after is None else float(distances(snapshot, place, [after]).km[0])
        skip = start if after is None else 0
        needed = skip + stop - start
        asked = needed
        while True:
            # Listings at the very distance of the one before may stand before it, and count for nothing.
            found = nearest(snapshot, place, among, asked, beyond_km)
            following = _following(found, rank, after, beyond_km)
            if len(following) >= needed or len(found.numbers) < asked:
                far.update(_told(found))
                return following[skip:needed]
            asked *= 2

    return take


def _following(found: Nearby, rank: Any, after: int | None, beyond_km: float) -> list[int]:
    order = np.lexsort((rank[found.numbers], found.km))
    if after is not None:
        km, ranks = found.km[order], rank[found.numbers[order]]
        order = order[(km > beyond_km) | ((km == beyond_km) & (ranks > rank[after]))]
    return _listed(found.numbers[order])


def _listed(found: Any) -> list[int]:
    listed: list[int] = found.tolist()
    return listed
