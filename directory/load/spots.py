"""Where people live: points about Canada's places, drawn by population."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from directory.taxonomies import rows

KM_PER_DEGREE = 111.2
# A town of a million people reaches about this many kilometres from its middle.
REACH_OF_A_MILLION = 15.0
LETTERS = "ABCEGHJKLMNPRSTVWXYZ"
FEWEST_PEOPLE = 100


class Province(NamedTuple):
    timezone: str
    telephone: str
    area_code: str


PROVINCES = {
    "AB": Province("America/Edmonton", "780", "alberta"),
    "BC": Province("America/Vancouver", "604", "british-columbia"),
    "MB": Province("America/Winnipeg", "204", "manitoba"),
    "NB": Province("America/Moncton", "506", "new-brunswick"),
    "NL": Province("America/St_Johns", "709", "newfoundland-and-labrador"),
    "NS": Province("America/Halifax", "902", "nova-scotia"),
    "NT": Province("America/Edmonton", "867", "northwest-territories"),
    "NU": Province("America/Iqaluit", "867", "nunavut"),
    "ON": Province("America/Toronto", "416", "ontario"),
    "PE": Province("America/Halifax", "902", "prince-edward-island"),
    "QC": Province("America/Toronto", "514", "quebec"),
    "SK": Province("America/Regina", "306", "saskatchewan"),
    "YT": Province("America/Whitehorse", "867", "yukon"),
}


@dataclass(frozen=True)
class Gazetteer:
    """Parallel arrays. ``near`` holds each place's postal areas one after the other."""

    city: tuple[str, ...]
    province: tuple[str, ...]
    point: NDArray[np.float64]
    reach: NDArray[np.float64]
    steps: NDArray[np.float64]
    postal: tuple[str, ...]
    postal_point: NDArray[np.float64]
    near: NDArray[np.int64]
    near_from: NDArray[np.int64]
    near_count: NDArray[np.int64]


@dataclass(frozen=True)
class Spots:
    """One row each: the place, a point in it (degrees) and the nearest postal area's number."""

    place: list[int]
    latitude: list[float]
    longitude: list[float]
    postal: list[int]


@cache
def gazetteer() -> Gazetteer:
    places = rows("places.csv")
    areas = rows("postal_areas.csv")
    people = np.maximum([int(row["population"] or 0) for row in places], FEWEST_PEOPLE)
    reach = REACH_OF_A_MILLION * np.sqrt(people / 1e6)
    point, postal_point = _points(places), _points(areas)
    near = [_near(here, float(far), postal_point) for here, far in zip(point, reach, strict=True)]
    count = np.array([len(some) for some in near])
    return Gazetteer(
        city=tuple(row["name"] for row in places),
        province=tuple(row["province"] for row in places),
        point=point,
        reach=reach,
        steps=np.cumsum(people / people.sum()),
        postal=tuple(row["code"] for row in areas),
        postal_point=postal_point,
        near=np.concatenate(near),
        near_from=np.concatenate([[0], np.cumsum(count)[:-1]]),
        near_count=count,
    )


def draw(rng: np.random.Generator, count: int) -> Spots:
    """A place by its people, in it a postal area, about that one a point."""
    all_ = gazetteer()
    place = np.minimum(np.searchsorted(all_.steps, rng.random(count)), len(all_.city) - 1)
    postal = all_.near[all_.near_from[place] + (rng.random(count) * all_.near_count[place]).astype(int)]
    # A place with one postal area may lie far from that area's middle: then its own middle counts.
    alone = (all_.near_count[place] == 1)[:, None]
    middle = np.where(alone, all_.point[place], all_.postal_point[postal])
    spread = np.clip(all_.reach[place] / 8, 0.3, 1.5) / KM_PER_DEGREE
    point = middle + rng.normal(size=(count, 2)) * spread[:, None]
    return Spots(
        place=place.tolist(),
        latitude=np.round(point[:, 0], 5).tolist(),
        longitude=np.round(point[:, 1], 5).tolist(),
        postal=postal.tolist(),
    )


def _points(table: tuple[dict[str, str], ...]) -> NDArray[np.float64]:
    return np.array([(float(row["latitude"]), float(row["longitude"])) for row in table])


def _near(here: NDArray[np.float64], reach: float, points: NDArray[np.float64]) -> NDArray[np.int64]:
    away = (points - here) * KM_PER_DEGREE * np.array([1.0, np.cos(np.radians(here[0]))])
    km = np.hypot(away[:, 0], away[:, 1])
    inside = np.flatnonzero(km <= reach)
    return inside if len(inside) else np.array([int(km.argmin())])
