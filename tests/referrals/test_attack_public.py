"""The pages without an account: another site's form, broken headers, hostile text, a program's own page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from directory.models import Service
from referrals import confirmation, outcomes
from referrals.models import ConfirmationCode, Introduction
from tests.factories.listings import make_service
from tests.referrals.pages import World, browser

pytestmark = pytest.mark.django_db
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return World()


@pytest.fixture
def service(world: World) -> Service:
    return make_service(organization=world.lantern, intakes=["self_referral"])


def ask(service: Service, headers: dict[str, str], **changes: Any) -> Any:
    given = {
        "chosen_name": "Robin",
        "language": "en",
        "methods": ["text"],
        "phone": "204-555-0177",
        **changes,
    }
    return Browser(raise_request_exception=False).post(
        f"/en/services/{service.pk}/ask/", given, headers=headers
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://["},
        {"Origin": "https://testserver.evil.example"},
        {"Origin": "https://testserver@evil.example"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
    ],
)
def test_another_sites_form_is_refused(service: Service, headers: dict[str, str]) -> None:
    assert ask(service, headers).status_code == 403
    assert not Introduction.objects.exists()


def test_an_address_that_is_made_up_does_not_lift_the_limit(service: Service) -> None:
    answers = [ask(service, {**OWN, "X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(7)]
    assert answers == [200] * 5 + [429] * 2


def test_more_than_a_form_can_hold_is_not_read(service: Service) -> None:
    assert ask(service, OWN, message="x" * 3_000_000).status_code in (400, 413)
    assert ask(service, OWN, message="\x00").status_code == 400
    assert ask(service, OWN, methods=["text"] * 2000).status_code in (400, 413)
    assert not Introduction.objects.exists()


def test_what_she_leaves_is_text_on_the_workers_page(world: World, service: Service) -> None:
    sign = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(1)>"
    sent = ask(
        service, OWN, chosen_name=sign, message=sign, hours=sign, methods=["email"], email="a?bcc=b@c.example"
    )
    assert sent.status_code == 200
    left = Introduction.objects.get()
    page = browser(world.nadia).get(f"/en/introductions/{left.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    # What a mail program would read as more than one address is part of the address.
    assert 'href="mailto:a?bcc' not in page
    assert "mailto:a%3Fbcc" in page


def closed(world: World) -> tuple[Any, str]:
    referral = world.act(world.accepted(), "close", outcome="got_help", date=timezone.localdate())
    return referral, confirmation.issue_code(referral_id=referral.pk, actor=world.actor(world.nadia)).code


def test_a_scanner_that_opens_every_address_answers_nothing(world: World) -> None:
    referral, code = closed(world)
    for visit in (Browser().get, Browser().head):
        assert visit(f"/en/answer/{code}/?answer=no&sure=1").status_code == 200
    Browser().post(f"/en/answer/{code}/", {"answer": "no"})
    referral.refresh_from_db()
    assert referral.confirmed_at is None
    assert not ConfirmationCode.objects.filter(used_at__isnull=False).exists()


def test_a_code_that_was_used_says_what_a_guess_says(world: World) -> None:
    _referral, code = closed(world)
    visitor = Browser()
    assert visitor.post(f"/en/answer/{code}/", {"answer": "yes", "sure": "1"}).status_code == 200
    guess = code[:-1] + ("2" if code[-1] != "2" else "3")
    used, guessed = (
        visitor.post(f"/en/answer/{one}/", {"answer": "no", "sure": "1"}) for one in (code, guess)
    )
    assert (used.status_code, guessed.status_code) == (404, 404)
    assert used.content.replace(code.encode(), b"") == guessed.content.replace(guess.encode(), b"")
    assert not used.cookies
    told = outcomes.outcomes_of(ConfirmationCode.objects.get().referral, world.actor(world.nadia))
    assert told[0].needs_met == "yes"
