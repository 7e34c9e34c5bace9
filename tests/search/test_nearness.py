"""The nearest of many by rings of cells: what a look at every position would find, anywhere on earth."""

from __future__ import annotations

from random import Random
from uuid import UUID

import numpy as np
import pytest
from django.test import TestCase
from pyroaring import BitMap

from directory.places import Place
from directory.search import nearness, order
from directory.search.fold import blank
from directory.search.nearness import Nearby, nearest, within_radius
from directory.search.order import by_distance, in_order
from directory.search.positions import positioned
from directory.search.snapshot import Snapshot
from tests.search.ground import CLUSTER, brute, folded, light, spot, spread, standing, type_of_points

# Among so few, rings are used only where the bound between them and a look at all is lowered.
FEW = 40


@pytest.fixture(autouse=True)
def rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "SMALL", FEW)
    monkeypatch.setattr(nearness, "ROWS_WORTH", 0)


PLACES = [
    CLUSTER,
    (49.93, -97.2),
    (60.0, -100.0),
    (69.1, -105.06),
    (79.99, -85.9),
    (0.0, 179.999),
    (10.0, -180.0),
    (-33.3, 179.6),
    (89.95, 12.0),
    (-90.0, 0.0),
    (90.0, -97.0),
    (20.0, 30.0),
]


class Nearest(TestCase):
    points: type_of_points
    state: Snapshot

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()  # not setUpTestData: a snapshot can't be copied for each test
        cls.points = spread(2_500)
        state = folded(cls.points)
        # Some have moved, some are gone, some are new since the base was made.
        dice = Random(3)
        moved = dice.sample(sorted(cls.points), 60)
        later = dict(zip(moved, spread(60, seed=8).values(), strict=True)) | spread(60, seed=9)
        gone = dice.sample(sorted(set(cls.points) - set(later)), 60)
        cls.points = {key: where for key, where in {**cls.points, **later}.items() if key not in gone}
        cls.state = state.advanced(
            {key: light(where) for key, where in later.items()} | dict.fromkeys(gone, b"")
        )

    def found(self, numbers: np.ndarray) -> set[UUID]:
        return {self.state.id_of(int(number)) for number in numbers}

    def test_any_page_in_the_order_of_the_distance(self) -> None:
        """With word of the page before and without, at the date line, the poles and among equals."""
        among = positioned(self.state) & self.state.live
        rank = self.state.column("rank_en")
        for place in (spot(*at) for at in PLACES):
            km = {self.state.number_of(key): far for key, far in brute(self.points, place).items()}
            wanted = sorted(km, key=lambda number: (round(km[number], 6), rank[number]))
            for start in (0, 20, 200, 700, 1_500, len(wanted) - 7):
                for after in {None, wanted[start - 1] if start else None}:
                    segments = by_distance(self.state, among, "en", place, {})
                    found = in_order(segments, start, 20, after)
                    assert found == wanted[start : start + 20], (place, start, after)

    def test_a_late_page_looks_no_further_than_it_needs(self) -> None:
        """By the ``next`` link: some more than the page, not everything that is left."""
        among = positioned(self.state) & self.state.live
        with pytest.MonkeyPatch.context() as patch:
            asked: list[int] = []

            def counted(state: Snapshot, place: Place, among: BitMap, wanted: int, beyond: float) -> Nearby:
                asked.append(wanted)
                return nearest(state, place, among, wanted, beyond)

            patch.setattr(order, "nearest", counted)
            for place in (spot(*at) for at in PLACES):
                km = {self.state.number_of(key): far for key, far in brute(self.points, place).items()}
                wanted = sorted(km, key=km.__getitem__)
                for start in (300, 700):
                    asked.clear()
                    segments = by_distance(self.state, among, "en", place, {})
                    in_order(segments, start, 20, wanted[start - 1])
                    assert max(asked) <= 200, (place, start, asked)

    def test_the_nearest_of_those_that_a_filter_left(self) -> None:
        dice = Random(5)
        for place in (spot(*at) for at in PLACES):
            km = brute(self.points, place)
            kept = set(dice.sample(sorted(km), 300))
            among = positioned(self.state) & self.state.live
            among -= BitMap(n for n in among if self.state.id_of(n) not in kept)
            near = nearest(self.state, place, among, 20)
            wanted = sorted((km[key], key) for key in kept)[:20]
            assert {key for far, key in wanted} <= self.found(near.numbers), place

    def test_within_any_radius(self) -> None:
        dice = Random(6)
        for place in (spot(*at) for at in PLACES):
            km = brute(self.points, place)
            for radius in (0.1, 2.8, 5, 20.0, dice.uniform(1, 300), 1_000, 9_000, 20_000):
                within = self.found(np.array(within_radius(self.state, place, radius).to_array()))
                sure = {key for key, far in km.items() if far <= radius - 1e-6}
                perhaps = {key for key, far in km.items() if far <= radius + 1e-6}
                assert sure <= within <= perhaps, (place, radius)


@pytest.mark.django_db
@pytest.mark.parametrize("latitude", [0.0, 49.925, 60.725, 63.775, 68.375, 74.725, 82.525, -66.325])
@pytest.mark.parametrize("radius", [0.5, 2.8, 3.0, 4.0, 6.0, 12.0])
def test_straight_east_and_west_of_a_place(latitude: float, radius: float) -> None:
    """There the circle is widest, between the edges of its rows of cells."""
    kms = [radius * share for share in (0.9, 0.99, 0.9999)]
    points = {}
    for offset in range(5):
        here = -100.0 + offset * 0.0101
        for azimuth in (90, -90):
            east, north, _ = nearness.ELLIPSOID.fwd(
                [here] * 3, [latitude] * 3, [azimuth] * 3, [km * 1_000 for km in kms]
            )
            points |= {
                UUID(int=len(points) + n): [(lat, lon)]
                for n, (lat, lon) in enumerate(zip(north, east, strict=True))
            }
    state = folded(points)
    for offset in range(5):
        place = spot(latitude, -100.0 + offset * 0.0101)
        wanted = {key for key, far in brute(points, place).items() if far <= radius}
        assert {state.id_of(n) for n in within_radius(state, place, radius)} == wanted


@pytest.mark.django_db
def test_who_was_blotted_out_leads_nobody_else_astray() -> None:
    """Until the next base the listing keeps its number, between those that were its neighbours."""
    points = spread(600, seed=11)
    state = folded(points)
    hidden = [state.id_of(number) for number in (30, 150, 151, 300, 450, 520)]
    for key in hidden:
        blank(state.base.generation, key, set())
    left = {key: where for key, where in points.items() if key not in hidden}
    state = standing().advanced({key: light(()) for key in hidden})
    for place in (spot(*at) for at in PLACES):
        km = brute(left, place)
        for radius in (20.0, 300.0, 2_000.0, 20_000.0):
            found = {state.id_of(number) for number in within_radius(state, place, radius)}
            assert found == {key for key, far in km.items() if far <= radius}, (place, radius)


@pytest.mark.django_db
@pytest.mark.parametrize("at", [(10.02, 180.0), (10.02, -180.0), (90.0, 180.0), (-90.0, -180.0), (49.9, 0.0)])
def test_a_listing_on_the_very_edge_of_the_map(at: tuple[float, float]) -> None:
    state = folded({UUID(int=1): [at]})
    for longitude in {at[1], -at[1]}:
        place = spot(at[0], longitude)
        assert list(within_radius(state, place, 0.1)) == [0], longitude
        assert nearest(state, place, positioned(state), 1).km[0] == pytest.approx(0, abs=1e-6)
