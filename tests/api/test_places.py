"""Places to search near, while typing."""

from __future__ import annotations

import pytest

from directory.places import find_place
from tests.api.conftest import Ask, Fits

pytestmark = pytest.mark.django_db


def test_each_suggestion_says_where_it_is_and_what_to_ask_for(ask: Ask, fits: Fits) -> None:
    (first, *_) = fits(ask("get", "/places/?q=osborne v"))["results"]

    assert first == {
        "name": "Osborne Village",
        "kind": "neighbourhood",
        "latitude": 49.877,
        "longitude": -97.145,
        "province": "MB",
        "city": "Winnipeg",
        "query": "Osborne Village, Winnipeg, MB",
    }


def test_names_in_the_readers_language(ask: Ask, fits: Fits) -> None:
    (first, *_) = fits(ask("get", "/places/?q=quartier de la b", language="fr"))["results"]

    assert first["name"] == "Quartier de la Bourse"
    assert find_place(first["query"]).latitude == first["latitude"]


def test_a_rural_postal_area_lies_in_no_city(ask: Ask, fits: Fits) -> None:
    (found,) = fits(ask("get", "/places/?q=R0A1G0"))["results"]

    assert (found["name"], found["kind"], found["city"], found["province"]) == (
        "R0A",
        "postal_area",
        "",
        "MB",
    )


def test_a_slip_of_the_finger_is_forgiven(ask: Ask, fits: Fits) -> None:
    assert fits(ask("get", "/places/?q=winipeg"))["results"][0]["query"] == "Winnipeg, MB"
