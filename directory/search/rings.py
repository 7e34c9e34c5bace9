"""Circles on the map: as ranges of cells, by distance along a sphere, and how many positions one may hold."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import asin, cos, degrees, floor, pi, radians, sin, sqrt
from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap

from directory.places import Place

# A ring takes a look-up for each row of cells, and each listing in it little: so rows are wide.
ROWS_A_DEGREE, COLUMNS_A_DEGREE = 20, 100
COLUMNS_A_ROW = 360 * COLUMNS_A_DEGREE
BLOCK_ROWS, BLOCK_COLUMNS = 10, 50  # of cells
EARTH_KM = 6371.0088
OFF = 0.006  # the sphere is never further off than that, as a share
SLACK_KM = 0.01
POLAR = 85.0
# The finest cell of the density in degrees; how many cells a position, and at most.
FINEST = 0.01
CELLS_A_POSITION, MOST_CELLS = 4, 1_000_000
KEPT = 20_000
OWN_POINTS = {"point", "address"}
# ``x``, ``y``, ``z``: on a sphere of radius 1, half a metre off at most. ``about``: not the door itself.
POSITION = np.dtype(
    [(name, "f4") for name in "xyz"] + [("about", "?"), ("latitude", "f8"), ("longitude", "f8")], align=True
)


class Box(NamedTuple):
    """The first and the last row and column of cells of a part of the map."""

    south: int
    north: int
    west: int
    east: int


def within(cells: Any, box: Box) -> tuple[Any, Any]:
    """For each row of cells in the box where its positions begin and end."""
    return _between(cells, np.arange(box.south, box.north + 1), box.west, box.east)


def in_blocks(held: dict[tuple[int, int], BitMap], box: Box) -> list[BitMap]:
    """What is held by the blocks of cells that the box touches."""
    rows = range(box.south // BLOCK_ROWS, box.north // BLOCK_ROWS + 1)
    columns = range(box.west // BLOCK_COLUMNS, box.east // BLOCK_COLUMNS + 1)
    if len(rows) * len(columns) < len(held):
        return [held[block] for block in product(rows, columns) if block in held]
    return [one for (row, column), one in held.items() if row in rows and column in columns]


def well_inside(cells: Any, place: Place, km: float) -> tuple[Any, Any]:
    """The same of the cells that lie wholly in the circle."""
    high = degrees(km / EARTH_KM) * (1 - OFF)
    south, north = place.latitude - high, place.latitude + high
    rows = np.arange(_row(south), _row(north) + 1)
    edges = np.stack([rows, rows + 1]) / ROWS_A_DEGREE - 90.0
    half = _half_chord(place.latitude, np.clip(edges, -90, 90), high).min(axis=0)
    west, east = place.longitude - half, place.longitude + half
    west_cell = np.ceil((west + 180) * COLUMNS_A_DEGREE)
    east_cell = np.floor((east + 180) * COLUMNS_A_DEGREE) - 1
    none = (west < -180) | (east > 180) | ~(half > 0) | (east_cell < west_cell)
    none |= max(abs(south), abs(north)) > POLAR
    return _between(cells, rows, np.where(none, 1, west_cell), np.where(none, 0, east_cell))


def box_about(place: Place, km: float) -> Box:
    """About the circle."""
    high = degrees(km / EARTH_KM) * (1 + OFF)
    south, north = place.latitude - high, place.latitude + high
    half = _widest(place.latitude, high) + 1 / COLUMNS_A_DEGREE
    west, east = place.longitude - half, place.longitude + half
    if west < -180 or east > 180 or max(abs(south), abs(north)) > POLAR:
        return Box(_row(south), _row(north), 0, COLUMNS_A_ROW - 1)
    west, east = (west + 180) * COLUMNS_A_DEGREE, (east + 180) * COLUMNS_A_DEGREE
    return Box(_row(south), _row(north), floor(west), floor(east))


def _row(latitude: float) -> int:
    return int((max(min(latitude, 90.0), -90.0) + 90) * ROWS_A_DEGREE)


def _between(cells: Any, rows: Any, west_cell: Any, east_cell: Any) -> tuple[Any, Any]:
    starts = rows * COLUMNS_A_ROW
    first = np.searchsorted(cells, (starts + west_cell).astype(np.int32), side="left")
    last = np.searchsorted(cells, (starts + east_cell).astype(np.int32), side="right")
    return first, np.maximum(first, last)


def _widest(latitude: float, radius: float) -> float:
    """How far east the circle reaches where it reaches furthest, in degrees."""
    here, reach = radians(latitude), radians(radius)
    if abs(here) + reach >= pi / 2:  # it goes round the pole
        return 360.0
    return degrees(asin(sin(reach) / cos(here)))


def _half_chord(latitude: float, at: Any, radius: Any) -> Any:
    """How far east the circle reaches at these latitudes, in degrees; -1 where it does not reach them."""
    here, there, radius = np.radians(latitude), np.radians(at), np.radians(radius)
    room = np.sin(radius / 2) ** 2 - np.sin((there - here) / 2) ** 2
    share = room / np.maximum(np.cos(here) * np.cos(there), 1e-9)
    half = np.degrees(2 * np.arcsin(np.sqrt(np.clip(share, 0, 1))))
    return np.where(room < 0, -1.0, half)


def ranges(first: Any, last: Any) -> Any:
    """All numbers from each ``first`` to before its ``last``, one after the other."""
    counts = last - first
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + counts, counts)


class Density:
    """How many positions a circle may hold, from sums over a coarse grid: a guess that costs nothing."""

    def __init__(self, latitude: Any, longitude: Any):
        self.south = float(latitude.min(initial=0.0))
        self.west = float(longitude.min(initial=0.0))
        height = float(latitude.max(initial=0.0)) - self.south + FINEST
        width = float(longitude.max(initial=0.0)) - self.west + FINEST
        most = min(max(CELLS_A_POSITION * len(latitude), 1), MOST_CELLS)
        self.side = max(sqrt(height * width / most), FINEST)
        shape = int(height / self.side) + 1, int(width / self.side) + 1
        row, column = (latitude - self.south) / self.side, (longitude - self.west) / self.side
        where = np.ravel_multi_index((row.astype(np.int64), column.astype(np.int64)), shape)
        counts = np.bincount(where, minlength=shape[0] * shape[1]).reshape(shape)
        self.sums = np.zeros((shape[0] + 1, shape[1] + 1), dtype=np.int32)
        self.sums[1:, 1:] = counts.cumsum(axis=0).cumsum(axis=1)
        self._kept = lru_cache(maxsize=KEPT)(self._about)

    def about(self, place: Place, km: float) -> float:
        """Kept for the places of the gazetteer alone: a point or an address may be where somebody lives."""
        tell = self._about if place.kind in OWN_POINTS else self._kept
        return tell(place.latitude, place.longitude, km)

    def _about(self, latitude: float, longitude: float, km: float) -> float:
        high = degrees(km / EARTH_KM)
        wide = high / max(cos(radians(latitude)), 0.01)
        south, north = latitude - high, latitude + high
        west, east = longitude - wide, longitude + wide
        box = (
            self._sum(north, east) - self._sum(north, west) - self._sum(south, east) + self._sum(south, west)
        )
        return box * pi / 4

    def _sum(self, latitude: float, longitude: float) -> float:
        """Of all positions south and west of the point, as if they lay evenly in each cell."""
        rows, columns = self.sums.shape
        row = min(max((latitude - self.south) / self.side, 0.0), rows - 1)
        column = min(max((longitude - self.west) / self.side, 0.0), columns - 1)
        above, right = min(int(row), rows - 2), min(int(column), columns - 2)
        up, along = row - above, column - right
        (one, two), (three, four) = self.sums[above : above + 2, right : right + 2].tolist()
        low, high = one + (two - one) * along, three + (four - three) * along
        return float(low + (high - low) * up)


def located(latitude: Any, longitude: Any, about: Any) -> Any:
    """Positions as a table: all that is known of one stands side by side in memory."""
    table = np.zeros(len(latitude), dtype=POSITION)
    table["latitude"], table["longitude"], table["about"] = latitude, longitude, about
    here, along = np.radians(table["latitude"]), np.radians(table["longitude"])
    flat = np.cos(here)
    table["x"], table["y"], table["z"] = flat * np.cos(along), flat * np.sin(along), np.sin(here)
    return table


def km_of(square: Any) -> Any:
    """Along the sphere, from the square of the straight line."""
    return 2 * EARTH_KM * np.arcsin(np.minimum(np.sqrt(square, dtype="f8") / 2, 1.0))


def one_km_of(square: float) -> float:
    return 2 * EARTH_KM * asin(min(sqrt(square) / 2, 1.0))


def square_of(km: float) -> float:
    return (2 * sin(min(max(km, 0.0) / (2 * EARTH_KM), pi / 2))) ** 2
