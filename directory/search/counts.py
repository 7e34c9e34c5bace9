"""How many listings each value of each facet would find: counted without the facet's own choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap

from directory.folding import normalise
from directory.search.base import CAPACITIES
from directory.search.narrow import CODED, meeting, of_capacity, type_of_filters, verified_within
from directory.search.opening import open_at
from directory.search.snapshot import Snapshot
from directory.search.tally import Tally
from directory.taxonomies import rows

VERIFIED_DAYS = (90, 180)
MANY = 0.1  # from this share of all on they are counted sooner code by code
type_of_terms = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class FacetCount:
    """``value`` is what the parameter of the facet's name accepts; it finds ``count`` listings."""

    value: str
    count: int


def facet_counts(
    snapshot: Snapshot, within: BitMap, filters: type_of_filters, now: datetime
) -> dict[str, list[FacetCount]]:
    """Values that find nothing are left out. ``within`` is what is found before any filter."""
    everything = meeting(filters.values(), within)
    of_everything = _counter(snapshot, everything)

    def without(facet: str) -> tuple[BitMap, Callable[[str], int]]:
        if facet not in filters:
            return everything, of_everything
        others = meeting((listings for name, listings in filters.items() if name != facet), within)
        return others, _counter(snapshot, others)

    found = {}
    for facet, terms in _terms(snapshot).items():
        count = without(facet)[1]
        found[facet] = [FacetCount(value, number) for value, term in terms if (number := count(term))]
    for facet, values in _values(snapshot, now).items():
        base = without(facet)[0]
        counted = ((value, base.intersection_cardinality(listings)) for value, listings in values)
        found[facet] = [FacetCount(value, number) for value, number in counted if number]
    return found


def _counter(snapshot: Snapshot, listings: BitMap) -> Callable[[str], int]:
    """Tells for a term how many of the listings carry it."""

    def one_by_one(term: str) -> int:
        return listings.intersection_cardinality(snapshot.code(term))

    if len(listings) > MANY * snapshot.base.size:
        return one_by_one
    tally = _tally(snapshot)
    later = listings & snapshot.touched
    counts = tally.count(listings - later if later else listings)

    def tallied(term: str) -> int:
        more = later.intersection_cardinality(snapshot.code(term)) if later else 0
        return counts[tally.places[term]] + more if term in tally.places else one_by_one(term)

    return tallied


def _tally(snapshot: Snapshot) -> Tally:
    """Made when counts are first asked for, and kept as long as the base."""
    kept = snapshot.base.kept
    if "tally" not in kept:
        terms = [term for terms in _terms(snapshot).values() for _value, term in terms]
        kept["tally"] = Tally(snapshot.base, terms)
    tally: Tally = kept["tally"]
    return tally


def _values(snapshot: Snapshot, now: datetime) -> dict[str, list[tuple[str, BitMap]]]:
    """Of what changes with time."""
    return {
        "capacity": [(value, of_capacity(snapshot, value)) for value in CAPACITIES],
        "open_now": [("true", open_at(snapshot, now))],
        "verified_within": [(str(days), verified_within(snapshot, days)) for days in VERIFIED_DAYS],
    }


def _terms(snapshot: Snapshot) -> type_of_terms:
    """The facets whose values are codes, with the term of each; of places the areas of the reviewed list."""
    return snapshot.cached("facet terms", lambda: _made(snapshot))


def _made(snapshot: Snapshot) -> type_of_terms:
    terms = {facet: [(code, f"{facet}:{code}") for code in snapshot.codes_of(facet)] for facet in CODED}
    areas = [row["code"] for row in rows("areas.csv")]
    terms["place"] = [(code, f"place:{normalise(code)}") for code in areas]
    terms["accepts_referrals"] = [(value, f"accepts_referrals:{value}") for value in ("true", "false")]
    return terms
