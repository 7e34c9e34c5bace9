"""Cells on a Hilbert curve over Canada: what is near on the ground is near in the numbers."""

from __future__ import annotations

from functools import cache
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

ORDER = 12
SIDE = 1 << ORDER  # cells each way, of about 1.2 km by 1.6 km in the south
SOUTH, WEST, HEIGHT, WIDTH = 41.0, -142.0, 43.0, 90.0
KM_PER_DEGREE = 111.2

Cells = NDArray[np.int64]


def cells(latitude: Any, longitude: Any) -> tuple[Cells, Cells]:
    """Column and row of each point."""
    column = (np.asarray(longitude) - WEST) / WIDTH * SIDE
    row = (np.asarray(latitude) - SOUTH) / HEIGHT * SIDE
    return tuple(np.clip(one, 0, SIDE - 1).astype(np.int64) for one in (column, row))  # type: ignore[return-value]


def codes(column: Cells, row: Cells, order: int = ORDER) -> Cells:
    """The place of each cell on the curve. The code of a cell of 2^n by 2^n is that of its part >> 2n."""
    x, y, code = column.copy(), row.copy(), np.zeros_like(column)
    for bit in range(order - 1, -1, -1):
        side = 1 << bit
        right, up = (x & side) > 0, (y & side) > 0
        code += side * side * ((3 * right.astype(np.int64)) ^ up.astype(np.int64))
        flip = ~up & right
        x, y = (
            np.where(flip, side - 1 - (x & (side - 1)), x & (side - 1)),
            np.where(flip, side - 1 - (y & (side - 1)), y & (side - 1)),
        )
        x, y = np.where(up, x, y), np.where(up, y, x)
    return code


@cache
def code_of(column: int, row: int, order: int) -> int:
    """Of one cell. There are few of them in every ring, so what was worked out once is kept."""
    return int(codes(np.array([column]), np.array([row]), order)[0])


def around(latitude: float, longitude: float, km: float, most: int = 3) -> tuple[int, list[int]]:
    """How many bits to leave off, and the codes of the few cells that cover the square about a point."""
    tall, wide = km / KM_PER_DEGREE, km / (KM_PER_DEGREE * cos(radians(min(abs(latitude), 85))))
    left, right = _cell(longitude - wide, WEST, WIDTH), _cell(longitude + wide, WEST, WIDTH)
    bottom, top = _cell(latitude - tall, SOUTH, HEIGHT), _cell(latitude + tall, SOUTH, HEIGHT)
    shift = 0
    while max((right >> shift) - (left >> shift), (top >> shift) - (bottom >> shift)) >= most:
        shift += 1
    return shift, sorted(
        code_of(column, row, ORDER - shift)
        for column in range(left >> shift, (right >> shift) + 1)
        for row in range(bottom >> shift, (top >> shift) + 1)
    )


def _cell(degrees: float, start: float, length: float) -> int:
    return min(max(int((degrees - start) / length * SIDE), 0), SIDE - 1)


def ranges(latitude: float, longitude: float, km: float) -> list[tuple[int, int]]:
    """Stretches of full codes, from (included) to (excluded), neighbours joined."""
    shift, found = around(latitude, longitude, km)
    joined: list[tuple[int, int]] = []
    for code in found:
        start, end = code << 2 * shift, (code + 1) << 2 * shift
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def km_between(latitude: float, longitude: float, latitudes: Any, longitudes: Any) -> NDArray[np.float64]:
    """On a sphere; good enough to order by."""
    here, there = np.radians(latitude), np.radians(latitudes)
    across = np.sin(np.radians(np.asarray(longitudes) - longitude) / 2) ** 2
    part = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * across
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(part)))
