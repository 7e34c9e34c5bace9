"""Where a hidden place was, or may be, is told by no answer of the search and by no table behind it."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from directory.editing import save_service
from directory.models import Area, SearchEntry, Service
from directory.models.search import SearchPosting
from directory.search import Criteria, index, search_services, snapshot, store
from directory.search.fold import Overtaken
from directory.search.packing import unpack
from partners.actor import ANONYMOUS, SYSTEM
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_service
from tests.factories.planted import CODE, LATITUDE, LONGITUDE, STREET
from tests.search.population import settle

DOOR = {**PUBLIC_PLACE, "address_1": STREET, "postal_code": CODE, "postal_area": None}
DOOR |= {"latitude": LATITUDE, "longitude": LONGITUDE}
ELSEWHERE = {**DOOR, "latitude": 49.95, "longitude": -97.02}
SECRETS = ("plantedstreet", "r3x", "9z9")


def found(**criteria: object) -> list[UUID]:
    page = search_services(actor=ANONYMOUS, criteria=Criteria(**criteria), page_size=200)
    return [hit.id for hit in page.hits]


def narrowed(place: dict[str, object], door: dict[str, object] = DOOR) -> Service:
    """A listing that was public, in the base as such, and then became what ``place`` says."""
    made = make_service(location=door)
    settle()
    return save_service(SYSTEM, {"location": place}, publish=True, service=made)


def stored() -> str:
    """Every word that the tables of the search hold."""
    rows = SearchEntry.objects.values_list("document", flat=True).order_by("pk")
    terms = SearchPosting.objects.values_list("term", flat=True).order_by("pk")
    return "\n".join([*(repr(unpack(bytes(row))) for row in rows), *terms]).lower()


def positions() -> set[float]:
    """Every number in the entries and in the base's columns of positions."""
    told: set[float] = set()
    for row in SearchEntry.objects.values_list("document", flat=True).order_by("pk"):
        document = unpack(bytes(row))
        told.update(part for point in (document.points if document else ()) for part in point[:2])
    state = snapshot.current()
    return told | set(state.base.at["latitude"].tolist()) | set(state.base.at["longitude"].tolist())


@pytest.mark.django_db
@pytest.mark.parametrize("place", [WITHHELD_PLACE, AREA_PLACE], ids=["withheld", "area_only"])
def test_a_narrowed_place_is_in_no_table_after_its_next_base(place: dict[str, object]) -> None:
    was = make_service(location=DOOR)
    settle()
    assert LATITUDE in positions()
    assert found(q=CODE, near="R2W") == [was.pk]
    save_service(SYSTEM, {"location": place}, publish=True, service=was)
    for _again in range(2):
        for words in (*SECRETS, CODE, STREET):  # beside another place, so that a code is no place itself
            assert found(q=words, near="R2W") == [], words
        index.rebuild()
        assert not {LATITUDE, LONGITUDE} & positions()
        assert not [secret for secret in (*SECRETS, str(LATITUDE), str(LONGITUDE)) if secret in stored()]


@pytest.fixture(params=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A large index can't be made anew with every listing that is saved."""
    if request.param == "large":
        monkeypatch.setattr(index, "SMALL", -1)
    return str(request.param)


@pytest.mark.django_db
@pytest.mark.parametrize("place", [WITHHELD_PLACE, AREA_PLACE], ids=["withheld", "area_only"])
def test_as_soon_as_the_policy_narrows_nothing_holds_the_door(size: str, place: dict[str, object]) -> None:
    """The old base must not go on holding it either: what may not be shown is not stored."""
    beside = make_service(location={**DOOR, "latitude": 49.9, "address_1": "1 Other Street"})
    made = narrowed(place)
    assert not {LATITUDE} & positions()
    # A small index has been made anew already; within one transaction PostgreSQL may do so once more.
    assert index.fold_when_due() or size == "small"
    assert not {LATITUDE} & positions()
    assert found(q=CODE, near="R2W") == [beside.pk]
    beside.delete()
    index.rebuild()
    assert not [secret for secret in SECRETS if secret in stored()]
    assert found(near="R2W", ordering="name") == [made.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["write_columns", "write_postings", "switch"])
def test_a_rebuild_that_had_read_the_door_does_not_bring_it_back(
    size: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The policy narrows after the rebuild has read the entry and before readers take its base."""
    made = make_service(location=DOOR)
    settle()
    real = getattr(store, step)

    def meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(store, step, real)
        save_service(SYSTEM, {"location": WITHHELD_PLACE}, publish=True, service=made)
        return real(*arguments)

    monkeypatch.setattr(store, step, meanwhile)
    with suppress(Overtaken):
        index.rebuild()
    index.fold_when_due()
    assert not {LATITUDE, LONGITUDE} & positions()
    assert not [secret for secret in SECRETS if secret in stored()]


class Trilateration(TestCase):
    """An attacker who may ask from anywhere, in any way, as often as she likes."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.witness = make_service(name_en="Witness", location=ELSEWHERE)
        cls.withheld = make_service(name_en="A house", location=DOOR)
        cls.area_only = make_service(name_en="B house", location=ELSEWHERE)
        settle()
        save_service(SYSTEM, {"location": WITHHELD_PLACE}, publish=True, service=cls.withheld)
        save_service(SYSTEM, {"location": AREA_PLACE}, publish=True, service=cls.area_only)
        area = Area.objects.get(code="north-end")
        cls.public_point = (area.latitude, area.longitude)

    def points(self, count: int) -> list[tuple[float, float]]:
        dice = Random(11)
        near = [(LATITUDE + dice.gauss(0, 0.05), LONGITUDE + dice.gauss(0, 0.08)) for _ in range(count)]
        return [(LATITUDE, LONGITUDE), *near]

    def test_no_radius_holds_the_withheld_one_and_every_order_ends_with_it(self) -> None:
        state = snapshot.current()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("directory.search.current", lambda: state)
            for latitude, longitude in self.points(700):
                near = f"{latitude:.6f},{longitude:.6f}"
                for radius in (0.1, 5.0, 20_000.0):
                    assert self.withheld.pk not in found(near=near, radius_km=radius)
                page = search_services(actor=ANONYMOUS, criteria=Criteria(near=near, ordering="distance"))
                assert page.hits[-1].id == self.withheld.pk
                assert (page.hits[-1].distance_km, page.hits[-1].distance_is_about) == (None, False)

    def test_the_area_only_one_stands_at_its_public_point(self) -> None:
        """The distance is that to the point for everybody, whichever door was the true one."""
        state = snapshot.current()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("directory.search.current", lambda: state)
            for latitude, longitude in self.points(400):
                near = f"{latitude:.6f},{longitude:.6f}"
                here = tuple(round(degrees, 6) for degrees in (latitude, longitude))
                km = geodesic(here, self.public_point).km
                page = search_services(actor=ANONYMOUS, criteria=Criteria(near=near, ordering="distance"))
                (hit,) = [hit for hit in page.hits if hit.id == self.area_only.pk]
                assert hit.distance_km == pytest.approx(km, rel=1e-9, abs=1e-9)
                assert hit.distance_is_about
                assert self.area_only.pk in found(near=near, radius_km=km + 0.001)
                assert self.area_only.pk not in found(near=near, radius_km=max(km - 0.001, 0.0001))

    @settings(max_examples=60)
    @given(
        st.floats(-89, 89),
        st.floats(-179, 179),
        st.sampled_from((None, 0.1, 3.0, 20_000.0)),
        st.sampled_from(
            ({}, {"age": 30}, {"q": "house"}, {"accepts_referrals": False}, {"capacity": ("unknown",)})
        ),
        st.sampled_from(("relevance", "distance", "name", "verified")),
    )
    def test_its_presence_depends_on_no_place(
        self, latitude: float, longitude: float, radius: float | None, more: dict[str, object], ordering: str
    ) -> None:
        near = {"near": f"{latitude:.5f},{longitude:.5f}", "radius_km": radius}
        here = found(**near, **more, ordering=ordering)
        anywhere = found(near="R2W", radius_km=radius, **more, ordering=ordering)
        assert (self.withheld.pk in here) == (self.withheld.pk in anywhere) == (radius is None)
        alone = search_services(
            actor=ANONYMOUS, criteria=Criteria(**near, **more, ordering=ordering), facets=True
        )
        Service.objects.filter(pk=self.withheld.pk).update(publication="draft")
        index.refresh(Service.objects.get(pk=self.withheld.pk))
        without = search_services(
            actor=ANONYMOUS, criteria=Criteria(**near, **more, ordering=ordering), facets=True
        )
        assert [hit for hit in alone.hits if hit.id != self.withheld.pk] == without.hits
        assert alone.count - without.count == (radius is None)
        assert radius is None or alone.facets == without.facets


@pytest.mark.django_db
def test_two_doors_of_one_area_are_told_apart_by_nothing() -> None:
    """The same listing, once from one door and once from another, answers alike byte for byte."""
    answers = []
    for door in (DOOR, ELSEWHERE):
        made = narrowed(AREA_PLACE, door)
        asked = Client()
        texts = []
        for query in (
            f"near={LATITUDE},{LONGITUDE}&ordering=distance&facets=true",
            "near=R3X&radius_km=3",
            "near=R2W&radius_km=3&facets=1",
            "q=north+end",
            f"near={LATITUDE},{LONGITUDE}&radius_km=0.1",
            "near=R3X+9Z9&radius_km=abc",
        ):
            body = asked.get(f"/api/v1/services/?{query}").content.decode()
            ids = ((str(made.pk), "id"), (made.name_en, "name"), (str(made.organization_id), "owner"))
            for told, instead in (*ids, (made.organization.name_en, "owner name")):
                body = body.replace(told, instead)
            texts.append(body)
        answers.append(texts)
        made.delete()
    assert answers[0] == answers[1]


@pytest.mark.django_db
def test_a_declared_area_alone_brings_a_withheld_service_near() -> None:
    quiet = make_service(location=WITHHELD_PLACE, service_areas=["winnipeg", "manitoba"])
    line = make_service(location={**WITHHELD_PLACE, "kind": "virtual"}, service_areas=["winnipeg"], phones=[])
    for near in ("R2W", "49.92,-97.13"):
        assert found(near=near, radius_km=1) == [line.pk]
    assert found(near="Brandon, MB", radius_km=500) == []
    assert set(found(near="R2W")) == {quiet.pk, line.pk}
    assert found(near="Brandon, MB") == [quiet.pk]


@pytest.mark.django_db
def test_the_city_of_an_area_that_is_shown_alone_is_searched_no_more_than_shown() -> None:
    """With an area the city is not shown; the area's own city says nothing more, another one would."""
    made = make_service(location={**AREA_PLACE, "city": "Brandon"})
    assert found(place=("north-end",)) == [made.pk]
    assert found(place=("brandon",)) == []
    assert found(q="brandon") == []
