"""What police can fetch: every address, in every state of a call, and nothing planted in any of it.

They get what the public gets, their own channel, and the list of what they introduced.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone

from partners.access import actor_for, create_token
from partners.actor import Actor
from partners.models import Membership, Notification, User
from partners.notifications.delivery import deliver_due
from referrals.actions import apply_action
from referrals.calls import answer_call
from referrals.consent_acts import withdraw_consent
from referrals.models import Client, Introduction, Referral
from tests.api.world import World
from tests.architecture.urls import Address, addresses
from tests.factories.planted import BESIDE, PERSON, TEXT_FIELDS
from tests.test_planted_secret import Crawl, found

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PLANTED = (
    *(PERSON[name] for name in TEXT_FIELDS.split()),
    PERSON["chosen_name"],
    BESIDE["note"],
    "Planted introduced",
    "204-555-0166",
    "2045550166",
)
# Words that tell something of the person: the need, how soon, the age, the area, the listing, the kind.
TELLING = ("food", "urgent", "today", "within days", "25 to 34", "25_34", "north end", "winnipeg")
TELLING += ("accepted", "declined", "closed", "withdrawn", "expired", "got_help", "category", "need")
STATES = ("sent", "accepted", "declined", "closed", "withdrawn", "void", "ended while sent", "ended after")


def person(world: World) -> Client:
    return world.client(**{**PERSON, "age_band": "25_34", "safe_area": "north-end"})


def in_state(world: World, state: str, groups: list[str]) -> Referral:
    call = world.call(person(world), note=BESIDE["note"], groups=groups)
    if state in ("accepted", "closed", "void", "ended after"):
        answer_call(actor=world.mo, referral_id=call.pk, will_call=True)
    if state == "declined":
        answer_call(actor=world.mo, referral_id=call.pk, will_call=False, reason="no_capacity")
    acts: dict[str, tuple[str, dict[str, Any]]] = {
        "closed": ("close", {"outcome": "got_help", "date": timezone.localdate(call.created_at).isoformat()}),
        "withdrawn": ("withdraw", {"reason": "safety"}),
        "void": ("void", {"reason": "wrong_person"}),
    }
    if state in acts:
        action, details = acts[state]
        apply_action(referral_id=call.pk, action=action, actor=world.paula, **details)
    if state.startswith("ended"):
        withdraw_consent(actor=world.nadia, consent_id=call.consent_id, how="phone")
    return call


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def calls(world: World) -> list[Referral]:
    """One in each state, none with consent to the name."""
    return [in_state(world, state, []) for state in STATES]


@pytest.fixture
def crawl(world: World, calls: list[Referral]) -> Crawl:
    left = world.introduction()
    Introduction.objects.filter(pk=left.pk).update(introduced_by=world.police)
    kept = Introduction.objects.get(pk=left.pk)
    kept.chosen_name, kept.safe_contact = "Planted introduced", {"methods": ["call"], "phone": "204-555-0166"}
    kept.save()
    ids = {
        "referral_id": [str(call.pk) for call in calls],
        "client_id": [str(call.client_id) for call in calls[:2]],
        "consent_id": [str(call.consent_id) for call in calls[:2]],
        "need_id": [str(call.need_id) for call in calls[:2]],
        "service_id": [str(calls[0].service_id)],
        "organization_id": [str(world.police.pk)],
        "introduction_id": [str(left.pk)],
        "slug": ["accept"],
        "action": ["accept"],
    }
    return Crawl(ids)


@pytest.mark.parametrize("who", ["liaison", "liaison and worker", "manager there"])
def test_no_address_gives_police_anything_planted(
    crawl: Crawl, world: World, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    actor = world.mo
    if who != "liaison":  # who may do no more needs no call in each state
        crawl.ids["referral_id"] = crawl.ids["referral_id"][:2]
    if who == "liaison and worker":
        Membership.objects.create(user_id=actor.user_id, organization=world.police, role="worker")
    if who == "manager there":
        actor = world.member("boss", world.police, "manager", "privacy_officer", "receiver_intake")
    for path, text in crawl.all(actor, "en"):
        assert not found(text, PLANTED), path
    assert crawl.asked > 100
    assert not found(caplog.text, PLANTED)
    deliver_due()
    # A notice says by its kind that there is a call, or that nothing is shared any more; never why.
    told = Notification.objects.filter(organization=world.police).values_list("kind", flat=True)
    assert set(told) <= {"send", "sharing_ended"}
    for message in mail.outbox:
        assert not found(message.message().as_string(), (*PLANTED, *TELLING[:8])), message.subject


# What every member has: what they are told, by code alone, and the way out.
OF_A_MEMBER = {
    "api:notices",
    "partners:leave",
    "partners:notice_choice",
    "partners:notices",
    "partners:organization",
}


def is_own(address: Address) -> bool:
    return address.name in OF_A_MEMBER or address.name.split(":")[-1] in {
        "calls",
        "call",
        "call_answer",
        "introduce",
        "introductions_made",
        "home",
        "list",
    }


def test_police_get_what_the_public_gets_or_a_refusal(crawl: Crawl, world: World) -> None:
    """By page and by API: every address but their own few answers 403, 404 or 405, or as to everybody."""
    browser, public = Browser(), Browser()
    browser.force_login(User.objects.get(pk=world.mo.user_id))
    token = bearer(world.mo)
    asked = 0
    for address in addresses():
        account = address.name.startswith(("account_", "mfa_")) or address.name.endswith("switch")
        if is_own(address) or account or address.name in {"directory:exit", "readyz", "healthz"}:
            continue
        for path in crawl.paths(address):
            api = path.startswith("/api/")
            answer = Browser(headers=token).get(path) if api else browser.get(path)
            asked += 1
            if address.is_public:
                same = public.get(path)
                assert answer.status_code == same.status_code, path
                if api and same.status_code == 200 and "json" in same["Content-Type"]:
                    assert answer.json() == same.json(), path
            elif api and path.endswith("/introductions/"):
                assert answer.status_code == 403, path
            else:
                assert answer.status_code in (403, 404, 405), (path, answer.status_code)
    assert asked > 60


def bearer(actor: Actor) -> dict[str, str]:
    secret = create_token(
        User.objects.get(pk=actor.user_id), Membership.objects.get(user_id=actor.user_id).organization, [], 1
    )
    return {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}


def main_of(browser: Browser, path: str) -> str:
    return browser.get(path).content.decode().split("<main")[1].split("</main>")[0]


def test_their_own_pages_tell_a_code_and_a_worker(world: World, calls: list[Referral]) -> None:
    browser, token = Browser(headers={"accept-language": "en"}), bearer(world.mo)
    browser.force_login(User.objects.get(pk=world.mo.user_id))
    open_ones = {str(calls[0].pk), str(calls[1].pk), str(calls[3].pk)}
    for call in calls:
        page = (
            browser.get(f"/en/referrals/calls/{call.pk}/")
            .content.decode()
            .split("<main")[1]
            .split("</main>")[0]
        )
        body = Browser(headers=token).get(f"/api/v1/calls/{call.pk}/").json()
        told = (
            page.replace(str(call.pk), "").lower() + json.dumps({**body, "id": "", "received_on": ""}).lower()
        )
        assert not found(told, TELLING), told
        assert call.code.lower() in told
        shared = str(call.pk) in open_ones
        assert (body["state"], bool(body["worker"])) == ("received" if shared else None, shared)
        assert body["chosen_name"] is None
        assert ("nadia" in told) == shared
    listed = main_of(browser, "/en/referrals/calls/")
    assert not found(listed, TELLING[:8])
    rows = Browser(headers=token).get("/api/v1/calls/").json()["results"]
    assert {row["state"] for row in rows} == {"received", None}
    assert all(set(row) == {"id", "code", "received_on", "state"} for row in rows)


def test_accepted_and_closed_look_alike_and_so_do_all_ends(world: World) -> None:
    bodies = {}
    for state in STATES:
        call = in_state(world, state, ["identity"])
        body = Browser(headers=bearer(world.mo)).get(f"/api/v1/calls/{call.pk}/").json()
        bodies[state] = {**body, "id": "", "code": ""}
    assert bodies["accepted"] == bodies["closed"]
    assert bodies["accepted"]["chosen_name"] == PERSON["chosen_name"]
    assert bodies["sent"]["chosen_name"] is None
    ends = [bodies[state] for state in STATES if state not in ("sent", "accepted", "closed")]
    assert all(end == ends[0] for end in ends)
    assert (ends[0]["worker"], ends[0]["chosen_name"], ends[0]["may_answer"]) == (None, None, False)


def test_the_door_of_referrals_is_shut_to_police(world: World, calls: list[Referral]) -> None:
    mo = actor_for(User.objects.get(pk=world.mo.user_id), None)
    assert not Referral.objects.visible_to(mo).exists()
    assert Referral.objects.asked_of_police(mo).count() == len(calls)
