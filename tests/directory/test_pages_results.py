"""The search pages: sealed addresses, bad input in words, what to loosen, no trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from directory.category_links import short_id
from directory.sealed import seal, unseal
from tests.factories.listings import AREA_PLACE, WITHHELD_PLACE, make_service

pytestmark = pytest.mark.django_db

BAD_INPUT = [
    ("near=X9Z", "near", "This postal code is not known. Try a city."),
    ("near=Nowhereville", "near", "This place is not known. Try a postal code or a city."),
    ("age=abc", "age", "Enter an age in years, such as 30."),
    ("age=-3", "age", "Enter an age in years, such as 30."),
    ("near=R2W&radius_km=-1", "radius_km", "Enter a distance of more than 0 km."),
    ("radius_km=5", "radius_km", "A distance needs a place: fill in “near” as well."),
    ("category=no-such-thing", "category", "“no-such-thing” is not a known code."),
    ("place=atlantis", "place", "“atlantis” is not a known place."),
]


def sealed_links(html: str) -> list[dict[str, list[str]]]:
    return [unseal(token) for token in re.findall(r'href="/en/services/s/([^/"]+)/"', html)]


def page(client: Client, path: str = "", status: int = 200) -> str:
    answer = client.get(f"/en/services/{path}")
    assert answer.status_code == status
    return answer.content.decode()


def names(html: str) -> list[str]:
    shown = re.findall(r'<h3><a href="/../services/[^"]+">(.+?)</a></h3>', html)
    return [re.sub("</?mark>", "", name) for name in shown]


def test_what_is_typed_is_sealed_into_the_address(client: Client) -> None:
    make_service(name_en="Quiet house", summary_en="Detox for women")
    answer = client.post("/en/services/", {"q": "detox", "near": "R2W", "language": ["fr", "en"]})
    assert answer.status_code == 303
    assert re.fullmatch(r"/en/services/s/[\w-]+/", answer["Location"])
    assert "detox" not in answer["Location"]
    assert answer.cookies == {}
    token = answer["Location"].split("/")[-2]
    assert unseal(token) == {"q": ["detox"], "near": ["R2W"], "language": ["fr", "en"]}
    shown = client.get(answer["Location"])
    assert 'value="detox"' in shown.content.decode()
    assert shown.cookies == {}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("detox near R2W", {"q": ["detox"], "near": ["R2W"]}),
        ("désintox près de R2W 2M2", {"q": ["désintox"], "near": ["R2W 2M2"]}),
        ("refuge près d’Elmwood", {"q": ["refuge"], "near": ["Elmwood"]}),
        ("near Brandon, MB", {"near": ["Brandon, MB"]}),
        ("a bed near the river", {"q": ["a bed near the river"]}),
        ("linear R2W", {"q": ["linear R2W"]}),
    ],
)
def test_a_place_in_the_one_box_goes_to_its_own(
    client: Client, text: str, meant: dict[str, list[str]]
) -> None:
    answer = client.post("/en/services/", {"q": text})
    assert unseal(answer["Location"].split("/")[-2]) == meant


def test_a_place_in_the_other_box_stands(client: Client) -> None:
    answer = client.post("/en/services/", {"q": "detox near R2W", "near": "R3C"})
    assert unseal(answer["Location"].split("/")[-2]) == {"q": ["detox near R2W"], "near": ["R3C"]}


def test_a_search_form_needs_no_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/fr/services/", {"q": "refuge"}).status_code == 303


def test_plain_parameters_and_the_sealed_address_answer_alike(client: Client) -> None:
    make_service(name_en="Night shelter", languages=["fr"])
    make_service(name_en="Day shelter", languages=["en"])
    plain = names(page(client, "?q=shelter&language=fr"))
    assert (
        plain
        == names(page(client, f"s/{seal({'q': ['shelter'], 'language': ['fr']})}/"))
        == ["Night shelter"]
    )


@pytest.mark.parametrize("token", ["abc", "gAAAAA", "Ω"])
def test_an_address_that_is_none_of_ours_shows_an_empty_search(client: Client, token: str) -> None:
    html = page(client, f"s/{token}/", status=410)
    assert "This search has been put away" in html
    assert 'name="q"' in html


def test_a_sealed_address_runs_out(client: Client) -> None:
    token = seal({"q": ["shelter"]})
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        html = page(client, f"s/{token}/", status=410)
    assert "shelter" not in html


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("query", "field", "message"), BAD_INPUT)
@pytest.mark.parametrize("method", ["get", "post"])
def test_bad_input_is_told_field_by_field(
    client: Client, language: str, query: str, field: str, message: str, method: str
) -> None:
    make_service(name_en="Never listed here")
    path = f"/{language}/services/"
    answer = client.get(f"{path}?{query}") if method == "get" else client.post(path, parse_qs(query))
    html = answer.content.decode()
    assert answer.status_code == 400
    assert answer.cookies == {}
    assert "Never listed here" not in html
    assert 'class="error-summary"' in html
    assert f'href="#id_{field}"' in html
    assert f'id="id_{field}"' in html
    if language == "en":
        assert message in html
        assert "<title>Error · Results" in html
    else:
        assert message not in html


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("query", ["q=a%00b", "near=%00", "category=%FF"])
def test_text_that_cannot_be_read_is_refused(client: Client, language: str, query: str) -> None:
    answer = client.get(f"/{language}/services/?{query}")
    assert answer.status_code == 400
    assert answer.cookies == {}


@pytest.mark.parametrize("length", [201, 300_000, 1_000_000])
def test_a_text_too_long_is_refused_and_put_in_no_address(client: Client, length: int) -> None:
    answer = client.post("/en/services/", {"q": "a" * length})
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_pages_leave_no_trace(client: Client) -> None:
    service = make_service(name_en="Trafficking help", categories=["new-start"])
    short = short_id("new-start")
    for path in ("", "services/", "services/?q=help", f"services/{service.pk}/", f"services/c/{short}/"):
        answer = client.get(f"/en/{path}")
        assert answer.status_code == 200
        assert answer.cookies == {}
        assert answer["Cache-Control"] == "no-store"
        title = re.search(r"<title>(.*?)</title>", answer.content.decode())
        assert title
        assert title[1] in {"Find a service · Relais", "Results · Relais", "Listing · Relais"}


def test_addresses_on_the_pages_name_no_topic(client: Client) -> None:
    for number in range(25):
        make_service(name_en=f"Harbour {number:02}", categories=["new-start-program"], populations=["youth"])
    html = page(client, "?q=harbour&category=new-start&population=youth&near=R2W")
    for address in re.findall(r'(?:href|action)="([^"]+)"', html + client.get("/en/").content.decode()):
        parts = urlsplit(address)
        assert not re.search(r"new-start|youth|harbour|\bR2W\b", parts.path, re.IGNORECASE)
        # The other language's page is the only one that carries a query, which the reader brought along.
        assert not parts.query or parts.path == "/fr/services/"


def test_a_category_has_a_short_address_that_holds_what_stands_under_it(client: Client) -> None:
    make_service(name_en="Program A", categories=["new-start-program"])
    make_service(name_en="Clinic B", categories=["health"])
    assert names(page(client, f"c/{short_id('new-start')}/")) == ["Program A"]
    page(client, "c/00000000/", status=404)
    page(client, "c/new-start/", status=404)


def test_each_chosen_filter_can_be_removed_alone(client: Client) -> None:
    make_service(name_en="House", populations=["women", "youth"], costs=["free"])
    html = page(client, "?population=women&population=youth&cost=free&age=30")
    for label in ("Women", "Youth", "Free", "Age: 30"):
        assert re.search(rf'<span class="vh">Remove: </span>{label}', html)
    links = sealed_links(html)
    assert {"population": ["women"], "cost": ["free"], "age": ["30"]} in links
    assert {"population": ["women", "youth"], "cost": ["free"]} in links
    assert {} in links  # "Clear filters"


def test_a_place_puts_the_nearest_first(client: Client) -> None:
    make_service(name_en="Far", location=AREA_PLACE | {"area": "st-vital"})
    make_service(name_en="Near")
    make_service(name_en="Hidden", location=WITHHELD_PLACE)
    html = page(client, "?near=R2W")
    assert names(html) == ["Near", "Far", "Hidden"]
    assert "3 services near R2W" in html
    assert re.search(r"about \d+ km away", html)


def test_pages_are_sealed_and_the_last_one_stands_for_those_after_it(client: Client) -> None:
    for number in range(45):
        make_service(name_en=f"House {number:02}")
    first = page(client, "?q=house")
    assert "1 to 20 of 45" in first
    (following,) = (link for link in sealed_links(first) if "page" in link)
    assert following.keys() == {"q", "page", "after"}
    second = page(client, f"s/{seal(following)}/")
    assert names(second) == [f"House {number:02}" for number in range(20, 40)]
    assert {"q": ["house"], "page": ["1"]} in sealed_links(second)
    assert "41 to 45 of 45" in page(client, "?q=house&page=99")
    assert "1 to 20 of 45" in page(client, "?q=house&page=x")


def test_nothing_found_says_what_to_loosen(client: Client) -> None:
    make_service(name_en="Women’s house", languages=["fr"], populations=["women"])
    html = page(client, "?q=house&language=iu&population=women&population=youth")
    assert "Nothing found" in html
    assert "Without “Inuktitut”" in html
    assert {"q": ["house"], "population": ["women", "youth"]} in sealed_links(html)
    # Leaving these out would still find nothing.
    assert "Without the words you typed" not in html
    assert "Without “Women" not in html


def test_a_wider_radius_is_offered_where_it_finds_something(client: Client) -> None:
    make_service(name_en="South", location=AREA_PLACE | {"area": "st-vital"})
    html = page(client, "?near=R2W&radius_km=10")
    offered = [link.get("radius_km") for link in sealed_links(html)]
    assert ["50"] in offered
    assert ["25"] in offered
    assert "Within 25 km" in html


def test_when_nothing_helps_alone_everything_can_be_left_out(client: Client) -> None:
    html = page(client, "?q=zzz&cost=free")
    assert "Without the words you typed" in html
    assert "Without “Free”" in html


def test_a_filter_that_no_listing_carries_is_not_offered(client: Client) -> None:
    make_service(name_en="House", languages=["oj"], costs=["free"])
    html = page(client)
    assert 'name="language" value="oj"' in html
    assert 'name="language" value="iu"' not in html
    assert 'name="intake"' not in html


def test_a_text_in_the_other_language_only_says_its_language(client: Client) -> None:
    make_service(name_en="Harbour house", summary_en="A bed for tonight.", summary_fr="Un lit ce soir.")
    html = client.get("/fr/services/").content.decode()
    assert '<span lang="en">Harbour house</span>' in html
    assert "Un lit ce soir." in html
    assert "A bed for tonight." not in html


def test_an_unknown_is_said(client: Client) -> None:
    make_service(name_en="Bare", location=WITHHELD_PLACE)
    html = page(client)
    assert "Hours not known" in html
    assert "Address not shown" in html
    assert "Not yet checked: confirm before you go" in html


def test_queries_do_not_grow_with_listings(
    client: Client, assert_flat: Callable[[Callable[[], object], Callable[[], object]], None]
) -> None:
    def grow(number: int = 18) -> None:
        for index in range(number):
            make_service(
                name_en=f"House {index}",
                aliases=[{"name": f"Home {index}", "language": "en", "kind": "other"}],
                categories=["housing"],
                populations=["women"],
                languages=["en", "fr"],
                phones=[{"number": "204-555-0100"}],
                schedules=[{"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}],
            )

    grow(1)
    assert_flat(lambda: page(client, "?near=R2W&q=house&category=housing"), grow)


def test_every_route_is_named_in_the_reader_s_language() -> None:
    with translation.override("fr"):
        assert reverse("directory:results") == "/fr/services/"
