"""Who may do what: every operation of the API × everybody of the cast.

The rows are held against the URLconf: an address or a method without a row fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from api import urls
from directory.proposals import report_limits
from tests.api.conftest import Ask, Upload
from tests.api.matrix_listings import LISTINGS, listing_ids
from tests.api.matrix_members import MEMBERSHIP
from tests.api.world import World
from tests.factories.files import picture

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
WHO = ("nobody", "nadia", "paula", "tom", "ines", "pat", "lea", "mo", "eva")

EVERYBODY = "200 200 200 200 200 200 200 200 200"
OWN_LIST = "401 200 200 200 200 200 403 403 403"
OWN_CLIENT = "401 200 200 404 404 404 403 403 403"
BOTH_SIDES = "401 200 200 200 404 404 403 403 403"
# The referral is Lantern's, so its own people make things; with Lantern's ids others make nothing.
MAKES = "401 201 201 404 404 404 403 403 403"
BOTH_MAKE = "401 201 201 201 404 404 403 403 403"
SENDER_ACTS = "401 200 200 403 404 404 403 403 403"
RECEIVER_ACTS = "401 403 403 200 404 404 403 403 403"

# The listing is Red River's, which has no editor here; Paula edits Lantern's, Lea keeps them all.
KEEPS = "401 403 404 403 403 403 201 403 403"
MEMBERS = "401 200 200 200 200 200 200 200 200"
NOTICE_KEEPERS = "401 403 200 403 403 403 200 403 403"
WEBHOOK_OF_NETWORK = "401 403 404 403 403 403 200 403 403"
MEMBERS_BUT_POLICE = "401 200 200 200 200 200 200 403 200"
ADMITS = "401 403 403 403 403 403 200 403 403"
POLICE_ONLY = "401 403 403 403 403 403 403 200 403"

INTRODUCTION = "introductions/{introduction}/"
NEW_INTRODUCTION = {
    "receiver": "{receiver}",
    "chosen_name": "New",
    "language": "en",
    "safe_contact": {"methods": ["text"], "phone": "204-555-0188", "text": True},
    "text_version": "2026-11",
    "consented_on": "{today}",
    "no_consequence_told": True,
}
APPLICATION = "partner-applications/{application}/"
SIGNATURE = {"name": "Nadia", "title": "Director", "language": "en", "accepted": True}
CLIENT, NEED, CONSENT = "clients/{person}/", "needs/{need}/", "consents/{consent}/"
SENT, ACCEPTED, DRAFT, CLOSED = (f"referrals/{{{name}}}/" for name in ("sent", "accepted", "draft", "closed"))
NEW_PERSON = {"chosen_name": "New"}
NEW_CONSENT = {
    "recipient": "{receiver}",
    "field_groups": ["identity"],
    "text_version": "2026-11",
    "language": "en",
    "how": "written",
}
NEW_REFERRAL = {"client": "{person}", "service": "{service}", "need": {"category": "food-bank"}}
MANAGER = "401 403 200 403 403 403 403 403 403"
WHY = {"reason": "It cannot wait"}
SHARING = {**WHY, "basis": "court_order", "field_groups": ["identity"], "recipient": "A court"}
PROTECTION = {"state": "reported", "at": "2026-11-01T10:00:00-06:00", "reported_to": "CFS"}
TODAY = "{today}"
ONE_SERVICE = {"services": ["{service}"], "mode": "single"}
CORRECTION = {"outcome": "could_not_help", "date": TODAY, "reason": "wrong_outcome"}

# (method, name of the address): (who gets what, the path, what is sent)
MATRIX: dict[tuple[str, str], tuple[str, str, Any]] = {
    **LISTINGS,
    **MEMBERSHIP,
    ("get", "services"): (EVERYBODY, "services/", None),
    ("get", "service"): (EVERYBODY, "services/{service}/", None),
    ("post", "verification"): (KEEPS, "services/{service}/verification/", {"changed": True}),
    ("get", "capacity"): (KEEPS.replace("201", "200"), "services/{service}/capacity/", None),
    ("post", "capacity"): (KEEPS, "services/{service}/capacity/", {"value": "full"}),
    ("get", "organizations"): (EVERYBODY, "organizations/", None),
    ("get", "organization"): (EVERYBODY, "organizations/{receiver}/", None),
    ("get", "programs"): (EVERYBODY, "programs/", None),
    ("get", "program"): (EVERYBODY, "programs/{program}/", None),
    ("get", "categories"): (EVERYBODY, "categories/", None),
    ("get", "vocabularies"): (EVERYBODY, "vocabularies/", None),
    ("get", "places"): (EVERYBODY, "places/?q=win", None),
    ("get", "partners"): (MEMBERS_BUT_POLICE, "partners/", None),
    ("post", "partner_suspend"): (ADMITS, "partners/{receiver}/suspend/", {"reason": "asked_for"}),
    ("post", "partner_lift"): (ADMITS.replace("200", "409"), "partners/{receiver}/lift/", None),
    # Another organization’s: what is signed stands in tests/partners/joining.
    ("get", "agreements"): (MANAGER, "agreements/", None),
    ("post", "agreement_signature"): (
        MANAGER.replace("200", "404"),
        "agreements/{agreement}/signature/",
        SIGNATURE,
    ),
    ("get", "applications"): (ADMITS, "partner-applications/", None),
    ("get", "application"): (ADMITS, APPLICATION, None),
    ("post", "application_decision"): (
        ADMITS,
        APPLICATION + "decision/",
        {"decision": "refused", "note": "Not now"},
    ),
    ("get", "workflow"): (EVERYBODY, "workflow/", None),
    ("get", "consent_texts"): (EVERYBODY, "consent-texts/", None),
    ("get", "network"): ("401 403 403 403 403 403 200 403 200", "network/", None),
    ("get", "schema"): (EVERYBODY, "schema/", None),
    ("get", "docs"): (EVERYBODY, "docs/", None),
    ("get", "missing"): (EVERYBODY.replace("200", "404"), "nowhere/", None),
    ("get", "clients"): (OWN_LIST, "clients/", None),
    ("post", "clients"): (OWN_LIST.replace("200", "201"), "clients/", NEW_PERSON),
    ("get", "client"): (OWN_CLIENT, CLIENT, None),
    ("patch", "client"): (OWN_CLIENT, CLIENT, {"pronouns": "they"}),
    ("post", "phases"): (MAKES, CLIENT + "phases/", {"phase": 2}),
    ("get", "child_protection"): (OWN_CLIENT, CLIENT + "child-protection/", None),
    ("post", "child_protection"): (MAKES, CLIENT + "child-protection/", PROTECTION),
    ("get", "corrections"): (OWN_CLIENT, CLIENT + "corrections/", None),
    ("post", "corrections"): (MAKES, CLIENT + "corrections/", {"statement": "Not so", "reason": "It is"}),
    ("get", "accesses"): (OWN_CLIENT, CLIENT + "accesses/", None),
    ("get", "consents"): (OWN_CLIENT, CLIENT + "consents/", None),
    ("post", "consents"): (MAKES, CLIENT + "consents/", NEW_CONSENT),
    ("get", "care_team"): (OWN_CLIENT, CLIENT + "care-team/", None),
    ("put", "care_team"): (OWN_CLIENT, CLIENT + "care-team/", {"restricted": True}),
    ("post", "glass_break"): (MANAGER.replace("200", "201"), "clients/{restricted}/glass-breaks/", WHY),
    ("get", "glass_breaks"): (MANAGER, "glass-breaks/", None),
    ("post", "glass_review"): (MANAGER, "glass-breaks/{glass_break}/review/", None),
    ("get", "sharing_of_client"): (OWN_CLIENT, CLIENT + "legal-basis-shares/", None),
    ("post", "sharing_of_client"): (MAKES, CLIENT + "legal-basis-shares/", SHARING),
    ("get", "sharing_to_review"): (MANAGER, "legal-basis-shares/", None),
    ("get", "sharing"): (OWN_CLIENT, "legal-basis-shares/{share}/", None),
    ("post", "sharing_decide"): (MANAGER, "legal-basis-shares/{share}/decision/", {"decision": "refused"}),
    ("post", "sharing_release"): (OWN_CLIENT, "legal-basis-shares/{approved}/release/", None),
    ("get", "consent"): (OWN_CLIENT, CONSENT, None),
    ("post", "consent_withdraw"): (OWN_CLIENT, CONSENT + "withdraw/", {"how": "phone"}),
    ("get", "needs"): (OWN_LIST, "needs/", None),
    ("post", "needs"): (MAKES, "needs/", {"client": "{person}", "category": "food-bank"}),
    ("get", "need"): (OWN_CLIENT, NEED, None),
    ("get", "matches"): (OWN_CLIENT, NEED + "matches/", None),
    ("post", "offers"): (MAKES, NEED + "offers/", {"service": "{service}"}),
    ("patch", "need"): (OWN_CLIENT, NEED, {"urgency": "soon"}),
    ("post", "offers_several"): (MAKES, NEED + "offers/several/", ONE_SERVICE),
    ("post", "offers_send"): (OWN_CLIENT, NEED + "offers/send/", None),
    ("get", "plan"): (OWN_CLIENT, CLIENT + "plan/", None),
    ("post", "plan"): (MAKES, CLIENT + "plan/", {"kind": "intake", "on": TODAY}),
    ("patch", "plan_entry"): (OWN_CLIENT, CLIENT + "plan/{stay}/", {"until": TODAY}),
    ("get", "outreach"): (OWN_LIST, "outreach/", None),
    ("post", "outreach"): (OWN_LIST.replace("200", "201"), "outreach/", {"people": 3}),
    ("post", "continuation"): ("401 201 201 200 404 404 403 403 403", CLOSED + "continuation/", None),
    ("get", "referrals"): (OWN_LIST, "referrals/", None),
    ("post", "referrals"): (MAKES, "referrals/", NEW_REFERRAL),
    ("get", "referral"): (BOTH_SIDES, SENT, None),
    ("patch", "referral"): (OWN_CLIENT, DRAFT, {"note": "changed"}),
    ("post", "action"): (RECEIVER_ACTS, SENT + "actions/accept/", None),
    ("post", "confirmation"): (SENDER_ACTS, CLOSED + "confirmation/", None),
    ("post", "confirmation_code"): (
        SENDER_ACTS.replace("200", "201"),
        CLOSED + "confirmation/code/",
        None,
    ),
    ("get", "outcomes"): (BOTH_SIDES, CLOSED + "outcomes/", None),
    ("post", "outcomes"): (RECEIVER_ACTS.replace("200", "201"), CLOSED + "outcomes/", CORRECTION),
    ("get", "timeline"): (BOTH_SIDES, SENT + "timeline/", None),
    ("get", "messages"): (BOTH_SIDES, SENT + "messages/", None),
    ("post", "messages"): (BOTH_MAKE, SENT + "messages/", {"text": "Hello"}),
    ("post", "messages_read"): (BOTH_SIDES, SENT + "messages/read/", {}),
    ("get", "documents"): (BOTH_SIDES, ACCEPTED + "documents/", None),
    ("post", "documents"): (BOTH_MAKE, ACCEPTED + "documents/", Upload(picture())),
    ("get", "document"): (BOTH_SIDES, ACCEPTED + "documents/{document}/", None),
    ("get", "introductions"): (OWN_LIST, "introductions/", None),
    ("post", "introductions"): ("401 201 201 400 201 201 403 201 403", "introductions/", NEW_INTRODUCTION),
    ("get", "introductions_made"): ("401 200 200 200 200 200 403 200 403", "introductions/made/", None),
    ("get", "introduction"): (OWN_CLIENT, INTRODUCTION, None),
    ("post", "take_up"): (OWN_CLIENT, INTRODUCTION + "take-up/", None),
    ("post", "introduction_end"): (OWN_CLIENT, INTRODUCTION + "close/", {"reason": "other"}),
    ("get", "calls"): (POLICE_ONLY, "calls/", None),
    ("get", "call"): (POLICE_ONLY, "calls/{call}/", None),
    ("post", "call_answer"): (POLICE_ONLY, "calls/{call}/answer/", {"answer": "will_call"}),
    ("get", "handoffs"): (BOTH_SIDES, ACCEPTED + "handoffs/", None),
    ("get", "answer_link"): (SENDER_ACTS, SENT + "answer-link/", None),
    # This receiver signs in: the sender is told that it needs no link.
    ("post", "answer_link"): (SENDER_ACTS.replace("200", "409"), SENT + "answer-link/", None),
    ("get", "notices"): (MEMBERS, "notices/", None),
    ("post", "notices_read"): (MEMBERS, "notices/read/", None),
    ("post", "notice_read"): ("401 404 200 404 404 404 404 404 404", "notices/{notice}/read/", None),
    ("get", "webhooks"): (NOTICE_KEEPERS, "webhooks/", None),
    ("post", "webhooks"): (
        NOTICE_KEEPERS.replace("200", "201"),
        "webhooks/",
        {"url": "https://other.example/"},
    ),
    ("delete", "webhook"): (WEBHOOK_OF_NETWORK.replace("200", "204"), "webhooks/{webhook}/", None),
    ("post", "webhook_secret"): (WEBHOOK_OF_NETWORK, "webhooks/{webhook}/secret/", None),
    ("get", "attempts"): (BOTH_SIDES, ACCEPTED + "attempts/", None),
    ("post", "attempts"): (BOTH_MAKE, ACCEPTED + "attempts/", {"method": "text", "result": "no_answer"}),
    ("post", "handoffs"): (BOTH_MAKE, ACCEPTED + "handoffs/", {"kind": "information_only"}),
    ("patch", "handoff"): (BOTH_SIDES, ACCEPTED + "handoffs/{handoff}/", {"result": "kept"}),
}
# The sender's side of the table, by action; the receiver's rows are read from the workflow elsewhere.
ACTIONS = {
    "send": ("draft", OWN_CLIENT, None),
    "withdraw": ("sent", SENDER_ACTS, {"reason": "client_choice"}),
    "accept": ("sent", RECEIVER_ACTS, None),
    "waitlist": ("sent", RECEIVER_ACTS, {"expected_date": "unknown"}),
    "decline": ("sent", RECEIVER_ACTS, {"reason": "no_capacity"}),
    "start-service": ("accepted", RECEIVER_ACTS, {"date": TODAY}),
    "close": ("accepted", RECEIVER_ACTS, {"outcome": "got_help", "date": TODAY}),
    "expire": ("sent", "401 403 403 403 404 404 403 403 403", {"reason": "deadline"}),
    "void": ("sent", "401 403 200 403 404 404 403 403 403", {"reason": "duplicate"}),
}


@pytest.fixture
def ids(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The ids that paths and bodies name."""
    monkeypatch.setattr(report_limits, "FROM_ONE_ADDRESS", len(WHO))
    return world.ids() | listing_ids(world)


Everybody = Callable[[str, str, Any], str]


@pytest.fixture
def everybody(world: World, ask: Ask, ids: dict[str, str]) -> Everybody:
    """Each of the cast sends the same request to the same state; the statuses in the order of WHO."""
    actors = {name: None if name == "nobody" else getattr(world, name) for name in WHO}
    for actor in actors.values():
        ask("get", "/workflow/", actor)  # makes the token, which nothing takes back

    def send(method: str, path: str, body: Any) -> str:
        found = []
        for actor in actors.values():
            before = transaction.savepoint()
            answer = ask(method, "/" + _fill(path, ids), actor, _fill(body, ids))
            transaction.savepoint_rollback(before)
            found.append(str(answer.status_code))
        return " ".join(found)

    return send


def _fill(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _fill(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, ids) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], value)
    return value


def test_everybody_gets_what_the_matrix_says(everybody: Everybody) -> None:
    faults = [
        f"{method} {name}: {got}, not {expected}"
        for (method, name), (expected, path, body) in MATRIX.items()
        if (got := everybody(method, path, body)) != expected
    ]
    assert faults == []


def test_each_action_is_for_its_party_alone(everybody: Everybody) -> None:
    faults = [
        f"{action}: {got}, not {expected}"
        for action, (status, expected, body) in ACTIONS.items()
        if (got := everybody("post", f"referrals/{{{status}}}/actions/{action}/", body)) != expected
    ]
    assert faults == []


def test_no_address_and_no_method_is_without_a_row() -> None:
    wanted = {
        (method, entry.name)
        for entry in urls.urlpatterns
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(entry.callback.cls, method)
    }
    assert wanted == set(MATRIX)


def test_no_other_method_answers_anybody(world: World, ask: Ask, ids: dict[str, str]) -> None:
    """405 to who is let in at all, 403 to who is not, never a success."""
    for name in {name for _method, name in MATRIX}:
        path = next(path for (_m, of), (_e, path, _b) in MATRIX.items() if of == name)
        for method in {"post", "put", "patch", "delete", "options"} - {m for m, of in MATRIX if of == name}:
            answer = ask(method, "/" + _fill(path, ids), world.nadia, {})
            assert answer.status_code in (403, 405), (method, name)
