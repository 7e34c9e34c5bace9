"""A consent's sheet, page and history; asking again; who told us of its end; a no without penalty."""

from __future__ import annotations

import pytest
from django.utils import timezone

from partners.errors import ChildProtectionRequired, Invalid, NotSeen, Refused
from partners.models import AuditEvent
from referrals import consent_papers
from referrals.actions import apply_action
from referrals.client_view import FIELD_GROUPS
from referrals.clients import record_child_protection
from referrals.consent_acts import withdraw_consent
from referrals.consent_texts import CONSENT_TEXTS, CURRENT_VERSION, PAPER
from referrals.models import Consent
from tests.referrals.pages import NAME, NUMBER, World, address, browser

pytestmark = pytest.mark.django_db
YES = {"answer": "yes", "field_groups": ["identity"], "how": "written", "consent_language": "en"}


@pytest.fixture
def world() -> World:
    return World()


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sheet_says_what_who_how_long_and_that_it_can_be_taken_back(world: World, language: str) -> None:
    visitor = browser(world.nadia, language="fr")
    page = address("consent_text", language="fr")
    answer = visitor.get(
        page, {"recipient": world.northern.pk, "groups": "identity,justice", "language": language}
    )
    text = text_of(answer)
    words = PAPER[CURRENT_VERSION][language]

    assert answer.status_code == 200
    for sentence in (*CONSENT_TEXTS[CURRENT_VERSION][language], words.notice, words.back, words.help):
        assert sentence.replace("'", "&#x27;") in text
    assert f'lang="{language}"' in text
    for shown in ("Northern", CURRENT_VERSION, words.witness, words.person):
        assert shown in text
    assert {"en": "Name and birth date", "fr": "Nom et date de naissance"}[language] in text
    # This kind of partner is never told it.
    assert {"en": "Court and police", "fr": "Questions de cour"}[language] not in text
    title = text.split("</title>")[0]
    assert "Northern" not in title
    assert not AuditEvent.objects.filter(result="released").exists()


def test_every_text_has_a_sheet_in_both_languages_and_stays_readable(world: World) -> None:
    assert set(PAPER) == set(CONSENT_TEXTS)
    for version in CONSENT_TEXTS:
        for language in ("en", "fr"):
            sheet = consent_papers.paper(actor=world.actor(world.nadia), language=language, version=version)
            assert (sheet.version, sheet.text) == (version, CONSENT_TEXTS[version][language])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"groups": "everything"}, 400),
        ({"language": "de"}, 400),
        ({"version": "1900"}, 400),
        ({"recipient": "nobody"}, 404),
        ({"recipient": "00000000-0000-0000-0000-000000000007"}, 404),
    ],
)
def test_a_sheet_that_cannot_be(world: World, query: dict[str, str], status: int) -> None:
    assert browser(world.nadia).get(address("consent_text"), query).status_code == status
    assert browser(world.eva).get(address("consent_text")).status_code == 403


def test_the_consents_own_page_shows_row_text_and_history(world: World) -> None:
    old = world.consent(how="spoken", witness="Planted witness", language="fr")
    new = world.consent(field_groups=["identity"])
    withdraw_consent(actor=world.actor(world.nadia), consent_id=new.pk, how="phone", told_by="Planted caller")
    page = browser(world.nadia).get(address("consent", old.pk))
    text = text_of(page)

    assert "Planted witness" in text
    assert CONSENT_TEXTS[CURRENT_VERSION]["fr"][3] in text
    assert "Replaced by a newer consent" in text
    assert address("consent", new.pk) in text
    assert "Planted caller" in text_of(browser(world.paula).get(address("consent", new.pk)))
    assert AuditEvent.objects.filter(action="consent.open", result="released").count() == 2
    for user, status in ((world.tom, 404), (world.pat, 404), (world.eva, 403)):
        assert browser(user).get(address("consent", old.pk)).status_code == status
        with pytest.raises((NotSeen, Refused)):
            consent_papers.open_consent(actor=world.actor(user), consent_id=old.pk)
    assert AuditEvent.objects.filter(action="consent.open").count() == 2


def test_a_withdrawal_by_phone_says_who_called(world: World) -> None:
    consent = world.consent()
    page, visitor = address("consent_withdraw", consent.pk), browser(world.nadia)
    assert visitor.post(page, {"how": "phone"}).status_code == 400
    assert visitor.post(page, {"how": "phone", "told_by": "Planted caller"}).status_code == 302
    consent.refresh_from_db()
    assert (consent.withdrawn_how, consent.withdrawn_told_by) == ("phone", "Planted caller")
    row = AuditEvent.objects.get(action="consent.withdraw")
    assert "Planted caller" not in str(row.details)

    again = world.consent()
    assert visitor.post(address("consent_withdraw", again.pk), {"how": "in_person"}).status_code == 302
    third = world.consent()
    with pytest.raises(Invalid) as error:
        withdraw_consent(actor=world.actor(world.nadia), consent_id=third.pk, how="phone", told_by="x" * 201)
    assert set(error.value.errors) == {"told_by"}


def test_asking_again_shows_the_former_yes_and_ticks_nothing(world: World) -> None:
    referral = world.accepted()
    page = address("consent_new", world.person.pk) + f"?recipient={world.northern.pk}"
    text = text_of(browser(world.nadia).get(page))

    assert "Last time the person said yes to" in text
    former = text.split("Last time")[1].split("</b>")[0]
    assert "Name and birth date" in former
    boxes = text.split('<form class="stack"')[1].split("</form>")[0]
    assert "checked" not in boxes
    assert f'value="{world.northern.pk}" selected' in boxes
    # The live preview, from the referral that the new consent would carry.
    assert "on-health" in boxes
    assert NUMBER in boxes or "204-555-0188" in boxes
    assert referral.code not in text


def test_after_a_no_nothing_is_hidden_or_blocked(world: World) -> None:
    nadia = browser(world.nadia)
    before = {
        name: nadia.get(url).status_code
        for name, url in (
            ("client", address("client", world.person.pk)),
            ("send", address("send") + f"?service={world.service.pk}&client={world.person.pk}"),
            ("clients", address("clients")),
            ("home", address("home")),
        )
    }
    page = address("consent_new", world.person.pk)
    refused = {**YES, "answer": "no", "field_groups": [], "recipient": str(world.northern.pk)}
    assert nadia.post(page, refused).status_code == 302
    assert Consent.objects.get().refused

    after = {
        name: nadia.get(url).status_code
        for name, url in (
            ("client", address("client", world.person.pk)),
            ("send", address("send") + f"?service={world.service.pk}&client={world.person.pk}"),
            ("clients", address("clients")),
            ("home", address("home")),
        )
    }
    assert before == after == dict.fromkeys(before, 200)
    # She may say yes another day, and nothing remembers the no against her.
    assert world.sent().status == "sent"


def protected(world: World) -> object:
    person = world.client(chosen_name="Tess Planted", age_band="under_18")
    record_child_protection(
        actor=world.actor(world.nadia),
        client_id=person.pk,
        state="reported",
        at=timezone.now(),
        reported_to="Intake",
    )
    return person


def test_under_18_who_consents_is_asked_and_why(world: World) -> None:
    person = protected(world)
    page, nadia = address("consent_new", person.pk), browser(world.nadia)  # type: ignore[attr-defined]
    yes = {**YES, "recipient": str(world.northern.pk)}
    for missing in ({}, {"given_by": "self"}, {"given_by_reason": "Mature"}):
        answer = nadia.post(page, {**yes, **missing})
        assert answer.status_code == 400
        assert NAME not in text_of(answer)
    assert not Consent.objects.exists()

    given = {"given_by": "guardian", "given_by_reason": "Planted aunt, safe for her"}
    assert nadia.post(page, {**yes, **given}).status_code == 302
    consent = Consent.objects.get()
    assert (consent.given_by, consent.given_by_reason) == ("guardian", "Planted aunt, safe for her")
    assert "Planted aunt" in text_of(nadia.get(address("consent", consent.pk)))
    # A no needs no reason.
    refused = {**yes, "answer": "no", "field_groups": []}
    assert nadia.post(page, refused).status_code == 302


def test_under_18_nothing_is_sent_before_it_is_said_who_consents(world: World) -> None:
    person = protected(world)
    consent = world.consent(person, given_by_reason="")  # type: ignore[arg-type]
    draft = world.draft(person, consent_id=consent.pk)  # type: ignore[arg-type]
    with pytest.raises(ChildProtectionRequired) as error:
        apply_action(referral_id=draft.pk, action="send", actor=world.actor(world.nadia))
    assert (error.value.status, error.value.code) == (422, "child_protection_required")
    answer = browser(world.nadia).post(address("action", draft.pk, "send"))
    assert answer.status_code == 422
    assert address("consent_new", person.pk) in text_of(answer)  # type: ignore[attr-defined]

    world.consent(person)  # type: ignore[arg-type]
    assert apply_action(referral_id=draft.pk, action="send", actor=world.actor(world.nadia)).status == "sent"


def test_groups_of_the_sheet_are_the_words_said_to_the_person(world: World) -> None:
    sheet = consent_papers.paper(actor=world.actor(world.nadia), groups=FIELD_GROUPS)
    assert sheet.groups == [str(label) for label in FIELD_GROUPS.values()]
