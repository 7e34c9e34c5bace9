"""The whole loop through the pages, in both languages, without script."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from referrals.models import Client, Consent, Referral
from tests.referrals.pages import NAME, NUMBER, SECRETS, World, address, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def follow(page: Browser, url: str, data: dict[str, Any]) -> str:
    answer = page.post(url, data, follow=True)
    assert answer.status_code == 200, said(answer)
    assert answer.redirect_chain
    return said(answer)


WORDS = {
    "en": {"sent": "Sent", "accepted": "Accepted", "gone": "No longer shared. Contact the sender."},
    "fr": {
        "sent": "Envoyé",
        "accepted": "Accepté",
        "gone": "N’est plus communiqué. Adressez-vous à l’organisme expéditeur.",
    },
}


def open_file(page: Browser, language: str) -> Client:
    follow(
        page,
        address("client_new", language=language),
        {
            "chosen_name": NAME,
            "age_band": "25_34",
            "language": "en",
            "methods": ["text"],
            "phone": NUMBER,
            "text": "on",
            "code_word": "library card",
            "health": "Planted health",
            "family": "Planted family",
            "situation": "Planted situation",
        },
    )
    return Client.objects.latest("created_at")


def send_form(world: World, person: Client, **more: Any) -> dict[str, Any]:
    return {
        "service": world.service.pk,
        "client": person.pk,
        "category": "treatment-day",
        "urgency": "soon",
        "note": "Wants mornings free",
        "field_groups": ["identity", "contact", "situation"],
        "consent_state": "now",
        "how": "spoken",
        "witness": "Paula",
        "consent_language": "en",
        "given_by": "self",
        "expires_on": (timezone.localdate() + datetime.timedelta(days=60)).isoformat(),
        "do": "send",
        **more,
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_whole_loop(world: World, language: str) -> None:
    nadia, tom = browser(world.nadia, language), browser(world.tom, language)
    words = WORDS[language]
    person = open_file(nadia, language)

    text = follow(nadia, address("send", language=language), send_form(world, person))
    referral = Referral.objects.get()
    detail = address("detail", referral.pk, language=language)
    assert words["sent"] in text

    inbox = said(tom.get(address("inbox", language=language)))
    assert referral.code in inbox
    assert not [secret for secret in SECRETS if secret in inbox]
    before = said(tom.get(detail))
    assert not [secret for secret in SECRETS if secret in before]
    assert Referral.objects.get().opened_at is not None

    after = follow(tom, address("action", referral.pk, "accept", language=language), {})
    assert NAME in after
    assert "Planted situation" in after
    assert "Wants mornings free" in after
    assert "Planted health" not in after

    kept = timezone.localtime() + datetime.timedelta(days=1)
    plan = {"kind": "accompanied", "when": f"{kept:%Y-%m-%dT%H:%M}", "place": "Side door", "ride": "on"}
    assert "Side door" in follow(nadia, address("handoff_new", referral.pk, language=language), plan)
    handoff = referral.handoffs.get()
    url = address("handoff_result", referral.pk, handoff.pk, language=language)
    follow(tom, url, {"result": "kept"})

    today = timezone.localdate().isoformat()
    follow(tom, address("action", referral.pk, "start-service", language=language), {"date": today})
    follow(
        tom,
        address("action", referral.pk, "close", language=language),
        {"outcome": "got_help", "date": today},
    )
    follow(nadia, address("confirm", referral.pk, language=language), {})
    assert Referral.objects.get().confirmed_at is not None

    withdraw = address("consent_withdraw", Consent.objects.get().pk, language=language)
    assert nadia.get(withdraw).status_code == 200
    follow(nadia, withdraw, {"how": "phone", "told_by": "Wren"})
    buried = said(tom.get(detail))
    assert words["gone"] in buried
    assert not [secret for secret in (*SECRETS, "Side door", "Wants mornings") if secret in buried]


def test_what_the_preview_promises_is_what_the_partner_sees(world: World) -> None:
    """The rows under "after accepting" and the receiver's own page hold the same values."""
    nadia, tom = browser(world.nadia), browser(world.tom)
    chosen = ["identity", "health"]
    preview = nadia.post(address("send"), send_form(world, world.person, field_groups=chosen, do="preview"))
    assert preview.status_code == 200
    rows = preview.context["seen"].after
    promised = {(row.label, row.value) for row in rows if row.group in chosen and not row.hidden}
    opening = {(row.label, row.value) for row in preview.context["seen"].before}

    referral = world.sent(consent_id=world.consent(field_groups=chosen).pk, urgency="soon")
    seen = tom.get(address("detail", referral.pk))
    assert {(row.label, row.value) for row in seen.context["opening"]} == opening
    follow(tom, address("action", referral.pk, "accept"), {})
    after = tom.get(address("detail", referral.pk))
    assert {(row.label, row.value) for row in after.context["rows"]} == promised
    assert after.context["rules"] == []


def test_a_preview_saves_nothing_and_keeps_what_was_typed(world: World) -> None:
    nadia = browser(world.nadia)
    answer = nadia.post(address("send"), send_form(world, world.person, do="preview"))

    assert "Wants mornings free" in said(answer)
    assert 'value="Paula"' in said(answer)
    assert not Referral.objects.exists()
    assert not Consent.objects.exists()


def test_a_draft_is_kept_without_consent_and_continued(world: World) -> None:
    nadia = browser(world.nadia)
    typed = send_form(world, world.person, do="draft", consent_state="later", how="", field_groups=[])
    text = follow(nadia, address("send"), typed)
    referral = Referral.objects.get()
    assert referral.status == "draft"
    assert "Consent needed" in text

    again = nadia.get(address("send"), {"draft": referral.pk})
    assert "Wants mornings free" in said(again)
    follow(nadia, address("send"), {**send_form(world, world.person, note="Changed"), "draft": referral.pk})
    referral.refresh_from_db()
    assert (referral.status, referral.note) == ("sent", "Changed")
    assert Referral.objects.count() == 1


def test_sending_without_consent_is_refused_at_the_field(world: World) -> None:
    answer = browser(world.nadia).post(
        address("send"), send_form(world, world.person, consent_state="", witness="")
    )

    assert answer.status_code == 400
    assert "A referral is sent with the person’s consent only." in said(answer)
    assert not Referral.objects.exists()


def test_a_spoken_consent_needs_its_witness(world: World) -> None:
    answer = browser(world.nadia).post(address("send"), send_form(world, world.person, witness=""))

    assert answer.status_code == 400
    assert "Name the witness." in said(answer)
    assert not Referral.objects.exists()
    assert not Consent.objects.exists()


def test_a_standing_consent_is_used_as_it_is(world: World) -> None:
    consent = world.consent()
    nadia = browser(world.nadia)
    first = said(nadia.get(address("send"), {"service": world.service.pk, "client": world.person.pk}))
    assert "The person has agreed before" in first
    changed = nadia.post(address("send"), send_form(world, world.person, consent_state="standing"))
    assert changed.status_code == 400

    same = send_form(world, world.person, consent_state="standing", field_groups=consent.field_groups)
    follow(nadia, address("send"), same)
    assert Referral.objects.get().consent_id == consent.pk
    assert Consent.objects.count() == 1


def test_choosing_the_service_and_the_person(world: World) -> None:
    nadia = browser(world.nadia)
    services = said(nadia.get(address("send"), {"client": world.person.pk}))
    assert f"service={world.service.pk}" in services
    people = said(nadia.get(address("send"), {"service": world.service.pk}))
    assert f"client={world.person.pk}" in people
    found = said(nadia.post(address("send"), {"service": world.service.pk, "q": NAME}))
    assert NAME in found


def test_a_no_is_recorded_and_grants_nothing(world: World) -> None:
    nadia = browser(world.nadia)
    page = nadia.get(address("consent_new", world.person.pk), {"recipient": world.northern.pk})
    assert 'lang="en"' in said(page)
    follow(
        nadia,
        address("consent_new", world.person.pk),
        {
            "recipient": world.northern.pk,
            "answer": "no",
            "how": "written",
            "consent_language": "en",
            "given_by": "self",
        },
    )
    consent = Consent.objects.get()
    assert (consent.refused, consent.field_groups) == (True, [])
    assert "The person said no" in said(nadia.get(address("client", world.person.pk)))


def test_messages_and_a_waitlist(world: World) -> None:
    referral = world.sent()
    nadia, tom = browser(world.nadia), browser(world.tom)
    follow(tom, address("message", referral.pk), {"text": "Mornings or evenings?"})
    assert "Mornings or evenings?" in said(nadia.get(address("detail", referral.pk)))
    assert "Message from" in said(nadia.get(address("home")))
    follow(tom, address("action", referral.pk, "waitlist"), {"unknown": "on"})
    assert "Date of a place not known" in said(nadia.get(address("detail", referral.pk)))
