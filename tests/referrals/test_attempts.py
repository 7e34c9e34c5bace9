"""Attempts to reach the person: who may, by which ways, what each side reads of them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from partners.access import actor_for
from partners.actor import Actor
from partners.errors import Conflict, DomainError, Invalid, NotSeen
from partners.models import AuditEvent, OutboxRow, User
from referrals.access import access_referral
from referrals.attempts import attempts_of, record_attempt
from referrals.consent_acts import withdraw_consent
from referrals.events import timeline
from referrals.models import ContactAttempt, Referral
from referrals.safe_contact import allowed_methods
from tests.referrals.pages import SAFE_CONTACT, World, address, browser

pytestmark = pytest.mark.django_db
NOTE = "Planted what her sister said"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def world() -> World:
    return World()


def attempt(referral: Referral, user: User, **given: Any) -> Any:
    data = {"method": "text", "result": "no_answer", **given}
    return record_attempt(referral_id=referral.pk, actor=actor_for(user, None), **data)


def refusal(referral: Referral, user: User, **given: Any) -> str:
    """The code of the refusal, after which nothing has changed."""
    before = ContactAttempt.objects.count(), AuditEvent.objects.count()
    with pytest.raises(DomainError) as error:
        attempt(referral, user, **given)
    assert (ContactAttempt.objects.count(), AuditEvent.objects.count()) == before
    return error.value.code


def read(referral: Referral, actor: Actor) -> list[Any]:
    return attempts_of(access_referral(referral.pk, actor), actor)


@pytest.mark.parametrize(
    ("block", "allowed"),
    [
        ({}, ()),
        ({"methods": ["text"], "phone": "204-555-0188", "text": True}, ("text",)),
        ({"methods": ["text"], "phone": "204-555-0188", "text": False}, ()),
        ({"methods": ["call", "email"], "phone": "204-555-0188", "email": ""}, ("call",)),
        ({"methods": ["in_person", "email"], "email": "a@b.example"}, ("email", "in_person")),
        ({**SAFE_CONTACT, "do_not_contact": True}, ()),
    ],
)
def test_what_is_not_clearly_allowed_is_not_allowed(block: dict, allowed: tuple) -> None:
    assert allowed_methods(block) == allowed


def test_both_sides_read_method_result_and_date_and_the_note_is_the_own_sides(world: World) -> None:
    referral = world.accepted()
    tomorrow = timezone.localdate() + DAY
    made = attempt(referral, world.tom, note=NOTE, next_on=tomorrow)
    own, other = (read(referral, actor_for(user, None))[0] for user in (world.tom, world.nadia))

    assert own == made
    assert (own.note, own.next_on, own.own) == (NOTE, tomorrow, True)
    assert (other.note, other.next_on, other.own) == ("", None, False)
    assert (other.side, other.method, other.result, other.at) == ("receiver", "text", "no_answer", own.at)

    nadia = actor_for(world.nadia, None)
    line = timeline(access_referral(referral.pk, nadia), nadia)[-1]
    assert (line.kind, line.details) == ("attempt", {"method": "text", "result": "no_answer"})
    audited = AuditEvent.objects.filter(action="referral.attempt")
    assert {row.chain for row in audited} == {world.lantern.pk, world.northern.pk}
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM referrals_contactattempt")
        assert NOTE not in str(cursor.fetchall())


def test_the_sender_may_from_the_sending_on_and_the_receiver_from_acceptance_to_the_end(world: World) -> None:
    draft = world.draft(world.client(chosen_name="Draft"))
    assert refusal(draft, world.nadia) == "conflict"
    assert refusal(draft, world.tom) == "not_found"

    referral = world.sent()
    attempt(referral, world.nadia)
    assert refusal(referral, world.tom) == "conflict"
    world.act(referral, "waitlist", expected_date="unknown")
    assert refusal(referral, world.tom) == "conflict"
    world.act(referral, "accept")
    attempt(referral, world.tom)
    world.act(referral, "waitlist", expected_date="unknown")
    attempt(referral, world.tom)
    world.act(referral, "accept")
    world.act(referral, "start_service", date=timezone.localdate())
    attempt(referral, world.tom)
    world.act(referral, "close", outcome="could_not_reach", date=timezone.localdate())
    assert refusal(referral, world.tom) == "conflict"
    attempt(referral, world.nadia)
    for stranger in (world.pat, world.eva):
        assert refusal(referral, stranger) == "not_found"


def test_an_ended_consent_takes_it_from_the_receiver_alone(world: World) -> None:
    referral = world.accepted()
    attempt(referral, world.tom, note=NOTE)
    withdraw_consent(actor=actor_for(world.nadia, None), consent_id=referral.consent_id, how="phone")
    with pytest.raises(Conflict):
        attempt(referral, world.tom)
    tom, nadia = actor_for(world.tom, None), actor_for(world.nadia, None)
    assert read(referral, tom) == []
    assert len(read(referral, nadia)) == 1
    before = [(line.kind, line.at) for line in timeline(access_referral(referral.pk, tom), tom)]
    attempt(referral, world.nadia)
    assert [(line.kind, line.at) for line in timeline(access_referral(referral.pk, tom), tom)] == before


@pytest.mark.parametrize(
    ("block", "groups"),
    [
        ({**SAFE_CONTACT, "do_not_contact": True}, ("identity", "contact")),
        (SAFE_CONTACT, ("identity",)),
    ],
)
def test_who_may_not_contact_her_is_not_offered_to(world: World, block: dict, groups: tuple) -> None:
    """She is not to be contacted, or how to reach her was not consented to. Her worker may meet her."""
    person = world.client(chosen_name="Quiet", safe_contact=block)
    referral = world.sent(person, consent_id=world.consent(person, field_groups=groups).pk)
    world.act(referral, "accept")
    assert refusal(referral, world.tom) == "refused"
    page = browser(world.tom).get(address("detail", referral.pk)).content.decode()
    assert "Record an attempt" not in page
    if block["do_not_contact"]:
        assert refusal(referral, world.nadia) == "invalid"
        attempt(referral, world.nadia, method="in_person")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"method": "call"}, "method"),
        ({"method": "pigeon"}, "method"),
        ({"method": None}, "method"),
        ({"result": "married"}, "result"),
        ({"at": datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC)}, "at"),
        ({"at": datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"next_on": datetime.date(2020, 1, 1)}, "next_on"),
        ({"next_on": datetime.date(2999, 1, 1)}, "next_on"),
        ({"next_on": "soon"}, "next_on"),
        ({"note": "x" * 1001}, "note"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: World, given: dict, field: str) -> None:
    referral = world.sent()
    with pytest.raises(Invalid) as error:
        attempt(referral, world.nadia, **given)
    assert set(error.value.errors) == {field}
    assert not ContactAttempt.objects.exists()


def test_after_the_third_that_failed_and_after_an_unsafe_one_the_other_side_is_told(world: World) -> None:
    referral = world.accepted()
    told = OutboxRow.objects.filter(kind="unreached")
    for result, count in [
        ("no_answer", 0),
        ("left_message", 0),
        ("wrong_number", 1),
        ("no_answer", 1),
        ("reached", 1),
        ("no_answer", 1),
        ("not_safe", 2),
    ]:
        attempt(referral, world.tom, result=result)
        assert told.count() == count, result
    assert {row.organization_id for row in told} == {world.lantern.pk}


def test_the_page_offers_only_the_allowed_ways_and_says_what_to_do_after_three(world: World) -> None:
    referral = world.accepted()
    tom, url = browser(world.tom), address("attempt_new", referral.pk)
    page = tom.get(address("detail", referral.pk)).content.decode()
    form = page[page.index('id="attempts"') :]
    assert 'value="text"' in form
    assert 'value="call"' not in form

    refused = tom.post(url, {"method": "call", "result": ""})
    assert refused.status_code == 400
    assert "This way is not safe for the person." in refused.content.decode()
    assert "Choose how it went." in refused.content.decode()
    for _ in range(3):
        answer = tom.post(url, {"method": "text", "result": "no_answer", "note": NOTE})
        assert answer.headers["Location"].endswith("#attempts")
    assert "ask the sender" in tom.get(address("detail", referral.pk)).content.decode()
    assert NOTE in tom.get(address("detail", referral.pk)).content.decode()
    nadia = browser(world.nadia).get(address("detail", referral.pk)).content.decode()
    assert "ask the partner" in nadia
    assert NOTE not in nadia
    with pytest.raises(NotSeen):
        read(referral, actor_for(world.pat, None))
    french = browser(world.nadia, "fr").get(address("detail", referral.pk, language="fr"))
    assert french.status_code == 200
