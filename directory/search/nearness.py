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
from directory.search.base import bitmap, numbers
from directory.search.rings import OFF, SLACK_KM, km_of, ranges, spans, square_of, units
from directory.search.snapshot import Snapshot

ELLIPSOID = Geod(ellps="WGS84")
FIRST_KM, FURTHEST_KM = 1.0, 21_000.0
WELL_INSIDE_KM = 3.0
SMALL = 500
# How many positions a ring should hold for each listing wanted, allowing for clusters.
PLENTY = 3
# So many spots for each listing wanted, and some, are looked at first.
SPARE, SOME_MORE = 2, 20


class Nearby(NamedTuple):
    """Listings with their distances in km, in step: ``numbers[i]`` is ``km[i]`` away."""

    numbers: Any
    km: Any
    is_about: Any


class _Rough(NamedTuple):
    """The same by the sphere."""

    numbers: Any
    km: Any


class _Points(NamedTuple):
    owners: Any
    latitude: Any
    longitude: Any
    about: Any


class _Spots(NamedTuple):
    """Positions as points on a sphere."""

    owners: Any
    unit: Any


def positioned(snapshot: Snapshot) -> BitMap:
    """The listings that have a distance."""

    def make() -> BitMap:
        counts = np.diff(snapshot.base.starts)
        changed = BitMap(
            number for number, document in snapshot.changed.items() if document and document.points
        )
        return (bitmap(np.flatnonzero(counts)) - snapshot.touched) | changed

    return snapshot.cached("positioned", make)


def distances(snapshot: Snapshot, place: Place, asked: Any) -> Nearby:
    """Of each of these listings that has a position, to its nearest one, exactly."""
    points = _points_of(snapshot, bitmap(asked))
    _azimuth, _back, metres = ELLIPSOID.inv(
        np.full(len(points.owners), place.longitude),
        np.full(len(points.owners), place.latitude),
        points.longitude,
        points.latitude,
    )
    chosen, km = _nearest_of_each(points.owners, np.asarray(metres) / 1_000)
    return Nearby(points.owners[chosen], km, points.about[chosen].astype(bool))


def within_radius(snapshot: Snapshot, place: Place, radius_km: float) -> BitMap:
    """Listings no further away than that: sure ones by the sphere, those at the edge exactly."""

    def make() -> BitMap:
        ring = _ring(snapshot, place, radius_km)
        rough = _rough_of(ring, _squares(place, ring))
        inside = rough.numbers[_at_most(rough.km) <= radius_km]
        edge = np.setdiff1d(rough.numbers[_at_least(rough.km) <= radius_km], inside)
        exact = distances(snapshot, place, edge)
        return bitmap(np.concatenate([inside, exact.numbers[exact.km <= radius_km]])) & snapshot.live

    return snapshot.cached(("radius", place.latitude, place.longitude, radius_km), make)


def nearest(snapshot: Snapshot, place: Place, among: BitMap, wanted: int, beyond_km: float = 0.0) -> Nearby:
    """The ``wanted`` nearest of ``among`` (all have positions) from ``beyond_km`` on, and those beside them.

    None is missing between ``beyond_km`` and the furthest of the answer. Fewer than ``wanted`` are all.
    """
    looked_for = wanted
    while True:
        rough = _rough(snapshot, place, among, looked_for, beyond_km)
        certain = np.sort(rough.km[_at_least(rough.km) >= beyond_km])
        is_all = len(certain) <= looked_for
        last = np.inf if is_all else _at_most(certain[looked_for - 1])
        found = distances(snapshot, place, rough.numbers[_at_least(rough.km) <= last])
        found = Nearby(*_only(found, (found.km >= beyond_km) & (found.km <= last)))
        # Of a listing with several places one may lie beyond and a nearer one not: it counts for nothing.
        if is_all or len(found.numbers) >= wanted:
            return found
        looked_for *= 2


def _rough(snapshot: Snapshot, place: Place, among: BitMap, wanted: int, beyond_km: float) -> _Rough:
    """By the sphere: all of a small set, else rings that widen until they hold enough."""
    radius = FIRST_KM
    while True:
        radius = _wide_enough(snapshot, place, radius, len(among), wanted, beyond_km)
        if radius >= FURTHEST_KM:
            return _closest(place, _spots_of(snapshot, among), wanted, beyond_km)
        ring = _ring(snapshot, place, radius, beyond_km)
        found = _closest(place, _those_of(ring, among), wanted, beyond_km)
        whole = _at_most(_at_most(found.km)) <= radius  # all that may stand before these are in the ring
        if np.count_nonzero(whole & (_at_least(found.km) >= beyond_km)) > wanted:
            return found
        radius *= 2


def _closest(place: Place, spots: _Spots, wanted: int, beyond_km: float) -> _Rough:
    """Of the listings with these spots from ``beyond_km`` on more than the ``wanted`` nearest, or all."""
    squares = _squares(place, spots)
    if beyond_km:
        rest = squares >= square_of((beyond_km - SLACK_KM) / (1 + OFF))
        spots, squares = _Spots(*_only(spots, rest)), squares[rest]
    first = SPARE * wanted + SOME_MORE
    if len(squares) > 2 * first:
        km = km_of(np.partition(squares, first)[first : first + 1].astype("f8")).item()
        kept = squares <= square_of((_at_most(km) + SLACK_KM) / (1 - OFF))
        found = _rough_of(_Spots(*_only(spots, kept)), squares[kept])
        if np.count_nonzero((_at_least(found.km) >= beyond_km) & (found.km <= km)) > wanted:
            return found
    return _rough_of(spots, squares)


def _squares(place: Place, spots: _Spots) -> Any:
    """Of the straight lines from the place to the spots."""
    apart = spots.unit - _unit(place)
    return np.einsum("ij,ij->i", apart, apart)


def _unit(place: Place) -> Any:
    """As ``units`` would say it, without the detour over arrays."""
    here, along = radians(place.latitude), radians(place.longitude)
    flat = cos(here)
    return np.array((flat * cos(along), flat * sin(along), sin(here)), dtype=np.float32)


def _rough_of(spots: _Spots, squares: Any) -> _Rough:
    chosen, nearest_square = _nearest_of_each(spots.owners, squares)
    return _Rough(spots.owners[chosen], km_of(nearest_square.astype("f8")))


def _at_least(sphere_km: Any) -> Any:
    return sphere_km * (1 - OFF) - SLACK_KM


def _at_most(sphere_km: Any) -> Any:
    return sphere_km * (1 + OFF) + SLACK_KM


def _only(found: tuple[Any, ...], kept: Any) -> list[Any]:
    return [values[kept] for values in found]


def _those_of(spots: _Spots, among: BitMap) -> _Spots:
    return _Spots(*_only(spots, _is_in(spots.owners, among)))


def _is_in(owners: Any, listings: BitMap) -> Any:
    held = numbers(listings & bitmap(owners))
    if not len(held):
        return np.zeros(len(owners), dtype=bool)
    return held[np.minimum(np.searchsorted(held, owners), len(held) - 1)] == owners


def _wide_enough(
    snapshot: Snapshot, place: Place, radius: float, among: int, wanted: int, beyond_km: float
) -> float:
    """From this radius on, the first whose ring holds about enough positions.

    Where the ring would hold as many as there are to look for, all of those are looked at instead.
    """
    enough = PLENTY * wanted * snapshot.size / max(among, 1)
    if among <= max(SMALL, enough):
        return FURTHEST_KM
    about = snapshot.base.density.about
    passed = about(place, beyond_km) if beyond_km else 0.0
    radius = max(radius, beyond_km * 1.02)
    while radius < FURTHEST_KM:
        count = about(place, radius) - passed
        if count >= enough:
            return radius
        if count >= among:
            break
        radius *= 2
    return FURTHEST_KM


def _ring(snapshot: Snapshot, place: Place, radius_km: float, beyond_km: float = 0.0) -> _Spots:
    """All positions in the cells that the circle touches, but for those well inside ``beyond_km``."""
    base = snapshot.base
    slots = ranges(*spans(base.cells, place, radius_km))
    if beyond_km > WELL_INSIDE_KM:
        passed = np.zeros(len(base.cells), dtype=bool)
        passed[ranges(*spans(base.cells, place, beyond_km - SLACK_KM, inside=True))] = True
        slots = slots[~passed[slots]]
    places = base.on_map[slots]
    stored = _Spots(base.owner_of_point[places], base.unit[places])
    if not snapshot.touched:
        return stored
    stored = _Spots(*_only(stored, ~_is_in(stored.owners, snapshot.touched)))
    return _with_changed(snapshot, stored, snapshot.touched)


def _changed_points(snapshot: Snapshot) -> _Points:
    def make() -> _Points:
        rows = [
            (number, *point)
            for number, document in snapshot.changed.items()
            if document
            for point in document.points
        ]
        owners, latitude, longitude, about = zip(*rows, strict=True) if rows else ((), (), (), ())
        return _Points(
            np.array(owners, dtype=np.uint32),
            np.array(latitude, dtype="f8"),
            np.array(longitude, dtype="f8"),
            np.array(about, dtype="u1"),
        )

    return snapshot.cached("changed points", make)


def _with_changed(snapshot: Snapshot, stored: _Spots, asked: BitMap) -> _Spots:
    changed = _changed_points(snapshot)
    kept = _Points(*_only(changed, _is_in(changed.owners, asked)))
    return _Spots(
        np.concatenate([stored.owners, kept.owners]),
        np.concatenate([stored.unit, units(kept.latitude, kept.longitude)]),
    )


def _places_of(snapshot: Snapshot, asked: BitMap) -> tuple[Any, Any]:
    """Where the positions stand in the arrays of the base, and whose they are; without what changed since."""
    own = numbers(asked - snapshot.touched if snapshot.touched else asked)
    starts = snapshot.base.starts
    first, last = starts[own], starts[own + 1]
    if len(own) and (last - first == 1).all():  # as nearly always: each is in one place
        return first, own
    first, last = first.astype(np.int64), last.astype(np.int64)
    return ranges(first, last), np.repeat(own, last - first)


def _spots_of(snapshot: Snapshot, asked: BitMap) -> _Spots:
    places, owners = _places_of(snapshot, asked)
    stored = _Spots(owners, snapshot.base.unit[places])
    return _with_changed(snapshot, stored, asked) if snapshot.touched else stored


def _points_of(snapshot: Snapshot, asked: BitMap) -> _Points:
    base = snapshot.base
    places, owners = _places_of(snapshot, asked)
    stored = _Points(owners, base.latitude[places], base.longitude[places], base.about[places])
    if not snapshot.touched:
        return stored
    changed = _changed_points(snapshot)
    kept = _only(changed, _is_in(changed.owners, asked))
    return _Points(*(np.concatenate(pair) for pair in zip(stored, kept, strict=True)))


def _nearest_of_each(owners: Any, far: Any) -> tuple[Any, Any]:
    """Of several positions of one listing the nearest counts: which those are, and how far."""
    order = np.lexsort((far, owners))
    in_order = owners[order]
    again = in_order[1:] == in_order[:-1]
    if again.any():
        order = order[np.concatenate(([True], ~again))]
    return order, far[order]
