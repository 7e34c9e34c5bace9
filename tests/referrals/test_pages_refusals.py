"""Who must not see, who must not act, what was too late, and what is shown then."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client as Browser
from django.utils import timezone

from partners.models import AuditEvent, Membership
from referrals.models import ChildProtectionRecord, Client, Referral
from tests.referrals.pages import NAME, SECRETS, World, address, browser, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_a_stranger_finds_nothing(world: World) -> None:
    referral = world.accepted()
    pat = browser(world.pat)
    for url in (
        address("detail", referral.pk),
        address("client", world.person.pk),
        address("client_edit", world.person.pk),
        address("child_protection", world.person.pk),
        address("consent_new", world.person.pk),
        address("consent_withdraw", referral.consent_id),
    ):
        assert pat.get(url).status_code == 404, url
    assert pat.post(address("action", referral.pk, "accept")).status_code == 404
    assert pat.post(address("message", referral.pk), {"text": "x"}).status_code == 404
    assert pat.get(address("send"), {"draft": referral.pk}).status_code == 404
    given = {"service": world.service.pk, "client": world.person.pk}
    assert pat.get(address("send"), given).status_code == 404


def test_the_receiver_cannot_open_the_client_file(world: World) -> None:
    referral = world.accepted()
    tom = browser(world.tom)
    assert tom.get(address("client", world.person.pk)).status_code == 404
    assert tom.get(address("consent_withdraw", referral.consent_id)).status_code == 404


def test_who_works_with_nobody_is_refused(world: World) -> None:
    referral = world.sent()
    eva = browser(world.eva)
    assert eva.get(address("home")).status_code == 200
    for name in ("clients", "client_new", "inbox", "sent", "send"):
        assert eva.get(address(name)).status_code == 403, name
    assert eva.get(address("detail", referral.pk)).status_code == 404


def test_the_wrong_side_is_refused_and_the_refusal_recorded(world: World) -> None:
    referral = world.sent()
    answer = browser(world.nadia).post(address("action", referral.pk, "accept"))

    assert answer.status_code == 403
    assert AuditEvent.objects.filter(action="referral.accept", result="refused").exists()
    assert Referral.objects.get().status == "sent"


def test_an_action_that_does_not_exist(world: World) -> None:
    referral = world.sent()
    assert browser(world.tom).post(address("action", referral.pk, "explode")).status_code == 404
    assert browser(world.tom).get(address("action", referral.pk, "accept")).status_code == 405


def test_a_draft_does_not_exist_for_the_receiver(world: World) -> None:
    draft = world.draft()
    assert browser(world.tom).get(address("detail", draft.pk)).status_code == 404
    assert draft.code not in browser(world.tom).get(address("inbox")).content.decode()


def test_a_second_answer_is_told_what_happened(world: World) -> None:
    referral = world.accepted()
    other = member("Ines", world.northern, "receiver_intake")
    answer = browser(other, "fr").post(
        address("action", referral.pk, "decline", language="fr"), {"reason": "no_capacity"}
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert referral.code in text
    assert "Accepté" in text
    assert address("detail", referral.pk, language="fr") in text


def test_a_decline_without_a_reason_is_shown_at_its_field(world: World) -> None:
    referral = world.sent()
    answer = browser(world.tom).post(address("action", referral.pk, "decline"), {"note": "Not today"})

    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="decline-reason_error"' in text
    assert "Not today" in text
    assert Referral.objects.get().status == "sent"


def test_a_declined_referral_offers_another_try_and_buries_the_other_side(world: World) -> None:
    referral = world.act(world.sent(), "decline", reason="no_capacity")
    own = browser(world.nadia).get(address("detail", referral.pk)).content.decode()
    assert "No space available" in own
    assert f"{address('send')}?client={world.person.pk}" in own
    assert "Declined by" in browser(world.nadia).get(address("home")).content.decode()
    buried = browser(world.tom).get(address("detail", referral.pk)).content.decode()
    assert "No longer shared" in buried


@pytest.mark.parametrize("how", ["withdrawn", "declined", "consent"])
def test_a_tombstone_shows_code_and_dates_only(world: World, how: str) -> None:
    referral = world.sent()
    browser(world.tom).post(address("message", referral.pk), {"text": "Planted message"})
    if how == "withdrawn":
        world.act(referral, "withdraw", world.nadia, reason="client_choice")
    elif how == "declined":
        world.act(referral, "decline", reason="not_eligible")
    else:
        world.act(referral, "accept")
        world.take_back(referral)
    text = browser(world.tom).get(address("detail", referral.pk)).content.decode()

    hidden = (
        *SECRETS,
        "Planted message",
        "Day program",
        "Personal support",
        "Health",
        "changed",
        "for this service",
    )
    assert referral.code in text
    assert "No longer shared. Contact the sender." in text
    main = text.split("<main", 1)[1].split("</main>", 1)[0]
    assert [word for word in hidden if word in main] == []


def test_after_the_consent_ended_the_receiver_can_only_close(world: World) -> None:
    referral = world.accepted()
    world.take_back(referral)
    tom = browser(world.tom)
    page = tom.get(address("detail", referral.pk))
    assert [button.action.name for button in page.context["buttons"]] == ["close"]
    assert "note" not in page.context["buttons"][0].form.fields
    given = {"outcome": "could_not_reach", "date": timezone.localdate().isoformat()}
    assert tom.post(address("action", referral.pk, "close"), given).status_code == 302
    assert tom.post(address("message", referral.pk), {"text": "x"}).status_code == 409


def minor(world: World) -> Client:
    return world.client(chosen_name="Tess Planted", age_band="under_18")


def test_under_18_stops_the_sending_and_leads_to_the_record(world: World) -> None:
    person = minor(world)
    draft = world.draft(person, consent_id=world.consent(person).pk)
    nadia = browser(world.nadia)
    answer = nadia.post(address("action", draft.pk, "send"))
    text = answer.content.decode()

    assert answer.status_code == 422
    assert "1-866-345-9241" in text
    assert "911" in text
    assert address("child_protection", person.pk) in text
    assert Referral.objects.get().status == "draft"

    given = {
        "state": "reported",
        "at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        "reported_to": "Intake desk",
    }
    assert nadia.post(address("child_protection", person.pk), given).status_code == 302
    assert ChildProtectionRecord.objects.get().reported_to == "Intake desk"
    assert nadia.post(address("action", draft.pk, "send")).status_code == 302


def test_an_unknown_age_is_asked_first(world: World) -> None:
    person = world.client(chosen_name="Robin Planted", age_band="unknown")
    draft = world.draft(person, consent_id=world.consent(person).pk)
    answer = browser(world.nadia).post(address("action", draft.pk, "send"))

    assert answer.status_code == 422
    assert address("client_edit", person.pk) in answer.content.decode()


def test_the_manager_sees_the_follow_up(world: World) -> None:
    person = minor(world)
    given = {
        "state": "being_reported",
        "at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        "reported_to": "On the phone",
    }
    browser(world.nadia).post(address("child_protection", person.pk), given)
    other = member("Olu", world.lantern, "worker")

    assert "Being reported now" in browser(world.paula).get(address("home")).content.decode()
    assert "Being reported now" in browser(world.nadia).get(address("home")).content.decode()
    assert "Being reported now" not in browser(other).get(address("home")).content.decode()


def test_names_stand_in_no_title_flash_or_address(world: World) -> None:
    nadia = browser(world.nadia)
    referral = world.accepted()
    for url in (address("client", world.person.pk), address("detail", referral.pk), address("home")):
        text = nadia.get(url).content.decode()
        assert NAME not in text.split("</title>", 1)[0]
    saved = nadia.post(
        address("client_edit", world.person.pk),
        {"chosen_name": NAME, "age_band": "25_34", "language": "en"},
        follow=True,
    )
    assert saved.redirect_chain
    assert not any(NAME in str(message) for message in saved.context["messages"])
    searched = nadia.post(address("clients"), {"q": NAME})
    assert NAME in searched.content.decode()
    assert searched.request["QUERY_STRING"] == ""


def test_every_form_needs_its_token(world: World) -> None:
    referral = world.sent()
    tom = browser(world.tom, enforce_csrf_checks=True)
    assert tom.post(address("action", referral.pk, "accept")).status_code == 403
    nadia = browser(world.nadia, enforce_csrf_checks=True)
    assert nadia.post(address("send"), {"do": "send"}).status_code == 403
    assert Referral.objects.get().status == "sent"


def test_without_sign_in_every_page_asks_for_it(world: World) -> None:
    referral = world.sent()
    for url in (address("home"), address("inbox"), address("detail", referral.pk), address("clients")):
        answer = Browser().get(url)
        assert answer.status_code == 302
        assert "/sign-in/" in answer["Location"]


def test_where_both_sides_are_one_organization_the_act_says_which(world: World) -> None:
    world.service.organization_id = world.lantern.pk
    world.service.save()
    consent = world.consent()
    consent.recipient_id = world.lantern.pk
    consent.save()
    draft = world.draft(consent_id=consent.pk)
    nadia = browser(world.nadia)
    assert nadia.post(address("action", draft.pk, "send")).status_code == 400
    assert nadia.post(address("action", draft.pk, "send"), {"as": "sender"}).status_code == 302
    page = nadia.get(address("detail", draft.pk), {"as": "receiver"})
    assert page.context["stage"] == "preview"
    assert not [secret for secret in SECRETS if secret in page.content.decode()]
    assert nadia.post(address("action", draft.pk, "accept"), {"as": "receiver"}).status_code == 302
    assert nadia.get(address("detail", draft.pk), {"as": "nobody"}).status_code == 400


def test_a_consent_about_to_end_stands_on_the_list(world: World) -> None:
    soon = timezone.now() + datetime.timedelta(days=5)
    world.sent(consent_id=world.consent(expires_at=soon).pk)
    text = browser(world.nadia).get(address("home")).content.decode()

    assert "Consent about to end" in text
    assert f"{address('consent_new', world.person.pk)}?recipient={world.northern.pk}" in text


def test_a_member_who_left_sees_nothing(world: World) -> None:
    referral = world.accepted()
    Membership.objects.filter(user=world.tom).update(ended_at=timezone.now())
    assert browser(world.tom).get(address("detail", referral.pk)).status_code == 404
