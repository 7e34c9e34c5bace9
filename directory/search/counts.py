"""How many listings each value of each facet would find: counted without the facet's own choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap

from directory.folding import normalise
from directory.search.base import CAPACITIES
from directory.search.narrow import (
    CODED,
    accepting,
    meeting,
    of_capacity,
    type_of_filters,
    verified_within,
)
from directory.search.opening import open_at
from directory.search.snapshot import Snapshot
from directory.taxonomies import rows

VERIFIED_DAYS = (90, 180)


@dataclass(frozen=True)
class FacetCount:
    """``value`` is what the parameter of the facet's name accepts; it finds ``count`` listings."""

    value: str
    count: int


def facet_counts(
    snapshot: Snapshot, within: BitMap, filters: type_of_filters, now: datetime
) -> dict[str, list[FacetCount]]:
    """Values that find nothing are left out. ``within`` is what is found before any filter."""
    everything = meeting(filters.values(), within)
    found = {}
    for facet, values in _values(snapshot, now).items():
        others = (listings for name, listings in filters.items() if name != facet)
        base = meeting(others, within) if facet in filters else everything
        counted = ((value, base.intersection_cardinality(listings)) for value, listings in values)
        found[facet] = [FacetCount(value, count) for value, count in counted if count]
    return found


def _values(snapshot: Snapshot, now: datetime) -> dict[str, list[tuple[str, BitMap]]]:
    return snapshot.cached("facet values", lambda: _coded(snapshot)) | {
        "capacity": [(value, of_capacity(snapshot, value)) for value in CAPACITIES],
        "open_now": [("true", open_at(snapshot, now))],
        "verified_within": [(str(days), verified_within(snapshot, days)) for days in VERIFIED_DAYS],
    }


def _coded(snapshot: Snapshot) -> dict[str, list[tuple[str, BitMap]]]:
    """The facets whose values are codes; of places the areas of the reviewed list."""
    values = {
        facet: [(code, snapshot.code(f"{facet}:{code}")) for code in snapshot.codes_of(facet)]
        for facet in CODED
    }
    areas = [row["code"] for row in rows("areas.csv")]
    values["place"] = [(code, snapshot.code(f"place:{normalise(code)}")) for code in areas]
    values["accepts_referrals"] = [("true", accepting(snapshot, True)), ("false", accepting(snapshot, False))]
    return values
