"""Many light listings for the search alone: entries without rows, folded into a base."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from uuid import UUID

from geopy.distance import geodesic

from directory.places import Place
from directory.search import store
from directory.search.base import Base
from directory.search.documents import Document, Point
from directory.search.fold import fold
from directory.search.packing import pack
from directory.search.snapshot import Snapshot

type_of_points = dict[UUID, list[tuple[float, float]]]
CLUSTER = (49.9, -97.14)


def spread(count: int, seed: int = 7) -> type_of_points:
    """Around both poles, the date line, the north, one dense town, one single spot, and anywhere."""
    dice = Random(seed)
    draws = (
        lambda: (dice.choice((-1, 1)) * dice.uniform(84, 90), dice.uniform(-180, 180)),
        lambda: (dice.uniform(-70, 70), dice.choice((-180.0, 180.0)) + dice.uniform(-1, 1)),
        lambda: (dice.uniform(60, 83), dice.uniform(-140, -60)),
        lambda: (dice.gauss(CLUSTER[0], 0.05), dice.gauss(CLUSTER[1], 0.08)),
        lambda: (dice.gauss(CLUSTER[0], 0.05), dice.gauss(CLUSTER[1], 0.08)),
        lambda: CLUSTER,
        lambda: (dice.uniform(-90, 90), dice.uniform(-180, 180)),
    )
    found: type_of_points = {}
    for _ in range(count):
        points = [dice.choice(draws)() for _ in range(dice.choice((1, 1, 1, 1, 0, 2)))]
        found[UUID(int=dice.getrandbits(128))] = [(lat, (lon + 180) % 360 - 180) for lat, lon in points]
    return found


def light(points: Iterable[tuple[float, float]]) -> bytes:
    where = sorted(Point(latitude, longitude, False) for latitude, longitude in points)
    return pack(Document({}, ["public"], (None, None), None, None, "", where, ("", "")))


def folded(points: type_of_points) -> Snapshot:
    """A snapshot whose base holds these and nothing else."""
    store.put((key, light(where)) for key, where in points.items())
    fold()
    return standing()


def standing() -> Snapshot:
    """The base that stands, as a process reads it."""
    state = store.poll(0)
    return Snapshot(Base(state.generation, state.horizon))


def brute(points: type_of_points, place: Place) -> dict[UUID, float]:
    here = (place.latitude, place.longitude)
    return {key: min(geodesic(here, one).km for one in where) for key, where in points.items() if where}


def spot(latitude: float, longitude: float) -> Place:
    return Place("", latitude, longitude, "point")
