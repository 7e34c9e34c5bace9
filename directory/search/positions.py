"""Where listings are: the positions of the base as it keeps them, and those of what changed since."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap

from directory.search.base import bitmap, numbers
from directory.search.rings import ranges, units
from directory.search.snapshot import Snapshot


class Points(NamedTuple):
    """Positions in degrees, in step; ``about``: not the door itself."""

    owners: Any
    latitude: Any
    longitude: Any
    about: Any


class Spots(NamedTuple):
    """Positions as points on a sphere, one column each."""

    owners: Any
    unit: Any

    def only(self, kept: Any) -> Spots:
        where = np.flatnonzero(kept)
        return Spots(self.owners.take(where), self.unit.take(where, axis=1))


def positioned(snapshot: Snapshot) -> BitMap:
    """The listings that have a distance."""

    def make() -> BitMap:
        counts = np.diff(snapshot.base.starts)
        changed = BitMap(
            number for number, document in snapshot.changed.items() if document and document.points
        )
        return (bitmap(np.flatnonzero(counts)) - snapshot.touched) | changed

    return snapshot.cached("positioned", make)


def only(found: tuple[Any, ...], kept: Any) -> list[Any]:
    """The rows of each of these arrays that are kept."""
    return [values[kept] for values in found]


def _changed_points(snapshot: Snapshot) -> Points:
    def make() -> Points:
        rows = [
            (number, *point)
            for number, document in snapshot.changed.items()
            if document
            for point in document.points
        ]
        owners, latitude, longitude, about = zip(*rows, strict=True) if rows else ((), (), (), ())
        return Points(
            np.array(owners, dtype=np.uint32),
            np.array(latitude, dtype="f8"),
            np.array(longitude, dtype="f8"),
            np.array(about, dtype="u1"),
        )

    return snapshot.cached("changed points", make)


def _with_changed(snapshot: Snapshot, stored: Spots, asked: BitMap) -> Spots:
    changed = _changed_points(snapshot)
    kept = Points(*only(changed, _are_in(asked, changed.owners)))
    return Spots(
        np.concatenate([stored.owners, kept.owners]),
        np.concatenate([stored.unit, units(kept.latitude, kept.longitude)], axis=1),
    )


def _are_in(listings: BitMap, owners: Any) -> Any:
    return np.fromiter((owner in listings for owner in owners.tolist()), dtype=bool, count=len(owners))


def _places_of(snapshot: Snapshot, asked: BitMap) -> tuple[Any, Any]:
    """Where the positions stand in the arrays of the base, and whose they are; nothing asked has changed."""
    own = numbers(asked)
    starts = snapshot.base.starts
    first, last = starts.take(own), starts.take(own + 1)
    if len(own) and (last - first == 1).all():  # as nearly always: each is in one place
        return first, own
    first, last = first.astype(np.int64), last.astype(np.int64)
    return ranges(first, last), np.repeat(own, last - first)


def spots_of(snapshot: Snapshot, asked: BitMap) -> Spots:
    """All positions of these listings."""
    changed = asked.intersect(snapshot.touched)
    places, owners = _places_of(snapshot, asked - snapshot.touched if changed else asked)
    stored = Spots(owners, snapshot.base.unit.take(places, axis=1))
    return _with_changed(snapshot, stored, asked) if changed else stored


def points_of(snapshot: Snapshot, asked: BitMap) -> Points:
    """The same, in degrees."""
    base, are_changed = snapshot.base, asked.intersect(snapshot.touched)
    places, owners = _places_of(snapshot, asked - snapshot.touched if are_changed else asked)
    stored = Points(owners, base.latitude[places], base.longitude[places], base.about[places])
    if not are_changed:
        return stored
    changed = _changed_points(snapshot)
    kept = only(changed, _are_in(asked, changed.owners))
    return Points(*(np.concatenate(pair) for pair in zip(stored, kept, strict=True)))
