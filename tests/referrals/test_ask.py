"""The person asks a program herself to contact her: no account, no cookie, nothing in an address."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client as Browser

from directory.models import Service
from partners.models import Agreement, AuditEvent, Membership, OutboxRow
from partners.rate_limit import within_limit_of
from referrals.models import Client, Introduction
from tests.factories.listings import make_service
from tests.referrals.pages import World, admitted, browser, member

pytestmark = pytest.mark.django_db
NAME, NUMBER, NOTE = "Robin Asked", "204-555-0177", "Planted message"
NOW = datetime.datetime(2026, 11, 26, 18, 5, tzinfo=datetime.UTC)
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return World()


@pytest.fixture
def service(world: World) -> Service:
    return make_service(
        organization=world.lantern,
        name_en="Recovery program",
        name_fr="Programme de rétablissement",
        intakes=["self_referral"],
        response_days=2,
    )


def where(service: Service, language: str = "en") -> str:
    return f"/{language}/services/{service.pk}/ask/"


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "chosen_name": NAME,
        "language": "en",
        "methods": ["text"],
        "phone": NUMBER,
        "message": NOTE,
        **changes,
    }


def test_she_asks_and_notes_a_code(service: Service, world: World) -> None:
    visitor = Browser()
    shown = visitor.get(where(service))
    assert "What happens next" in shown.content.decode()
    answer = visitor.post(where(service), typed(), headers=SAME)

    left = Introduction.objects.get()
    page = answer.content.decode()
    assert answer.status_code == 200
    assert left.code in page
    assert not any(word in page for word in (NAME, NUMBER, NOTE))
    assert (left.kind, left.receiver, left.service, left.introduced_by) == (
        "self_referral",
        world.lantern,
        service,
        None,
    )
    assert (left.chosen_name, left.message) == (NAME, NOTE)
    assert (left.safe_contact["methods"], left.safe_contact["text"]) == (["text"], True)
    assert left.safe_contact["voicemail"] is False
    row = AuditEvent.objects.get(action="introduction.self_referral")
    assert (row.chain, row.user_id, row.channel) == (world.lantern.pk, None, "none")
    assert OutboxRow.objects.get().kind == "introduction"
    assert NAME in browser(world.nadia).get(f"/en/introductions/{left.pk}/").content.decode()


def test_no_trace_stays_in_the_browser(service: Service) -> None:
    visitor = Browser()
    for answer in (
        visitor.get(where(service)),
        visitor.post(where(service), typed(methods=[]), headers=SAME),
        visitor.post(where(service), typed(), headers=SAME),
    ):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "same-origin"
        title = answer.content.decode().split("<title>")[1].split("</title>")[0]
        assert "Recovery" not in title
        assert "Contact" in title
    assert not visitor.cookies


def test_a_name_and_a_message_are_left_out_at_will(service: Service, world: World) -> None:
    sent = Browser().post(where(service), typed(chosen_name="", message=""), headers=SAME)
    assert sent.status_code == 200
    left = Introduction.objects.get()
    taken = browser(world.nadia).post(f"/en/introductions/{left.pk}/take-up/", {"file": "new"})
    assert taken.status_code == 302
    assert Client.objects.filter(organization=world.lantern).latest("created_at").chosen_name == left.code


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"methods": []}, "Choose at least one safe way."),
        ({"phone": ""}, "Calling and texting need the safe number."),
        ({"methods": ["email"]}, "E-mail needs the safe address."),
        ({"methods": ["in_person"]}, "Select a valid choice"),
        ({"phone": "12"}, "Enter a telephone number"),
        ({"email": "nonsense"}, "e-mail"),
        ({"language": "klingon"}, "Select a valid choice"),
        ({"message": "x" * 501}, "500"),
        ({"chosen_name": "x" * 101}, "100"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(service: Service, wrong: dict[str, Any], words: str) -> None:
    answer = Browser().post(where(service), typed(**wrong), headers=SAME)
    assert answer.status_code == 400
    assert "There is a problem" in answer.content.decode()
    assert words in answer.content.decode()
    assert not Introduction.objects.exists()
    assert "?" not in answer.wsgi_request.get_full_path()


def test_french_too(service: Service) -> None:
    page = Browser().get(where(service, "fr"))
    assert page.status_code == 200
    assert 'lang="fr-CA"' in page.content.decode()


# Where the way is open


def test_only_a_program_that_takes_it_is_asked(world: World, service: Service) -> None:
    closed = [
        make_service(organization=world.lantern, intakes=["phone"]),
        make_service(organization=admitted("Nobody works here", "basic_needs"), intakes=["self_referral"]),
        make_service(organization=admitted("Police", "police_liaison"), intakes=["self_referral"]),
        make_service(organization=world.lantern, intakes=["self_referral"], publish=False),
        make_service(intakes=["self_referral"]),
    ]
    member("Boss", closed[2].organization, "worker", "police_liaison")
    visitor = Browser()
    for one in closed:
        assert visitor.get(where(one)).status_code == 404
        assert visitor.post(where(one), typed(), headers=SAME).status_code == 404
        listing = visitor.get(f"/en/services/{one.pk}/")
        assert "contact you safely" not in listing.content.decode()
    assert "contact you safely" in visitor.get(f"/en/services/{service.pk}/").content.decode()
    assert "contact you safely" in browser(world.pat).get(f"/en/services/{service.pk}/").content.decode()
    assert not visitor.cookies

    Membership.objects.filter(user=world.nadia).update(role="listing_editor")
    assert visitor.get(where(service)).status_code == 200  # Paula still works with clients
    Agreement.objects.filter(organization=world.lantern).delete()
    assert visitor.get(where(service)).status_code == 404
    assert "contact you safely" not in visitor.get(f"/en/services/{service.pk}/").content.decode()


# Who sends it, and how often


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
    ],
)
def test_a_form_from_another_site_is_refused(service: Service, headers: dict[str, str], status: int) -> None:
    answer = Browser(enforce_csrf_checks=True).post(where(service), typed(), headers=headers)
    assert answer.status_code == status
    assert Introduction.objects.exists() == (status == 200)


def test_one_address_asks_five_times_an_hour(service: Service) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        visitor = Browser(REMOTE_ADDR="203.0.113.7")
        assert [visitor.post(where(service), typed(), headers=SAME).status_code for _ in range(6)] == [
            *[200] * 5,
            429,
        ]
        late = visitor.post(where(service), typed(), headers=SAME).content.decode()
        assert "try in an hour" in late
        assert Introduction.objects.count() == 5
        other = Browser(REMOTE_ADDR="203.0.113.8")
        assert other.post(where(service), typed(), headers=SAME).status_code == 200
        clock.shift(datetime.timedelta(hours=1))
        assert visitor.post(where(service), typed(), headers=SAME).status_code == 200


def test_bad_input_counts_against_nobody(service: Service) -> None:
    with time_machine.travel(NOW, tick=False):
        visitor = Browser()
        for _ in range(7):
            assert visitor.post(where(service), typed(methods=[]), headers=SAME).status_code == 400
        assert visitor.post(where(service), typed(), headers=SAME).status_code == 200


def test_one_listing_is_asked_only_so_often_an_hour(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("referrals.views.ask.TO_ONE_LISTING", 3)
    with time_machine.travel(NOW, tick=False):
        for _ in range(3):
            assert within_limit_of(str(service.pk), "asked", attempts=3, seconds=3600)
        assert Browser().post(where(service), typed(), headers=SAME).status_code == 429
        assert not Introduction.objects.exists()


def test_the_address_stands_nowhere(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {}
    for name in ("add", "set"):
        original = getattr(cache, name)

        def noted(key: str, value: Any, *rest: Any, original: Any = original, **more: Any) -> Any:
            kept[key] = value
            return original(key, value, *rest, **more)

        monkeypatch.setattr(cache, name, noted)
    Browser(REMOTE_ADDR="203.0.113.7").post(where(service), typed(), headers=SAME)
    assert kept
    assert "203.0.113.7" not in repr(kept)


def test_of_many_attempts_at_the_same_moment_only_so_many_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has looked before any other has written."""
    read = cache.get_many

    def not_yet(keys: list[str], version: int | None = None) -> dict[str, Any]:
        return {key: value for key, value in read(keys, version).items() if "limit:" not in key}

    monkeypatch.setattr(cache, "get_many", not_yet)
    answers = [within_limit_of("one", "asked", attempts=4, seconds=3600) for _ in range(9)]
    assert answers == [True] * 4 + [False] * 5


def test_behind_a_proxy_of_ours_each_visitor_has_an_own_limit(service: Service, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    with time_machine.travel(NOW, tick=False):
        for number in range(7):
            visitor = {**SAME, "x-forwarded-for": f"203.0.113.{number}"}
            assert Browser().post(where(service), typed(), headers=visitor).status_code == 200
        same = {**SAME, "x-forwarded-for": "198.51.100.7, 203.0.113.0"}
        answers = [Browser().post(where(service), typed(), headers=same).status_code for _ in range(5)]
        assert answers == [200] * 4 + [429]
