"""Where listings are: the positions of the base as it keeps them, and those of what changed since."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap

from directory.search.base import bitmap, numbers
from directory.search.rings import located, ranges
from directory.search.snapshot import Snapshot


class Spots(NamedTuple):
    """Positions, in step with whose they are: ``at`` as ``located`` makes them. Those of one listing stand
    together."""

    owners: Any
    at: Any

    def only(self, kept: Any) -> Spots:
        where = np.flatnonzero(kept)
        return Spots(self.owners.take(where), self.at.take(where))


def positioned(snapshot: Snapshot) -> BitMap:
    """The listings that have a distance."""

    def make() -> BitMap:
        counts = np.diff(snapshot.base.starts)
        changed = BitMap(
            number for number, document in snapshot.changed.items() if document and document.points
        )
        found = (bitmap(np.flatnonzero(counts)) - snapshot.touched) | changed
        found.run_optimize()  # who has none has the last numbers
        return found

    return snapshot.cached("positioned", make)


def spots_of(snapshot: Snapshot, asked: BitMap) -> Spots:
    """All positions of these listings."""
    if not asked.intersect(snapshot.touched):
        return _stored(snapshot, asked)
    stored, changed = _stored(snapshot, asked - snapshot.touched), _changed(snapshot)
    owners = changed.owners.tolist()
    kept = changed.only(np.fromiter((owner in asked for owner in owners), dtype=bool, count=len(owners)))
    return Spots(np.concatenate([stored.owners, kept.owners]), np.concatenate([stored.at, kept.at]))


def _stored(snapshot: Snapshot, asked: BitMap) -> Spots:
    """Of listings that are as the base has them."""
    own, base = numbers(asked), snapshot.base
    first, last = base.starts.take(own), base.starts.take(own + 1)
    if (last - first == 1).all():
        return Spots(own, base.at.take(first))
    first, last = first.astype(np.int64), last.astype(np.int64)
    return Spots(np.repeat(own, last - first), base.at.take(ranges(first, last)))


def _changed(snapshot: Snapshot) -> Spots:
    def make() -> Spots:
        rows = [
            (number, *point)
            for number, document in snapshot.changed.items()
            if document
            for point in document.points
        ]
        owners, latitude, longitude, about = zip(*rows, strict=True) if rows else ((), (), (), ())
        return Spots(np.array(owners, dtype=np.uint32), located(latitude, longitude, about))

    return snapshot.cached("changed positions", make)
