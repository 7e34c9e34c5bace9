"""Search and listings: everybody may ask, in either language, and leaves no trace."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
from django.test import Client

from tests.api.conftest import Ask, Fits
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_organization, make_service

pytestmark = pytest.mark.django_db
NEAR = "near=R2W"


def test_a_result_says_what_a_card_shows(ask: Ask, fits: Fits) -> None:
    organization = make_organization(name_en="Clinic", name_fr="Clinique")
    made = make_service(
        organization=organization,
        name_en="Detox",
        name_fr="Sevrage",
        summary_en="By day.",
        summary_fr="De jour.",
        categories=["withdrawal-medical"],
        phones=[{"number": "204-555-0161", "kind": "voice"}],
    )

    body = fits(ask("get", f"/services/?q=sevrage&{NEAR}", language="fr"))

    (found,) = body["results"]
    assert (body["count"], body["next"], body["previous"]) == (1, None, None)
    assert (found["id"], found["name"], found["summary"]) == (str(made.pk), "Sevrage", "De jour.")
    assert found["organization"] == {"id": str(organization.pk), "name": "Clinique"}
    assert [category["code"] for category in found["categories"]] == ["withdrawal-medical"]
    assert found["place"]["address"] == PUBLIC_PLACE["address_1"]
    assert found["distance_km"] is not None
    assert found["phones"][0]["number"] == "204\N{NO-BREAK SPACE}555-0161"
    assert (found["open_now"], found["next_open"], found["verified_at"]) == (None, None, None)
    assert found["capacity"] == {"value": "unknown", "as_of": None}
    assert (found["content_language"], found["fallback"]) == ("fr", [])


def test_a_text_in_the_other_language_is_marked(ask: Ask, fits: Fits) -> None:
    made = make_service(name_en="Drop-in", summary_en="Come by.", summary_fr="Passez nous voir.")

    row = fits(ask("get", "/services/", language="fr"))["results"][0]
    listing = fits(ask("get", f"/services/{made.pk}/", language="fr"))

    for found in (row, listing):
        assert (found["name"], found["summary"]) == ("Drop-in", "Passez nous voir.")
        assert (found["content_language"], found["fallback"]) == ("en", ["name"])


@pytest.mark.parametrize("place", [AREA_PLACE, WITHHELD_PLACE], ids=["area_only", "withheld"])
def test_a_place_says_no_more_than_its_policy(ask: Ask, fits: Fits, place: dict) -> None:
    made = make_service(location=place)

    for body in (
        fits(ask("get", f"/services/{made.pk}/")),
        fits(ask("get", "/services/"))["results"][0],
    ):
        shown = body["place"]
        assert shown["policy"] == place["policy"]
        assert (shown["address"], shown["postal_code"]) == (None, None)
        assert (shown["latitude"], shown["longitude"]) == (None, None)
        assert (shown["area"] and shown["area"]["code"]) == place.get("area")


def test_distance_needs_a_place_and_a_position(ask: Ask, fits: Fits) -> None:
    make_service(name_en="Near", location=PUBLIC_PLACE)
    make_service(name_en="Hidden", location=WITHHELD_PLACE)

    without = fits(ask("get", "/services/"))["results"]
    near = fits(ask("get", f"/services/?{NEAR}&ordering=distance"))["results"]
    around = fits(ask("get", f"/services/?{NEAR}&radius_km=5"))["results"]

    assert [row["distance_km"] for row in without] == [None, None]
    assert [(row["name"], row["distance_km"] is None) for row in near] == [("Near", False), ("Hidden", True)]
    assert [row["name"] for row in around] == ["Near"]


def test_a_listing_in_full(ask: Ask, fits: Fits) -> None:
    made = make_service(
        name_en="Night shelter",
        description_en="Beds for the night.",
        eligibility_en="Women, 18 and up.",
        minimum_age=18,
        populations=["women"],
        languages=["en", "fr"],
        schedules=[{"byday": "MO,TU", "opens_at": "08:30", "closes_at": "16:30"}],
        accepts_referrals=True,
    )

    body = fits(ask("get", f"/services/{made.pk}/"))

    assert body["facets"]["population"] == [{"code": "women", "name": "Women"}]
    assert (body["minimum_age"], body["maximum_age"]) == (18, None)
    assert sorted(body["languages"]) == ["en", "fr"]
    assert body["hours"][0] == "Monday, Tuesday: 8:30 to 16:30"
    assert body["accepts_referrals"] is True


def test_a_draft_does_not_exist(ask: Ask) -> None:
    made = make_service(publish=False)

    assert ask("get", f"/services/{made.pk}/").status_code == 404
    assert ask("get", "/services/").json()["count"] == 0


def test_pages_follow_each_other_and_keep_the_question(ask: Ask, fits: Fits) -> None:
    for number in range(5):
        make_service(name_en=f"Shelter {number}")

    first = fits(ask("get", "/services/?q=shelter&page_size=2"))
    second = fits(ask("get", first["next"].split("/api/v1")[1]))
    third = fits(ask("get", second["next"].split("/api/v1")[1]))
    beyond = fits(ask("get", "/services/?q=shelter&page_size=2&page=9"))

    assert [len(page["results"]) for page in (first, second, third, beyond)] == [2, 2, 1, 0]
    assert {page["count"] for page in (first, second, third, beyond)} == {5}
    assert "q=shelter" in second["previous"]
    assert (first["previous"], third["next"]) == (None, None)
    assert len({row["id"] for page in (first, second, third) for row in page["results"]}) == 5


def test_a_count_beyond_ten_thousand_is_a_minimum(
    ask: Ask, fits: Fits, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(4):
        make_service()
    monkeypatch.setattr("api.pagination.EXACT", 3)

    for path in ("/services/?page_size=2", "/organizations/?page_size=2"):
        body = fits(ask("get", path))
        assert (body["count"], body["count_is_minimum"]) == (3, True)
        assert body["next"]


def test_lists_ask_the_database_no_more_for_fifty_rows(ask: Ask, assert_flat: Callable[..., None]) -> None:
    def grow() -> None:
        for _number in range(49):
            make_service(categories=["food-bank"], populations=["women"], phones=[{"number": "204-555-0161"}])

    make_service(categories=["food-bank"], populations=["women"])
    for path in (f"/services/?{NEAR}&page_size=100", "/organizations/?page_size=100"):
        assert_flat(lambda path=path: ask("get", path), grow)


def test_reading_in_public_looks_at_no_session(ask: Ask) -> None:
    """No cookie comes back, and the answer does not depend on one."""
    make_service()
    for path in ("/services/", "/programs/", "/organizations/", "/places/?q=win"):
        answer = ask("get", path)
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert answer["Cache-Control"] == "no-store"


def test_what_was_answered_is_not_left_to_the_collector(client: Client) -> None:
    """Twenty bodies a search would be: each answer would take memory anew."""
    left = []
    for listed in (0, 20):
        for number in range(listed):
            make_service(name_en=f"House {number}")
        client.get("/api/v1/services/")
        gc.collect()
        gc.disable()
        try:
            assert client.get("/api/v1/services/").content.count(b'"distance_km"') == listed
            left.append(gc.collect())
        finally:
            gc.enable()
    assert left[1] <= left[0] + 20
