"""Distances from a place to the listings, and the nearest of many without looking at all of them.

The positions are the stored ones and the areas' public points; a listing without one has no distance.
A sphere tells who may be near; the ellipsoid (pyproj, the algorithm of geopy's geodesic) decides.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from pyproj import Geod
from pyroaring import BitMap

from directory.places import Place
from directory.search.base import CELLS_A_DEGREE, COLUMNS_A_ROW, bitmap, numbers
from directory.search.snapshot import Snapshot

ELLIPSOID = Geod(ellps="WGS84")
EARTH_KM = 6371.0088
OFF = 0.006  # the sphere is never further off than that, as a share
SLACK_KM = 0.01
FIRST_KM, FURTHEST_KM = 1.0, 21_000.0
WELL_INSIDE_KM = 3.0
POLAR = 85.0
SMALL = 3_000
# How many positions a ring should hold for each listing wanted, allowing for clusters.
PLENTY = 3


class Nearby(NamedTuple):
    """Listings with their distances in km, in step: ``numbers[i]`` is ``km[i]`` away."""

    numbers: Any
    km: Any
    is_about: Any


class _Points(NamedTuple):
    owners: Any
    latitude: Any
    longitude: Any
    about: Any


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
    return _nearest_of_each(points, np.asarray(metres) / 1_000)


def within_radius(snapshot: Snapshot, place: Place, radius_km: float) -> BitMap:
    """Listings no further away than that: sure ones by the sphere, those at the edge exactly."""

    def make() -> BitMap:
        ring = _ring(snapshot, place, radius_km)
        rough = _nearest_of_each(ring, _sphere(place, ring.latitude, ring.longitude))
        inside = rough.numbers[_at_most(rough.km) <= radius_km]
        edge = np.setdiff1d(rough.numbers[_at_least(rough.km) <= radius_km], inside)
        exact = distances(snapshot, place, edge)
        return bitmap(np.concatenate([inside, exact.numbers[exact.km <= radius_km]])) & snapshot.live

    return snapshot.cached(("radius", place.latitude, place.longitude, radius_km), make)


def nearest(snapshot: Snapshot, place: Place, among: BitMap, wanted: int, beyond_km: float = 0.0) -> Nearby:
    """The ``wanted`` nearest of ``among`` (all have positions) from ``beyond_km`` on, and those beside them.

    None is missing between ``beyond_km`` and the furthest of the answer. Fewer than ``wanted`` are all.
    """
    rough = _rough(snapshot, place, among, wanted, beyond_km)
    certain = np.sort(rough.km[_at_least(rough.km) >= beyond_km])
    if len(certain) <= wanted:
        found, last = distances(snapshot, place, rough.numbers), np.inf
    else:
        last = _at_most(certain[wanted - 1])
        found = distances(snapshot, place, rough.numbers[_at_least(rough.km) <= last])
    return _only(found, (found.km >= beyond_km) & (found.km <= last))


def _rough(snapshot: Snapshot, place: Place, among: BitMap, wanted: int, beyond_km: float) -> Nearby:
    """By the sphere: all of a small set, else rings that widen until they hold enough."""
    radius = FIRST_KM
    while True:
        radius = _wide_enough(snapshot, place, radius, len(among), wanted, beyond_km)
        if radius >= FURTHEST_KM:
            points = _points_of(snapshot, among)
        else:
            points = _ring(snapshot, place, radius, beyond_km)
            points = _kept(points, _marks(snapshot, among & bitmap(points.owners))[points.owners])
        found = _nearest_of_each(points, _sphere(place, points.latitude, points.longitude))
        found = _only(found, _at_most(found.km) >= beyond_km)
        whole = _at_most(_at_most(found.km)) <= radius  # all that may stand before these are in the ring
        if np.count_nonzero(whole & (_at_least(found.km) >= beyond_km)) > wanted or radius >= FURTHEST_KM:
            return found
        radius *= 2


def _at_least(sphere_km: Any) -> Any:
    return sphere_km * (1 - OFF) - SLACK_KM


def _at_most(sphere_km: Any) -> Any:
    return sphere_km * (1 + OFF) + SLACK_KM


def _only(found: Nearby, kept: Any) -> Nearby:
    return Nearby(*(values[kept] for values in found))


def _marks(snapshot: Snapshot, listings: BitMap) -> Any:
    marks = np.zeros(snapshot.size, dtype=bool)
    marks[numbers(listings)] = True
    return marks


def _kept(points: _Points, kept: Any) -> _Points:
    return _Points(*(values[kept] for values in points))


def _wide_enough(
    snapshot: Snapshot, place: Place, radius: float, among: int, wanted: int, beyond_km: float
) -> float:
    """From this radius on, the first whose ring holds about enough positions, by counting cells.

    Where the ring would hold as many as there are to look for, all of those are looked at instead.
    """
    if among <= SMALL:
        return FURTHEST_KM
    enough = PLENTY * wanted * snapshot.size / among
    radius = max(radius, beyond_km * 1.02)
    while radius < FURTHEST_KM:
        where = (place.latitude, place.longitude, radius, beyond_km)
        count = snapshot.counted(where, partial(_count, snapshot, place, radius, beyond_km))
        if count >= enough:
            return radius
        if count >= among:
            break
        radius *= 2
    return FURTHEST_KM


def _count(snapshot: Snapshot, place: Place, radius_km: float, beyond_km: float) -> int:
    first, last = _spans(snapshot, place, radius_km)
    count = int((last - first).sum())
    if beyond_km > WELL_INSIDE_KM:
        first, last = _spans(snapshot, place, beyond_km - SLACK_KM, inside=True)
        count -= int((last - first).sum())
    return count


def _spans(snapshot: Snapshot, place: Place, km: float, *, inside: bool = False) -> tuple[Any, Any]:
    """For each row of cells where its positions begin and end: all cells that the circle touches, or
    those alone that lie inside it."""
    high = np.degrees(km / EARTH_KM) * (1 - OFF if inside else 1 + OFF)
    south, north = max(place.latitude - high, -90.0), min(place.latitude + high, 90.0)
    rows = np.arange(int((south + 90) * CELLS_A_DEGREE), int((north + 90) * CELLS_A_DEGREE) + 1)
    edges = np.stack([rows, rows + 1]) / CELLS_A_DEGREE - 90.0
    half = _half_chord(place.latitude, np.clip(edges, -90, 90), high)
    if inside:
        half = half.min(axis=0)
    else:
        widest_at, widest = _widest(place.latitude, high)
        here = (edges[0] <= widest_at) & (widest_at <= edges[1])
        half = np.where(here, widest, np.fmax(half.max(axis=0), 0)) + 1 / CELLS_A_DEGREE
    west, east = place.longitude - half, place.longitude + half
    whole = (west < -180) | (east > 180) | (max(abs(south), abs(north)) > POLAR)
    if inside:
        west_cell = np.ceil((west + 180) * CELLS_A_DEGREE)
        east_cell = np.floor((east + 180) * CELLS_A_DEGREE) - 1
        none = whole | ~(half > 0) | (east_cell < west_cell)
        west_cell, east_cell = np.where(none, 1, west_cell), np.where(none, 0, east_cell)
    else:
        west_cell = np.where(whole, 0, np.floor((west + 180) * CELLS_A_DEGREE))
        east_cell = np.where(whole, COLUMNS_A_ROW - 1, np.floor((east + 180) * CELLS_A_DEGREE))
    cells = snapshot.base.cells
    first = np.searchsorted(cells, (rows * COLUMNS_A_ROW + west_cell).astype(np.int32), side="left")
    last = np.searchsorted(cells, (rows * COLUMNS_A_ROW + east_cell).astype(np.int32), side="right")
    return first, np.maximum(first, last)


def _widest(latitude: float, radius: float) -> tuple[float, float]:
    """At which latitude the circle reaches furthest east, and how far, in degrees."""
    here, reach = np.radians(latitude), np.radians(radius)
    if abs(here) + reach >= np.pi / 2:  # it goes round the pole
        return latitude, 360.0
    at = np.arcsin(np.sin(here) / np.cos(reach))
    return float(np.degrees(at)), float(np.degrees(np.arcsin(np.sin(reach) / np.cos(here))))


def _half_chord(latitude: float, at: Any, radius: Any) -> Any:
    """How far east the circle reaches at these latitudes, in degrees; -1 where it does not reach them."""
    here, there, radius = np.radians(latitude), np.radians(at), np.radians(radius)
    room = np.sin(radius / 2) ** 2 - np.sin((there - here) / 2) ** 2
    share = room / np.maximum(np.cos(here) * np.cos(there), 1e-9)
    half = np.degrees(2 * np.arcsin(np.sqrt(np.clip(share, 0, 1))))
    return np.where(room < 0, -1.0, half)


def _ring(snapshot: Snapshot, place: Place, radius_km: float, beyond_km: float = 0.0) -> _Points:
    """All positions in the cells that the circle touches, but for those well inside ``beyond_km``."""
    base = snapshot.base
    slots = _ranges(*_spans(snapshot, place, radius_km))
    if beyond_km > WELL_INSIDE_KM:
        passed = np.zeros(len(base.cells), dtype=bool)
        passed[_ranges(*_spans(snapshot, place, beyond_km - SLACK_KM, inside=True))] = True
        slots = slots[~passed[slots]]
    places = base.on_map[slots]
    stored = _Points(
        base.owner_of_point[places], base.latitude[places], base.longitude[places], base.about[places]
    )
    if snapshot.touched:
        stored = _kept(stored, ~_marks(snapshot, snapshot.touched)[stored.owners])
    return _joined(stored, _changed_points(snapshot))


def _joined(one: _Points, other: _Points) -> _Points:
    return _Points(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))


def _ranges(first: Any, last: Any) -> Any:
    """All numbers from each ``first`` to before its ``last``, one after the other."""
    counts = last - first
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + counts, counts)


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


def _points_of(snapshot: Snapshot, asked: BitMap) -> _Points:
    base = snapshot.base
    own = numbers(asked - snapshot.touched)
    first, last = base.starts[own].astype(np.int64), base.starts[own + 1].astype(np.int64)
    places = _ranges(first, last)
    owners = np.repeat(own, last - first)
    stored = _Points(owners, base.latitude[places], base.longitude[places], base.about[places])
    if not snapshot.touched:
        return stored
    changed = _changed_points(snapshot)
    return _joined(stored, _kept(changed, _marks(snapshot, asked & snapshot.touched)[changed.owners]))


def _nearest_of_each(points: _Points, km: Any) -> Nearby:
    """Of several positions of one listing the nearest counts."""
    order = np.lexsort((km, points.owners))
    owners = points.owners[order]
    is_first = np.ones(len(owners), dtype=bool)
    is_first[1:] = owners[1:] != owners[:-1]
    chosen = order[is_first]
    return Nearby(points.owners[chosen], km[chosen], points.about[chosen].astype(bool))


def _sphere(place: Place, latitude: Any, longitude: Any) -> Any:
    there, here = np.radians(latitude), np.radians(place.latitude)
    half = (
        np.sin((there - here) / 2) ** 2
        + np.cos(here) * np.cos(there) * np.sin(np.radians(longitude - place.longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
