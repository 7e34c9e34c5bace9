"""Distances from a place to the listings, and the nearest of many without looking at all of them.

The positions are the stored ones and the areas' public points; a listing without one has no distance.
A sphere tells who may be near; the ellipsoid (pyproj, the algorithm of geopy's geodesic) decides.
"""

from __future__ import annotations

from math import cos, radians, sin
from typing import Any, NamedTuple

import numpy as np
from pyproj import Geod
from pyroaring import BitMap

from directory.places import Place
from directory.search.base import bitmap
from directory.search.positions import Spots, spots_of
from directory.search.rings import (
    OFF,
    SLACK_KM,
    box_about,
    in_blocks,
    km_of,
    one_km_of,
    square_of,
    well_inside,
    within,
)
from directory.search.snapshot import Snapshot

ELLIPSOID = Geod(ellps="WGS84")
FIRST_KM, FURTHEST_KM = 1.0, 21_000.0
WELL_INSIDE_KM = 3.0
SMALL = 500
ROWS_WORTH = 16  # listings looked at in the time that the rows of a ring take, for each km of its radius
# How many positions a ring should hold for each listing wanted, allowing for clusters.
PLENTY = 2
WIDER = 2**0.5  # from one ring that is thought of to the next
# A listing with two places is counted twice until the distances are exact.
SOME_TWICE = 4
# So many spots for each listing wanted, and some, are looked at first.
SPARE, SOME_MORE = 2, 20


class Nearby(NamedTuple):
    """Listings with their distances in km, in step: ``numbers[i]`` is ``km[i]`` away."""

    numbers: Any
    km: Any
    is_about: Any

    def only(self, kept: Any) -> Nearby:
        return Nearby(self.numbers[kept], self.km[kept], self.is_about[kept])


class _Rough(NamedTuple):
    """Spots, and how far each of them is by the sphere."""

    spots: Spots
    km: Any


def distances(snapshot: Snapshot, place: Place, asked: Any) -> Nearby:
    """Of each of these listings that has a position, to its nearest one, exactly."""
    return _exactly(place, spots_of(snapshot, bitmap(asked)))


def _exactly(place: Place, spots: Spots) -> Nearby:
    owners, at = spots
    _azimuth, _back, metres = ELLIPSOID.inv(
        np.full(len(owners), place.longitude),
        np.full(len(owners), place.latitude),
        at["longitude"],
        at["latitude"],
    )
    found = Nearby(owners, np.asarray(metres) / 1_000, at["about"])
    again = owners[1:] == owners[:-1]
    if not again.any():
        return found
    order = np.lexsort((found.km, owners))  # of several positions of one listing the nearest counts
    in_order = owners[order]
    return found.only(order[np.concatenate(([True], in_order[1:] != in_order[:-1]))])


def within_radius(snapshot: Snapshot, place: Place, radius_km: float) -> BitMap:
    """Listings no further away than that: sure ones by the sphere, those at the edge exactly."""

    def make() -> BitMap:
        ring = _ring(snapshot, place, radius_km, snapshot.live)
        km = km_of(_squares(place, ring))
        inside = bitmap(ring.owners[_at_most(km) <= radius_km])
        exact = _exactly(place, ring.only((_at_least(km) <= radius_km) & (_at_most(km) > radius_km)))
        return inside | bitmap(exact.numbers[exact.km <= radius_km])

    return snapshot.cached(("radius", place.latitude, place.longitude, radius_km), make)


def nearest(snapshot: Snapshot, place: Place, among: BitMap, wanted: int, beyond_km: float = 0.0) -> Nearby:
    """The ``wanted`` nearest of ``among`` (all have positions) from ``beyond_km`` on, and those beside them.

    None is missing between ``beyond_km`` and the furthest of the answer. Fewer than ``wanted`` are all.
    """
    looked_for = wanted + SOME_TWICE
    while True:
        spots, km = _rough(snapshot, place, among, looked_for, beyond_km)
        at_least = _at_least(km)
        certain = np.sort(km[at_least >= beyond_km])
        is_all = len(certain) <= looked_for
        last = np.inf if is_all else _at_most(certain[looked_for - 1])
        near = spots.only(at_least <= last)
        # Of a listing with several places one may lie beyond and a nearer one not: it counts for nothing.
        found = distances(snapshot, place, near.owners) if beyond_km else _exactly(place, near)
        found = found.only((found.km >= beyond_km) & (found.km <= last))
        if is_all or len(found.numbers) >= wanted:
            return found
        looked_for *= 2


def _rough(snapshot: Snapshot, place: Place, among: BitMap, wanted: int, beyond_km: float) -> _Rough:
    """By the sphere: all of a small set, else rings that widen until they hold enough."""
    radius = FIRST_KM
    while True:
        radius = _wide_enough(snapshot, place, radius, len(among), wanted, beyond_km)
        if radius >= FURTHEST_KM:
            return _closest(place, spots_of(snapshot, among), wanted, beyond_km)
        ring = _ring(snapshot, place, radius, among, beyond_km)
        found = _closest(place, ring, wanted, beyond_km)
        whole = _at_most(_at_most(found.km)) <= radius  # all that may stand before these are in the ring
        if np.count_nonzero(whole & (_at_least(found.km) >= beyond_km)) > wanted:
            return found
        radius *= 2


def _closest(place: Place, spots: Spots, wanted: int, beyond_km: float) -> _Rough:
    """Of the spots from ``beyond_km`` on more than the ``wanted`` nearest, or all."""
    squares = _squares(place, spots)
    if beyond_km:
        rest = squares >= square_of((beyond_km - SLACK_KM) / (1 + OFF))
        spots, squares = spots.only(rest), squares[rest]
    first = SPARE * wanted + SOME_MORE
    if len(squares) > 2 * first:
        km = one_km_of(float(np.partition(squares, first)[first]))
        kept = squares <= square_of((_at_most(km) + SLACK_KM) / (1 - OFF))
        found = _Rough(spots.only(kept), km_of(squares[kept]))
        if np.count_nonzero((_at_least(found.km) >= beyond_km) & (found.km <= km)) > wanted:
            return found
    return _Rough(spots, km_of(squares))


def _squares(place: Place, spots: Spots) -> Any:
    """Of the straight lines from the place to the spots."""
    here, along = radians(place.latitude), radians(place.longitude)
    flat, at = cos(here), spots.at
    square = np.square(at["x"] - flat * cos(along))
    square += np.square(at["y"] - flat * sin(along))
    square += np.square(at["z"] - sin(here))
    return square


def _at_least(sphere_km: Any) -> Any:
    return sphere_km * (1 - OFF) - SLACK_KM


def _at_most(sphere_km: Any) -> Any:
    return sphere_km * (1 + OFF) + SLACK_KM


def _wide_enough(
    snapshot: Snapshot, place: Place, radius: float, among: int, wanted: int, beyond_km: float
) -> float:
    """From this radius on, the first whose ring holds about enough positions.

    Where the rows of the ring would cost more than looking at all there are, all are looked at instead.
    """
    enough = PLENTY * wanted * snapshot.size / max(among, 1)
    about = snapshot.base.density.about
    passed = about(place, beyond_km) if beyond_km else 0.0
    radius = max(radius, beyond_km * 1.02)
    while radius < FURTHEST_KM and among > max(SMALL, ROWS_WORTH * radius):
        if about(place, radius) - passed >= enough:
            return radius
        radius *= WIDER
    return FURTHEST_KM


def _ring(snapshot: Snapshot, place: Place, radius_km: float, among: BitMap, beyond_km: float = 0.0) -> Spots:
    """Those of ``among`` with a position in the box about the circle, with all their positions. Whose first
    one lies well inside ``beyond_km`` has been passed, and may be left out."""
    base, box = snapshot.base, box_about(place, radius_km)
    here = _runs(*within(base.first_cells, box))
    if beyond_km > WELL_INSIDE_KM:
        here -= _runs(*well_inside(base.first_cells, place, beyond_km - SLACK_KM))
    for more in in_blocks(base.others, box):
        here |= more
    if snapshot.touched:
        here |= snapshot.touched
    here &= among
    return spots_of(snapshot, here)


def _runs(first: Any, last: Any) -> BitMap:
    """All numbers from each ``first`` to before its ``last``: numbers follow the map."""
    found = BitMap()
    for start, stop in zip(first.tolist(), last.tolist(), strict=True):
        if start < stop:
            found.add_range(start, stop)
    return found
