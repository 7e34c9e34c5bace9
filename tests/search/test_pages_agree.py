"""Pages and API find the same, in the same order, for the same parameters."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories.listings import AREA_PLACE, WITHHELD_PLACE, make_service

pytestmark = pytest.mark.django_db
LISTING = re.compile(r'href="/en/services/([0-9a-f-]{36})/"')
ASKED = [
    "",
    "q=harbour",
    "q=harbuor",
    "q=harbour+house&near=R2W",
    "near=R2W",
    "near=R2W&ordering=distance&radius_km=30",
    "near=R2W&category=food-bank&population=women&population=youth",
    "q=house+north+end",
    "ordering=name&age=17",
    "ordering=verified&capacity=unknown&open_now=true",
    "open_at=2026-11-26T03:00:00-06:00",
]


@pytest.fixture
def listings() -> None:
    cache.clear()
    for number in range(6):
        make_service(name_en=f"Harbour house {number}", categories=["food-bank"], populations=["women"])
    make_service(name_en="Harbour line", location={**WITHHELD_PLACE, "kind": "virtual"})
    make_service(name_en="House", location=AREA_PLACE, populations=["youth"], categories=["food-bank"])
    make_service(name_en="Hidden house", location=WITHHELD_PLACE, minimum_age=18)
    make_service(
        name_en="Open house",
        schedules=[{"byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "23:59"}],
    )


@pytest.mark.parametrize("query", ASKED)
def test_a_page_shows_what_the_api_answers(listings: None, query: str) -> None:
    client = Client()
    body = client.get(f"/api/v1/services/?{query}").json()
    page = client.get(f"/en/services/?{query}").content.decode()
    shown = list(dict.fromkeys(LISTING.findall(page)))
    assert shown == [row["id"] for row in body["results"]]
    assert body["count"] == len(shown) > 0
