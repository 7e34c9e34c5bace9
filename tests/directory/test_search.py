"""Search over a handful of listings: facets, ages, distance, order, visibility, queries."""

from __future__ import annotations

import pytest

from directory.editing import save_service
from directory.found import listings
from directory.models import SearchEntry, Service
from directory.search import Criteria, SearchPage, search_services
from directory.search.packing import unpack
from partners.actor import ANONYMOUS, SYSTEM, Actor, Channel
from partners.errors import Invalid
from partners.roles import Capability
from tests.factories.listings import (
    AREA_PLACE,
    PUBLIC_PLACE,
    WITHHELD_PLACE,
    make_organization,
    make_service,
)

pytestmark = pytest.mark.django_db


def search(**criteria: object) -> SearchPage:
    return search_services(actor=ANONYMOUS, criteria=Criteria(**criteria))


def names(**criteria: object) -> list[str]:
    return [found.service.name_en for found in listings(search(**criteria), ANONYMOUS)]


def test_inside_one_facet_or_between_facets_and() -> None:
    make_service(name_en="A", populations=["women"], topics=["poverty"])
    make_service(name_en="B", populations=["youth"], topics=["poverty"])
    make_service(name_en="C", populations=["women"], topics=["justice"])
    assert names(population=("women", "youth"), topic=("poverty",)) == ["A", "B"]
    assert names(population=("women",), topic=("poverty", "justice")) == ["A", "C"]


def test_a_category_holds_what_stands_under_it() -> None:
    make_service(name_en="Medical", categories=["withdrawal-medical"])
    make_service(name_en="Other", categories=["food-bank"])
    assert names(category=("substance-use",)) == ["Medical"]
    assert names(category=("withdrawal",)) == ["Medical"]
    assert names(category=("withdrawal-community",)) == []
    assert names(q="recovery") == names(q="rétablissement") == ["Medical"]


@pytest.mark.parametrize(
    ("age", "found"),
    [
        (15, ["Up to 17", "No limit known"]),
        (17, ["Up to 17", "No limit known"]),
        (18, ["From 18", "No limit known"]),
        (64, ["From 18", "No limit known"]),
        (65, ["No limit known"]),
    ],
)
def test_age_includes_the_limits_and_what_nobody_knows(age: int, found: list[str]) -> None:
    make_service(name_en="Up to 17", maximum_age=17)
    make_service(name_en="From 18", minimum_age=18, maximum_age=64)
    make_service(name_en="No limit known")
    assert sorted(names(age=age)) == sorted(found)


def test_language_referrals_organization_and_place() -> None:
    house = make_organization(name_en="The House")
    make_service(
        name_en="Here",
        organization=house,
        languages=["fr", "cr"],
        accepts_referrals=True,
        location=AREA_PLACE,
    )
    make_service(name_en="There", languages=["en"], location={**PUBLIC_PLACE, "city": "Brandon"})
    make_service(name_en="Hidden", location=WITHHELD_PLACE, service_areas=["winnipeg"])
    assert names(language=("cr",)) == ["Here"]
    assert names(accepts_referrals=True) == ["Here"]
    assert names(organization=house.pk) == ["Here"]
    assert names(place=("north-end",)) == ["Here"]
    assert names(place=("brandon",)) == ["There"]
    assert names(place=("Winnipeg",)) == ["Here", "Hidden"]


def test_a_listing_with_every_facet_empty_is_found_by_its_name() -> None:
    save_service(SYSTEM, {"name_fr": "L’Étoile", "organization": make_organization()}, publish=True)
    assert [found.service.name_fr for found in listings(search(q="etoile"), ANONYMOUS)] == ["L’Étoile"]


def test_words_match_from_their_beginning_in_both_languages() -> None:
    make_service(name_en="Harbour", name_fr="Hébergement de l’Étoile", aliases=[])
    assert names(q="heberg") == names(q="etoile") == names(q="HARBOURS") == ["Harbour"]
    assert names(q="arb") == names(q="bour") == []


@pytest.mark.parametrize("text", ["%", "_", "\\", "§", "'", '"; --', "*", "…"])
def test_signs_are_no_wildcards(text: str) -> None:
    make_service(name_en="Harbour")
    assert names(q=f"{text}zzz") == []


def test_the_name_comes_before_alias_category_organization_and_description() -> None:
    river = make_organization(name_en="River")
    make_service(name_en="Fifth", description_en="Near the river.")
    make_service(name_en="Fourth", organization=river)
    make_service(name_en="Second", aliases=[{"name": "River", "language": "en", "kind": "former"}])
    make_service(name_en="The river")
    assert names(q="river") == ["The river", "Second", "Fourth", "Fifth"]


def test_a_program_names_its_listings() -> None:
    service = make_service(name_en="Harbour")
    assert names(q="unknown program") == []
    assert unpack(SearchEntry.objects.get(pk=service.pk).document).words["n"] == "harbour"


def test_distance_by_policy() -> None:
    make_service(name_en="Door", location={"policy": "public", "latitude": 49.92, "longitude": -97.13})
    make_service(name_en="Postal area", location=PUBLIC_PLACE)
    make_service(name_en="Area", location=AREA_PLACE)
    make_service(name_en="Withheld", location=WITHHELD_PLACE)
    make_service(name_en="Far", location={"policy": "public", "latitude": 49.85, "longitude": -99.95})
    found = {f.service.name_en: f.hit for f in listings(search(near="R2W"), ANONYMOUS)}
    assert found["Postal area"].distance_km == 0
    assert [found[name].distance_is_about for name in ("Door", "Postal area", "Area")] == [False, True, True]
    assert found["Area"].distance_km == pytest.approx(1.15, abs=0.1)
    assert found["Withheld"].distance_km is None
    assert names(near="R2W", ordering="distance")[-2:] == ["Far", "Withheld"]
    assert names(near="R2W", radius_km=5) == ["Postal area", "Door", "Area"]
    assert search(q="Withheld").hits[0].distance_km is None


@pytest.mark.parametrize("near", ["89.9, 10", "0, 179.99", "-45, -179.99"])
def test_the_radius_holds_at_the_edges_of_the_map(near: str) -> None:
    latitude, longitude = map(float, near.split(","))
    make_service(location={"policy": "public", "latitude": latitude, "longitude": longitude})
    assert search(near=near, radius_km=1).count == 1


def test_a_place_that_is_not_known_is_refused() -> None:
    with pytest.raises(Invalid):
        search(near="R9Z")


def test_ties_go_by_name_then_id_and_pages_do_not_overlap() -> None:
    made = [make_service(name_en="Same") for _ in range(5)]
    pages = [search_services(actor=ANONYMOUS, criteria=Criteria(), page=p, page_size=2) for p in (1, 2, 3, 4)]
    order = [hit.id for page in pages for hit in page.hits]
    assert order == sorted(service.pk for service in made)
    assert {(page.count, page.pages) for page in pages} == {(5, 3)}
    assert pages[3].hits == []


def test_order_by_name_follows_the_language() -> None:
    make_service(name_en="Zebra", name_fr="Âne")
    make_service(name_en="Ant", name_fr="Fourmi")
    by_name = Criteria(ordering="name")
    page = search_services(actor=ANONYMOUS, criteria=by_name, language="fr")
    in_french = listings(page, ANONYMOUS)
    assert [f.service.name_fr for f in in_french] == ["Âne", "Fourmi"]
    assert names(ordering="name") == ["Ant", "Zebra"]


def test_drafts_and_what_no_longer_exists_are_found_by_nobody_else() -> None:
    draft = make_service(name_en="Draft", publish=False)
    make_service(name_en="Gone", status="defunct")
    editor = Actor(
        channel=Channel.SESSION,
        organization_id=draft.organization_id,
        capabilities=frozenset({Capability.EDIT_LISTINGS}),
    )
    assert names() == []
    assert [hit.id for hit in search_services(actor=editor, criteria=Criteria()).hits] == [draft.pk]


def test_queries_do_not_grow_with_the_rows(assert_flat) -> None:
    def everything() -> None:
        page = search_services(
            actor=ANONYMOUS,
            criteria=Criteria(q="service", near="R2W", radius_km=50, category=("housing",)),
            page_size=100,
        )
        for found in listings(page, ANONYMOUS):
            list(found.service.phones.all())
            assert found.service.organization.name_en

    def grow() -> None:
        for number in range(49):
            make_service(name_en=f"Service {number}", **full)

    full = {
        "categories": ["emergency-shelter", "food-bank"],
        "phones": [{"number": "204-555-0100", "kind": "voice"}],
        "languages": ["en", "fr"],
    }
    make_service(name_en="Service first", **full)
    assert_flat(everything, grow)
    assert Service.objects.count() == 50
