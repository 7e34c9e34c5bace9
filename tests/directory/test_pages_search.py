"""What a page of results says of the search itself: counts, marks, what was understood, where things are."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Service, ServiceCapacity
from directory.search.index import refresh
from tests.directory.test_pages_results import names, page, sealed_links
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_organization, make_service

pytestmark = pytest.mark.django_db

ALWAYS_OPEN = [{"byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "00:00"}]
VIRTUAL = {"policy": "public", "kind": "virtual", "city": "Winnipeg", "province": "MB"}
SPECKLED = [{"name": "Speckled Door", "language": "en", "kind": "former"}]


def options(html: str, name: str) -> dict[str, str]:
    """What stands beside the boxes of one filter, by their values."""
    found = re.findall(rf'name="{name}" value="([^"]*)"[^>]*><span>(.*?)</span></label>', html)
    return {value: re.sub(r"<[^>]+>", "", text) for value, text in found}


def cards(html: str) -> list[str]:
    return re.findall(r'<li class="entry">(.*?)</div>\s*</li>', html, re.DOTALL)


def told(service: Service, **fields: Any) -> None:
    Service.objects.filter(pk=service.pk).update(**fields)
    refresh(Service.objects.get(pk=service.pk))


def test_each_value_stands_with_its_count_without_its_own_filter(client: Client) -> None:
    for populations in (["women"], ["women", "youth"], ["youth"]):
        make_service(name_en="House", populations=populations, costs=["free"])
    make_service(name_en="House", populations=["youth"])
    html = page(client, "?q=house&population=women")
    assert options(html, "population") == {"women": "Women (2)", "youth": "Youth (3)"}
    assert options(html, "cost") == {"free": "Free (2)"}
    assert options(html, "intake") == {}


def test_what_is_chosen_stays_on_offer_though_it_finds_nothing(client: Client) -> None:
    make_service(name_en="House", languages=["fr"])
    html = page(client, "?language=iu")
    assert options(html, "language") == {"fr": "French (1)", "iu": "Inuktitut (0)"}


def test_the_tree_of_categories_opens_below_what_is_chosen(client: Client) -> None:
    make_service(categories=["crisis-suicide"])
    make_service(categories=["housing"])
    assert options(page(client), "category").keys() == {"crisis", "housing"}
    opened = options(page(client, "?category=crisis"), "category")
    assert list(opened) == ["crisis", "crisis-line", "housing"]
    deep = page(client, "?category=crisis-line")
    assert list(options(deep, "category")) == ["crisis", "crisis-line", "crisis-suicide", "housing"]
    assert deep.count("check--part-2") == 1
    empty = page(client, "?category=crisis-line&population=women")
    assert list(options(empty, "category")) == ["crisis", "crisis-line"]


def test_open_now_and_referrals_are_offered_with_counts(client: Client) -> None:
    assert options(page(client), "open_now") == {}
    make_service(name_en="Awake", schedules=ALWAYS_OPEN, holiday_hours="usual")
    make_service(name_en="Unknown", accepts_referrals=True)
    html = page(client)
    assert options(html, "open_now") == {"true": "Open now (1)"}
    assert options(html, "accepts_referrals") == {"true": "Takes referrals through the network (1)"}
    chosen = page(client, "?open_now=true")
    assert names(chosen) == ["Awake"]
    assert {} in sealed_links(chosen)
    assert 'value="true" id="id_open_now" checked' in chosen


def test_checked_by_a_person_takes_one_value(client: Client) -> None:
    told(make_service(name_en="Fresh"), verified_at=timezone.now() - timedelta(days=3))
    told(make_service(name_en="Older"), verified_at=timezone.now() - timedelta(days=120))
    make_service(name_en="Never")
    html = page(client, "?verified_within=90")
    assert names(html) == ["Fresh"]
    assert options(html, "verified_within") == {
        "": "Does not matter",
        "90": "Checked in the last 90 days (1)",
        "180": "Checked in the last 180 days (2)",
    }
    assert '<span class="vh">Remove: </span>Checked in the last 90 days' in html
    page(client, "?verified_within=soon", status=400)


@pytest.mark.parametrize(("days", "is_told"), [(14, True), (15, False)])
def test_capacity_is_forgotten_alike_by_card_listing_and_filter(
    client: Client, days: int, is_told: bool
) -> None:
    service = make_service(name_en="House")
    as_of = timezone.now() - timedelta(days=days)
    ServiceCapacity.objects.create(service=service, value="waitlist", wait_weeks=3, as_of=as_of)
    refresh(service)
    html = page(client)
    assert ("Wait of about 3 weeks" in html) is is_told
    assert ("Wait of about 3 weeks" in page(client, f"{service.pk}/")) is is_told
    offered = {"waitlist": "Waitlist (1)"} if is_told else {"unknown": "Not known (1)"}
    assert options(html, "capacity") == offered
    assert names(page(client, "?capacity=waitlist")) == (["House"] if is_told else [])


def test_an_organization_that_was_asked_for_can_be_removed_and_is_kept_by_the_form(client: Client) -> None:
    owner, other = make_organization(name_en="Harbour Society"), make_organization(name_en="Secret Society")
    make_service(name_en="House", organization=owner)
    make_service(name_en="Draft", organization=other, publish=False)
    html = page(client, f"?organization={owner.pk}")
    assert '<span class="vh">Remove: </span>Harbour Society' in html
    assert f'<input type="hidden" name="organization" value="{owner.pk}">' in html
    assert "Secret Society" not in page(client, f"?organization={other.pk}")
    assert "One organization" in page(client, f"?organization={other.pk}")


def test_the_words_are_marked_where_they_are_seen(client: Client) -> None:
    make_service(name_en="Detox <b>house</b>", summary_en="Detoxes at home")
    (shown,) = cards(page(client, "?q=detox"))
    assert "<mark>Detox</mark> &lt;b&gt;house&lt;/b&gt;" in shown
    assert "<mark>Detoxes</mark> at home" in shown
    assert "Found by" not in shown
    assert "<mark>" not in page(client, "?category=housing")


@pytest.mark.parametrize(
    ("listing", "why"),
    [
        ({"aliases": SPECKLED}, "another name (<mark>Speckled</mark> Door)"),
        ({"categories": ["withdrawal-community"]}, "what kind of service it is"),
        ({"description_en": "Come in by the speckled door."}, "its description"),
        ({"name_fr": "Speckled"}, "its name in the other language"),
    ],
)
def test_a_word_that_is_not_seen_is_explained(client: Client, listing: dict[str, Any], why: str) -> None:
    make_service(name_en="House", **listing)
    (shown,) = cards(page(client, "?q=withdrawal" if "categories" in listing else "?q=speckled"))
    assert "Found by:" in shown
    assert why in shown


def test_another_spelling_is_told(client: Client) -> None:
    make_service(name_en="Detox house", name_fr="Maison de désintox")
    assert "Showing results for “detox”. Nothing was found for “detx”." in page(client, "?q=detx")
    french = client.get("/fr/services/?q=detx").content.decode()
    assert "Rien n’a été trouvé pour «\xa0detx\xa0»." in french
    assert "Showing results" not in page(client, "?q=detox")


def test_a_part_of_the_words_is_told(client: Client) -> None:
    make_service(name_en="Yoga for parents")
    make_service(name_en="Guitar evening")
    assert "These have most of them." in page(client, "?q=yoga guitar parents zebra")
    assert "These have most of them." not in page(client, "?q=yoga")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_place_is_asked_back(client: Client, language: str, method: str) -> None:
    path = f"/{language}/services/"
    asked = {"near": "Windsor", "q": "bed", "radius_km": "5"}
    answer = client.get(path, asked) if method == "get" else client.post(path, asked)
    html = answer.content.decode()
    assert answer.status_code == 400
    links = sealed_links(html.replace("/fr/", "/en/"))
    assert [link["near"] for link in links if "near" in link][:1] == [["Windsor, ON"]]
    assert {"near": ["Windsor, NS"], "q": ["bed"], "radius_km": ["5"]} in links
    assert ("Which place do you mean?" if language == "en" else "De quel endroit s’agit-il?") in html


def test_a_place_that_nobody_knows_has_nothing_to_choose(client: Client) -> None:
    assert "Which place do you mean?" not in page(client, "?near=Qqqqqqqq", status=400)
    assert "Which place do you mean?" in page(client, "?near=Winipeg", status=400)


def test_a_place_in_the_words_fills_the_other_box(client: Client) -> None:
    make_service(name_en="Food bank")
    html = page(client, "?q=food bank elmwood")
    assert re.search(r'name="q" value="food bank"', html)
    assert re.search(r'name="near" value="elmwood"', html)
    assert "near Elmwood" in html
    for link in sealed_links(html):
        assert link.get("near", ["elmwood"]) == ["elmwood"]


def test_two_orders_where_there_are_words_and_a_place(client: Client) -> None:
    make_service(name_en="Detox", location=AREA_PLACE | {"area": "st-vital"})
    make_service(name_en="Harbour", description_en="No detox here.")
    best = page(client, "?q=detox&near=R2W")
    assert names(best) == ["Detox", "Harbour"]
    asked = {"q": ["detox"], "near": ["R2W"]}
    assert asked | {"ordering": ["distance"]} in sealed_links(best)
    assert asked | {"ordering": ["relevance"]} in sealed_links(best)
    nearest = page(client, "?q=detox&near=R2W&ordering=distance")
    assert names(nearest) == ["Harbour", "Detox"]
    assert re.search(r'aria-current="true">Nearest', nearest)
    assert '<input type="hidden" name="ordering" value="distance">' in nearest
    assert "Nearest" not in page(client, "?q=detox")
    assert "Nearest" not in page(client, "?near=R2W")


def test_the_order_by_distance_ends_with_the_place(client: Client) -> None:
    make_service(name_en="Detox")
    assert names(page(client, "?q=detox&ordering=distance")) == ["Detox"]


def test_what_comes_to_you_says_so(client: Client) -> None:
    make_service(name_en="Line", location=VIRTUAL)
    make_service(name_en="Everywhere", service_areas=["manitoba"])
    make_service(name_en="Here")
    html = page(client, "?near=Brandon, MB")
    shown = dict(zip(names(html), cards(html), strict=True))
    assert "You do not have to go there" in shown["Line"]
    assert "Serves people wherever they live" in shown["Everywhere"]
    assert not re.search("You do not have to go there|wherever they live", shown["Here"])
    assert "Services you can use wherever you live are included." in html
    assert "wherever you live are included" not in page(client)


def test_the_map_draws_what_the_cards_say_and_nothing_else(client: Client) -> None:
    make_service(name_en="A door", location=PUBLIC_PLACE | {"latitude": 49.9, "longitude": -97.14})
    make_service(name_en="B area", location=AREA_PLACE)
    make_service(name_en="C hidden", location=WITHHELD_PLACE)
    make_service(name_en="D line", location=VIRTUAL)
    html = page(client)
    (drawn,) = re.findall(r"<figure.*?</figure>", html, re.DOTALL)
    assert re.findall(r'<g class="pin">.*?<text[^>]*>(.*?)</text>', drawn) == ["1"]
    assert re.findall(r'<text class="about"[^>]*>(.*?)</text>', drawn) == ["area 2"]
    assert drawn.count("<circle") == 1
    assert "Not on the map (address not shown): 3" in drawn
    assert "Not on the map (by phone or online): 4" in drawn
    assert "diamond" not in drawn
    assert "The diamond is R2W." in page(client, "?near=R2W")


def test_a_map_of_nothing_is_no_map(client: Client) -> None:
    make_service(location=WITHHELD_PLACE)
    assert "<figure" not in page(client)


def test_the_map_is_the_same_whether_or_not_somebody_hides(client: Client) -> None:
    make_service(name_en="A door", location=PUBLIC_PLACE | {"latitude": 49.9, "longitude": -97.14})
    make_service(name_en="B area", location=AREA_PLACE)
    alone = re.findall(r"<svg viewBox=\"0 0 400.*?</svg>", page(client, "?near=R2W"), re.DOTALL)
    make_service(name_en="C hidden", location=WITHHELD_PLACE)
    assert len(alone) == 1
    assert re.findall(r"<svg viewBox=\"0 0 400.*?</svg>", page(client, "?near=R2W"), re.DOTALL) == alone
