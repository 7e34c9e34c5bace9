"""How many listings each value of each facet would find: counted without the facet's own choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap

from directory.folding import normalise
from directory.search.base import CAPACITIES, NOTHING
from directory.search.documents import Document
from directory.search.narrow import CODED, meeting, of_capacity, type_of_filters, verified_within
from directory.search.opening import open_at
from directory.search.snapshot import Snapshot
from directory.search.tally import Tally
from directory.taxonomies import rows

VERIFIED_DAYS = (90, 180)
MANY = 1 / 15  # from this share of all on they are counted sooner code by code


@dataclass(frozen=True, slots=True)
class FacetCount:
    """``value`` is what the parameter of the facet's name accepts; it finds ``count`` listings."""

    value: str
    count: int


class Unfiltered(NamedTuple):
    """What is found before any filter. ``key`` tells it from all else that is asked of the same state."""

    listings: BitMap
    key: Any


def facet_counts(
    snapshot: Snapshot, found: Unfiltered, filters: type_of_filters, left: BitMap, now: datetime
) -> dict[str, list[FacetCount]]:
    """``left``: what all filters leave. Values that find nothing are left out."""
    of_everything = _counts_of(snapshot, left, found)
    counts = {}
    for facet, (values, places) in _terms(snapshot).facets.items():
        of_terms = of_everything
        if facet in filters:
            of_terms = _counts_of(snapshot, _without(facet, filters, found), found)
        told = zip(values, of_terms[places].tolist(), strict=True)
        counts[facet] = [FacetCount(value, count) for value, count in told if count]
    for facet, timely in _values(snapshot, now).items():
        base = _without(facet, filters, found) if facet in filters else left
        held = ((value, base.intersection_cardinality(listings)) for value, listings in timely)
        counts[facet] = [FacetCount(value, count) for value, count in held if count]
    return counts


def _without(facet: str, filters: type_of_filters, found: Unfiltered) -> BitMap:
    return meeting((listings for name, listings in filters.items() if name != facet), found.listings)


def _counts_of(snapshot: Snapshot, listings: BitMap, found: Unfiltered) -> Any:
    """How many of the listings carry each term, in the order of the terms. What the filters leave of nearly
    everything is counted as the rest, by what they took away."""
    gone = found.listings - listings
    if len(gone) >= len(listings):
        return _counted(snapshot, listings)
    key = ("counted", found.key)
    whole = snapshot.cached(key, lambda: _Counted(_counted(snapshot, found.listings))).counts
    return whole - _counted(snapshot, gone) if gone else whole


class _Counted(NamedTuple):
    counts: Any

    @property
    def in_bytes(self) -> int:
        return int(self.counts.nbytes)


def _counted(snapshot: Snapshot, listings: BitMap) -> Any:
    terms = _terms(snapshot).terms
    later = listings & snapshot.touched
    settled = listings - later if later else listings
    if len(settled) > MANY * snapshot.base.size:
        codes = snapshot.base.codes
        held = (settled.intersection_cardinality(codes.get(term, NOTHING)) for term in terms)
        counts = np.fromiter(held, dtype=np.int64, count=len(terms))
    else:
        tally = _tally(snapshot)
        counts = tally.count(settled)[snapshot.cached("in tally", lambda: tally.places_of(terms))]
    if later:
        more = Counter(chain.from_iterable(document.terms for document in _documents(snapshot, later)))
        counts = counts + np.array([more[term] for term in terms], dtype=np.int64)
    return counts


def _documents(snapshot: Snapshot, numbers: BitMap) -> Iterator[Document]:
    return (document for number in numbers if (document := snapshot.changed[number]))


def _tally(snapshot: Snapshot) -> Tally:
    """Made when counts are first asked for, and kept as long as the base."""
    kept = snapshot.base.kept
    if "tally" not in kept:
        kept["tally"] = Tally(snapshot.base, _terms(snapshot).terms)
    tally: Tally = kept["tally"]
    return tally


def _values(snapshot: Snapshot, now: datetime) -> dict[str, list[tuple[str, BitMap]]]:
    """Of what changes with time."""
    return {
        "capacity": [(value, of_capacity(snapshot, value)) for value in CAPACITIES],
        "open_now": [("true", open_at(snapshot, now))],
        "verified_within": [(str(days), verified_within(snapshot, days)) for days in VERIFIED_DAYS],
    }


class _Terms(NamedTuple):
    """The facets whose values are codes: ``facets`` tells each value of a facet, and where in ``terms`` the
    facet's stand."""

    facets: dict[str, tuple[list[str], slice]]
    terms: list[str]


def _terms(snapshot: Snapshot) -> _Terms:
    return snapshot.cached("facet terms", lambda: _made(snapshot))


def _made(snapshot: Snapshot) -> _Terms:
    """Of places the areas of the reviewed list."""
    made = _Terms({}, [])

    def add(facet: str, values: list[str], codes: list[str]) -> None:
        made.facets[facet] = values, slice(len(made.terms), len(made.terms) + len(values))
        made.terms.extend(f"{facet}:{code}" for code in codes)

    for facet in CODED:
        add(facet, snapshot.codes_of(facet), snapshot.codes_of(facet))
    areas = [row["code"] for row in rows("areas.csv")]
    add("place", areas, [normalise(code) for code in areas])
    add("accepts_referrals", ["true", "false"], ["true", "false"])
    return made
