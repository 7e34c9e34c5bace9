"""The page of one listing: what it says, what it keeps back, who is offered more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from directory import hooks
from directory.category_links import short_id
from directory.hooks import Panel
from directory.models import Service, ServiceCapacity
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_organization, make_service

pytestmark = pytest.mark.django_db

SOURCE = {
    "url": "https://news.example.ca/shelter-opens-on-teststone-avenue?id=7",
    "type": "news",
    "date": "2022",
    "other_urls": [],
    "source_says": False,
    "note_en": "From a news story.",
    "note_fr": "Tiré d’un article.",
}


def shown(client: Client, service: Service, language: str = "en") -> str:
    answer = client.get(f"/{language}/services/{service.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    """What a reader sees, without marks and with single spaces."""
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_a_public_listing_says_how_to_get_there(client: Client) -> None:
    service = make_service(
        name_en="Walk-in counselling",
        description_en="Sit down with somebody.",
        eligibility_en="Women of any age.",
        intakes=["walk_in", "phone", "professional_referral"],
        barriers=["transport", "no_id"],
        languages=["en", "cr"],
        costs=["free"],
        phones=[{"number": "204-555-0142"}, {"number": "204-555-0143", "kind": "text"}],
        schedules=[{"byday": "MO,TU,WE,TH,FR", "opens_at": "08:30", "closes_at": "16:30"}],
        aliases=[
            {"name": "Old Counsel", "language": "en", "kind": "former"},
            {"name": "The Chat", "language": "en", "kind": "other"},
        ],
        source=SOURCE,
    )
    html = shown(client, service)
    text = words(html)
    assert 'href="tel:+12045550142"' in html
    assert 'href="sms:+12045550143"' in html
    for said in (
        "Sit down with somebody.",
        "Women of any age.",
        "Walk in. You do not need an appointment.",
        "Ask a worker to refer you.",
        "Help with transport",
        "You do not need ID.",
        "English, Cree",
        "Monday to Friday: 8:30 to 16:30",
        "12 Teststone Avenue Winnipeg, MB R2W 2M2",
        "Also known as: The Chat",
        "Formerly: Old Counsel",
        "Not yet checked: confirm by phone",
        "News · news.example.ca (2022)",
        str(service.pk)[:8],
    ):
        assert said in text
    assert f'href="{SOURCE["url"]}"' in html
    assert "<title>Listing · Relais</title>" in html


@pytest.mark.parametrize(("language", "reason"), [("en", "For safety"), ("fr", "Par sécurité")])
def test_a_withheld_listing_shows_neither_area_nor_address_nor_source_address(
    client: Client, language: str, reason: str
) -> None:
    service = make_service(
        name_en="Quiet house",
        name_fr="Maison calme",
        phones=[{"number": "204-555-0100"}],
        location=WITHHELD_PLACE,
        source=SOURCE,
        website="https://quiet.example.ca/find-us/teststone",
    )
    page = client.get(f"/{language}/services/{service.pk}/")
    listed = client.get(f"/{language}/services/?near=R2W")
    for html in (page.content.decode(), listed.content.decode()):
        assert "Teststone" not in html
        assert "teststone" not in html
        assert "Winnipeg, MB" not in html
        assert not re.search(r"R2W 2M2|North End|km away|à environ", words(html))
    html = page.content.decode()
    assert reason in html
    assert "news.example.ca" in html
    assert 'href="https://news.example.ca' not in html
    assert "quiet.example.ca" not in html


def test_an_area_alone_is_named_and_says_why(client: Client) -> None:
    service = make_service(location=AREA_PLACE, phones=[{"number": "204-555-0100"}], source=SOURCE)
    html = shown(client, service)
    assert "North End" in words(html)
    assert "For safety, only the area is shown. Call for the address." in html
    assert 'href="https://news.example.ca' not in html
    silent = make_service(location=AREA_PLACE)
    assert "Call for the address" not in shown(client, silent)


def test_a_place_without_a_door_says_so(client: Client) -> None:
    line = make_service(location={"policy": "public", "kind": "virtual"})
    assert "By phone or online" in words(shown(client, line))


def test_what_nobody_knows_is_said(client: Client) -> None:
    text = words(shown(client, make_service(location=WITHHELD_PLACE)))
    for said in (
        "Nobody has told us yet how to start here",
        "No phone number is known.",
        "Hours not known",
        "Not known. Ask first.",
        "Not yet checked: confirm before you go",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-24T10:00-06:00", "Open now, until 16:30"),
        ("2026-11-24T07:00-06:00", "Opens today at 8:30"),
        ("2026-11-24T20:00-06:00", "Opens tomorrow at 8:30"),
        ("2026-11-27T20:00-06:00", "Opens Monday at 8:30"),
    ],
)
def test_open_now_or_when_next(client: Client, moment: str, said: str) -> None:
    hours = [{"byday": "MO,TU,WE,TH,FR", "opens_at": "08:30", "closes_at": "16:30"}]
    service = make_service(schedules=hours)
    with time_machine.travel(moment, tick=False):
        assert said in words(shown(client, service))


def test_day_and_night_and_closed_for_a_time(client: Client) -> None:
    always = [{"byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "23:59"}]
    assert "Open day and night" in words(shown(client, make_service(schedules=always)))
    closed = make_service(schedules=always, status="temporarily closed")
    assert "Closed for a time" in words(shown(client, closed))


def test_french_hours_and_ages(client: Client) -> None:
    hours = [{"byday": "MO,TU,WE", "opens_at": "08:30", "closes_at": "17:00"}]
    service = make_service(name_fr="Accueil", schedules=hours, minimum_age=13, maximum_age=17)
    with time_machine.travel("2026-11-24T10:00-06:00", tick=False):
        text = words(shown(client, service, "fr"))
    assert "Ouvert maintenant, jusqu’à 17\xa0h" in text.replace("&nbsp;", "\xa0") or "jusqu’à 17 h" in text
    assert "De 13 à 17 ans" in text


def test_a_text_only_in_the_other_language_is_marked(client: Client) -> None:
    service = make_service(name_en="Harbour", description_en="A place to rest.", name_fr="Le havre")
    html = shown(client, service, "fr")
    assert "<h1>Le havre</h1>" in html
    assert '<span lang="en">A place to rest.</span>' in html
    assert "Offert en anglais seulement" in html
    assert "Only available" not in shown(client, service)


def test_capacity_stands_with_its_time(client: Client) -> None:
    service = make_service()
    ServiceCapacity.objects.create(
        service=service, value="waitlist", wait_weeks=3, as_of="2026-11-20T12:00-06:00"
    )
    text = words(shown(client, service))
    assert "Waitlist" in text
    assert "Wait of about 3 weeks · As of November 20, 2026" in text


def test_a_listing_leads_to_its_category_without_naming_it_in_the_address(client: Client) -> None:
    html = shown(client, make_service(categories=["withdrawal-community"]))
    assert f'href="/en/services/c/{short_id("withdrawal-community")}/"' in html


def test_what_is_not_published_is_missing_for_everybody(client: Client) -> None:
    draft = make_service(publish=False)
    assert client.get(f"/en/services/{draft.pk}/").status_code == 404
    assert client.get(f"/en/services/{uuid4()}/").status_code == 404


@dataclass
class Asked:
    times: int = 0

    def __call__(self, request: Any, service: Service) -> Panel | None:
        self.times += 1
        return (
            Panel("directory/partials/checked.html", {"checked": None}) if service.accepts_referrals else None
        )


def test_panels_are_asked_for_only_where_a_session_cookie_came(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked()
    monkeypatch.setattr(hooks, "_sources", [asked])
    service = make_service()
    shown(client, service)
    assert asked.times == 0
    client.cookies[settings.SESSION_COOKIE_NAME] = "forged"
    shown(client, service)
    assert asked.times == 1


def test_a_panel_registered_twice_shows_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_sources", [])
    asked = Asked()
    hooks.register_listing_panel(asked)
    hooks.register_listing_panel(asked)
    assert hooks._sources == [asked]


def test_queries_do_not_grow_with_what_hangs_on_a_listing(
    client: Client, assert_flat: Callable[[Callable[[], object], Callable[[], object]], None]
) -> None:
    organization = make_organization()
    service = make_service(organization=organization, categories=["housing"], languages=["en"])

    def grow() -> None:
        for _ in range(10):
            make_service(organization=organization, categories=["housing"], location=PUBLIC_PLACE)

    assert_flat(lambda: shown(client, service), grow)
