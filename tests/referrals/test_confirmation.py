"""Her own word: the code that her worker shows, and the public page it opens, once."""

from __future__ import annotations

import datetime
import logging
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone
from time_machine import travel

from config.logs import clean
from partners.errors import Conflict, NotSeen, Refused
from partners.models import AuditEvent, OutboxRow
from referrals.confirmation import issue_code
from referrals.models import ConfirmationCode, Outcome, Referral
from referrals.outcomes import confirm_outcome
from referrals.views.answer import ATTEMPTS
from tests.referrals.pages import NAME, SAFE_CONTACT, World, address, browser

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def world() -> World:
    cache.clear()
    return World()


@pytest.fixture
def closed(world: World) -> Referral:
    return world.act(world.accepted(), "close", outcome="got_help", date=TODAY)


@pytest.fixture
def code(world: World, closed: Referral) -> str:
    return issue_code(referral_id=closed.pk, actor=world.actor(world.nadia)).code


def page(code: str, language: str = "en") -> str:
    return address("answer", code, language=language)


def is_closed(answer: object) -> bool:
    assert answer.templates[0].name == "referrals/answer_closed.html"  # type: ignore[attr-defined]
    return True


def test_two_taps_confirm_the_outcome_and_the_sender_is_told(
    world: World, closed: Referral, code: str
) -> None:
    told = OutboxRow.objects.filter(organization_id=world.lantern.pk).count()
    phone = Browser()

    asked = phone.get(page(code))
    assert asked.status_code == 200
    assert [name for name in ("yes", "partly", "no") if f'value="{name}"' in asked.content.decode()] == [
        "yes",
        "partly",
        "no",
    ]
    sure = phone.post(page(code), {"answer": "partly"})
    assert 'name="sure"' in sure.content.decode()
    closed.refresh_from_db()
    assert closed.confirmed_at is None  # the first tap changes nothing

    phone.post(page(code), {"answer": "partly", "sure": "1"})

    closed.refresh_from_db()
    assert (closed.confirmed_by, closed.status) == ("client", "closed")
    newest = Outcome.objects.get(referral=closed, superseded_at__isnull=True)
    assert (newest.code, newest.needs_met, newest.reason) == ("got_help", "partly", "person_answered")
    assert OutboxRow.objects.filter(organization_id=world.lantern.pk).count() == told + 1
    event = AuditEvent.objects.filter(action="referral.confirmed_by_client").first()
    assert event is not None
    assert event.user_id is None
    assert not phone.cookies


def test_the_page_names_nobody_in_either_language_and_stores_nothing(
    world: World, closed: Referral, code: str
) -> None:
    for language, title in (("en", "Your answer"), ("fr", "Relais")):
        answer = Browser().get(page(code, language))
        text = answer.content.decode()
        for secret in (NAME, closed.code, "Lantern", "Northern", "Day program", "Programme de jour", "Nadia"):
            assert secret not in text
        assert title in re.search(r"<title>(.*?)</title>", text)[1]  # type: ignore[index]
        other = "fr" if language == "en" else "en"
        assert f'href="{page(code, other)}"' in text
        assert "data-exit" in text
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
        assert "csrfmiddlewaretoken" not in text


def test_used_expired_replaced_and_guessed_codes_are_answered_alike(
    world: World, closed: Referral, code: str
) -> None:
    newer = issue_code(referral_id=closed.pk, actor=world.actor(world.nadia)).code
    guessed = "CDFG-HJKM-NPQR-TWXY"
    bodies = set()
    for dead in (code, guessed, "x" * 39, "é"):
        answer = Browser().post(page(dead), {"answer": "no", "sure": "1"})
        assert answer.status_code == 404
        bodies.add(answer.content.decode().replace(answer.wsgi_request.get_full_path()[3:], ""))
    with travel(timezone.now() + datetime.timedelta(days=15), tick=False):
        assert is_closed(Browser().get(page(newer)))
    Browser().post(page(newer), {"answer": "yes", "sure": "1"})
    replayed = Browser().post(page(newer), {"answer": "no", "sure": "1"})
    bodies.add(replayed.content.decode().replace(replayed.wsgi_request.get_full_path()[3:], ""))

    assert len(bodies) == 1
    assert Outcome.objects.get(referral=closed, superseded_at__isnull=True).needs_met == "yes"
    assert not ConfirmationCode.objects.filter(digest__contains=code).exists()


def test_once_the_sender_has_confirmed_or_it_was_an_error_the_page_is_closed(
    world: World, closed: Referral, code: str
) -> None:
    confirm_outcome(referral_id=closed.pk, actor=world.actor(world.nadia))
    assert is_closed(Browser().post(page(code), {"answer": "no", "sure": "1"}))

    other = world.act(world.accepted(world.client()), "close", outcome="got_help", date=TODAY)
    hers = issue_code(referral_id=other.pk, actor=world.actor(world.nadia)).code
    world.act(other, "void", world.paula, reason="duplicate")
    assert is_closed(Browser().post(page(hers), {"answer": "no", "sure": "1"}))
    assert Referral.objects.get(pk=other.pk).confirmed_at is None


def test_reading_and_what_is_no_answer_change_nothing(closed: Referral, code: str) -> None:
    for given in ({}, {"answer": "unknown", "sure": "1"}, {"answer": "<b>", "sure": "1"}, {"sure": "1"}):
        assert Browser().post(page(code), given).templates[0].name == "referrals/answer.html"
    Browser().get(page(code) + "?answer=no&sure=1")
    Browser().head(page(code))

    assert ConfirmationCode.objects.get().used_at is None
    assert Outcome.objects.filter(referral=closed).count() == 1


def test_typing_the_code_leads_to_the_page(code: str) -> None:
    enter = address("answer_enter")
    assert Browser().get(enter).status_code == 200
    assert "Type the code first." in Browser().post(enter, {"code": " "}).content.decode()

    answer = Browser().post(enter, {"code": code.lower().replace("-", " ")}, follow=True)

    assert answer.templates[0].name == "referrals/answer.html"
    assert not answer.cookies


def test_many_attempts_from_one_address_are_stopped_and_the_address_is_not_kept(code: str) -> None:
    for _attempt in range(ATTEMPTS):
        assert Browser().get(page("CDFG-HJKM-NPQR-TWXY"), REMOTE_ADDR="203.0.113.7").status_code == 404
    stopped = Browser().get(page(code), REMOTE_ADDR="203.0.113.7")
    assert (stopped.status_code, is_closed(stopped)) == (429, True)
    assert Browser().get(page(code), REMOTE_ADDR="203.0.113.8").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        keys = [row[0] for row in cursor.fetchall()]
    assert any("answer" in key for key in keys)
    assert not any("203.0.113" in key for key in keys)


def test_only_the_sender_makes_a_code_and_only_for_an_outcome_to_confirm(
    world: World, closed: Referral
) -> None:
    for name, refusal in (("tom", Refused), ("pat", NotSeen)):
        with pytest.raises(refusal):
            issue_code(referral_id=closed.pk, actor=world.actor(getattr(world, name)))
    with pytest.raises(Conflict):
        issue_code(referral_id=world.sent(world.client()).pk, actor=world.actor(world.nadia))
    assert not ConfirmationCode.objects.exists()
    own = address("own_word", closed.pk)
    assert browser(world.tom).get(own).status_code == 403
    assert browser(world.pat).post(own).status_code == 404
    confirm_outcome(referral_id=closed.pk, actor=world.actor(world.nadia))
    assert browser(world.nadia).post(own).status_code == 409


@pytest.mark.parametrize(
    ("block", "allowed"),
    [
        ({}, "The person has also allowed you to send it: by text message."),
        ({"methods": ["call"], "text": False}, "Show it in person only."),
        ({"do_not_contact": True}, "Show it in person only."),
    ],
)
def test_the_worker_shows_it_as_safe_contact_allows(
    world: World, block: dict[str, object], allowed: str
) -> None:
    person = world.client(safe_contact={**SAFE_CONTACT, **block}, language="fr")
    closed = world.act(world.accepted(person), "close", outcome="got_help", date=TODAY)
    nadia = browser(world.nadia)
    before = nadia.get(address("own_word", closed.pk))
    assert "data:image/svg+xml" not in before.content.decode()
    assert not ConfirmationCode.objects.exists()  # reading makes none

    page = nadia.post(address("own_word", closed.pk)).content.decode()

    assert allowed in page
    assert "data:image/svg+xml;base64," in page
    assert "/fr/answer/" in page  # in her language
    assert AuditEvent.objects.filter(action="referral.confirmation_code").count() == 1


def test_the_code_stands_in_no_log(code: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        Browser().get(page("CDFG-HJKM-NPQR-TWXY"))

    assert caplog.records
    assert all("CDFG" not in clean(record.getMessage()) for record in caplog.records)
