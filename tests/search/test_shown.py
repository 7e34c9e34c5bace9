"""What a result shows is kept with the entry: it follows every change, and holds nothing that is hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from orjson import dumps, loads

from directory.editing import save_organization, save_service
from directory.models import Phone, SearchEntry, Service, ServiceCapacity
from directory.result_rows import result_rows
from directory.search import Criteria, index, search_services
from directory.search.packing import pack, unpack, unpack_shown
from directory.search.shown import TRUE, Shown
from partners.actor import ANONYMOUS, SYSTEM
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_service
from tests.search.population import settle

pytestmark = pytest.mark.django_db
DOOR = {**PUBLIC_PLACE, "address_1": "12 Seldom Street", "postal_code": "R3X 9Z9", "postal_area": None}
DOOR |= {"latitude": 49.85, "longitude": -97.2}


def shown(service: Service) -> Shown:
    found = unpack_shown(SearchEntry.objects.get(pk=service.pk).document)
    assert found
    return found


def listed(client: Client, service: Service) -> dict[str, Any]:
    (found,) = client.get("/api/v1/services/", {"q": service.name_en}).json()["results"]
    return dict(found)


def test_a_result_follows_the_organization_and_the_listing(client: Client) -> None:
    made = make_service(name_en="Quokkaville", phones=[{"number": "204-555-0101", "kind": "voice"}])
    settle()
    save_organization(SYSTEM, {"name_en": "Another name"}, made.organization)
    assert listed(client, made)["organization"]["name"] == "Another name"
    save_service(SYSTEM, {"summary_en": "Anew.", "phones": []}, publish=True, service=made)
    found = listed(client, made)
    assert (found["summary"], found["phones"]) == ("Anew.", [])


def test_a_result_is_what_the_listing_says_of_itself(client: Client) -> None:
    made = make_service(name_en="Quokkaville", location=DOOR, categories=["food-bank", "counselling"])
    for language in ("en", "fr"):
        results = client.get("/api/v1/services/", {"q": "quokkaville"}, headers={"Accept-Language": language})
        whole = client.get(f"/api/v1/services/{made.pk}/", headers={"Accept-Language": language}).json()
        (found,) = results.json()["results"]
        same = found.keys() & whole.keys() - {"content_language", "fallback"}
        assert {key: found[key] for key in same} == {key: whole[key] for key in same}


@pytest.mark.parametrize("place", [WITHHELD_PLACE, AREA_PLACE], ids=["withheld", "area_only"])
def test_a_narrowed_place_leaves_nothing_behind(place: dict[str, object]) -> None:
    made = make_service(location=DOOR)
    assert shown(made).address == b'"12 Seldom Street"'
    save_service(SYSTEM, {"location": place}, publish=True, service=made)
    told = repr(shown(made))
    assert not [secret for secret in ("Seldom", "R3X", "49.85", "-97.2") if secret in told]


@pytest.mark.parametrize(
    "change",
    [
        lambda made: Phone.objects.create(service=made, number="204-555-0199", position=9),
        lambda made: ServiceCapacity.objects.create(service=made, value="open", as_of="2026-11-20T10:00:00Z"),
        lambda made: Service.objects.filter(pk=made.pk).update(summary_en="Otherwise."),
        lambda made: type(made.organization).objects.update(name_fr="Autrement"),
    ],
    ids=["phone", "capacity", "summary", "organization"],
)
def test_the_check_sees_what_a_result_no_longer_shows_rightly(change: Callable[[Service], Any]) -> None:
    made, other = make_service(), make_service()
    change(made)
    assert made.pk in [one.id for one in index.drifted()]
    assert index.rebuild() >= 1
    assert not list(index.drifted())
    assert shown(other).is_public == TRUE


@pytest.mark.parametrize("entry", [None, b"", b"\x01of an earlier version"])
def test_a_listing_without_an_entry_still_has_its_page(client: Client, entry: bytes | None) -> None:
    made = make_service()
    if entry is None:
        SearchEntry.objects.all().delete()
    else:
        SearchEntry.objects.update(document=entry)
    assert client.get(f"/api/v1/services/{made.pk}/").json()["name"] == made.name_en


def test_a_draft_is_shown_to_its_own_editors_alone() -> None:
    made = make_service(publish=False)
    assert result_rows([made.pk], ANONYMOUS) == [None]
    assert shown(made).is_public != TRUE


@pytest.mark.parametrize("length", [0, 500, 40_000], ids="{} words".format)
def test_however_long_it_is(length: int) -> None:
    """Also beyond what the compression looks back over."""
    made = make_service(summary_en="One line.\nAnother.")
    entry = unpack(SearchEntry.objects.get(pk=made.pk).document)
    assert entry
    assert entry.shown == shown(made)
    text = " ".join(f"w{number * 7919 % 100_003}" for number in range(length))
    longer = entry._replace(
        shown=shown(made)._replace(summary_en=dumps(text)), words={**entry.words, "d": text}
    )
    assert unpack(pack(longer)) == longer
    assert unpack_shown(pack(longer)) == longer.shown


@pytest.mark.parametrize("rows", [(1, 2, 3), (5, 6, 7), (7, 5, 6), (99, 98, 97), (0, 0, 0)], ids=str)
def test_where_an_entry_was_is_a_hint(rows: tuple[int, ...]) -> None:
    """Whatever stands there now: another listing's entry, or nothing."""
    for number in range(4):
        make_service(name_en=f"Another {number}")
    made = [make_service(name_en=f"House {number}") for number in range(3)]
    draft = make_service(publish=False)
    asked = [one.pk for one in (*made, draft)]
    found = result_rows(asked, ANONYMOUS, (*rows, 4))
    assert [row and loads(row.shown.name_en) for row in found] == [*(one.name_en for one in made), None]


def test_a_page_of_results_is_read_by_the_rows_of_its_entries(client: Client) -> None:
    """Where the database can tell them, and they are still theirs."""
    made = [make_service(name_en=f"House {number}") for number in range(3)]
    settle()
    hits = search_services(actor=ANONYMOUS, criteria=Criteria(ordering="name")).hits
    assert all(hit.row for hit in hits) == (connection.vendor == "sqlite")
    moved = [hit._replace(row=row) for hit, row in zip(hits, (3, 1, 2), strict=True)]
    for some in (hits, moved):
        rows = result_rows((hit.id for hit in some), ANONYMOUS, (hit.row for hit in some))
        assert [row and loads(row.shown.name_en) for row in rows] == [one.name_en for one in made]
