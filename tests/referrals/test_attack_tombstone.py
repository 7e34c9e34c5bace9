"""A receiver after the end, with everything it has: pages, API, mails, log. What it sees stands still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from partners.models import AuditEvent, OutboxRow
from referrals import confirmation, outcomes
from referrals.attempts import record_attempt
from referrals.consent_acts import withdraw_consent
from referrals.events import timeline
from referrals.models import Referral
from tests.referrals.pages import World, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def ended(world: World, *, closed: bool) -> Referral:
    """Accepted, perhaps closed, and then she took her consent back."""
    referral = world.accepted()
    if closed:
        referral = world.act(referral, "close", outcome="got_help", date=timezone.localdate())
    nadia = world.actor(world.nadia)
    withdraw_consent(actor=nadia, consent_id=referral.consent_id, how="phone")
    return referral


def by_sender(world: World, referral: Referral) -> None:
    outcomes.confirm_outcome(referral_id=referral.pk, actor=world.actor(world.nadia), needs_met="yes")


def by_herself(world: World, referral: Referral) -> None:
    issued = confirmation.issue_code(referral_id=referral.pk, actor=world.actor(world.nadia))
    confirmation.give_answer(issued.code, "yes")


def as_an_error(world: World, referral: Referral) -> None:
    world.act(referral, "void", world.paula, reason="wrong_person")


def taken_back(world: World, referral: Referral) -> None:
    world.act(referral, "withdraw", world.nadia, reason="safety")


def not_reached(world: World, referral: Referral) -> None:
    for result in ("no_answer", "no_answer", "no_answer", "not_safe"):
        record_attempt(referral_id=referral.pk, actor=world.actor(world.nadia), method="text", result=result)


LATER: dict[str, tuple[bool, Callable[[World, Referral], None]]] = {
    "confirmed by the sender": (True, by_sender),
    "confirmed by the person": (True, by_herself),
    "voided": (True, as_an_error),
    "withdrawn": (False, taken_back),
    "not reached": (False, not_reached),
}


def told(world: World, referral: Referral) -> dict[str, Any]:
    """All by which the receiver can find out that something has happened."""
    tom, own = world.actor(world.tom), world.northern.pk
    page = browser(world.tom)
    answer = page.get(f"/api/v1/referrals/{referral.pk}/")
    body, listed = answer.json(), page.get("/api/v1/referrals/?box=inbox").json()
    # Whether it can still be closed has to be said; the tag goes with what is said.
    for row in (body, *listed["results"]):
        del row["allowed_actions"]
    return {
        "body": body,
        "tag": answer.headers["ETag"] if referral.status == "closed" else "",
        "timeline": [(line.kind, line.at, line.details) for line in timeline(_again(referral), tom)],
        "row": listed,
        "mails": OutboxRow.objects.filter(organization_id=own).count(),
        "log": AuditEvent.objects.filter(chain=own).exclude(action="referral.opened").count(),
    }


def _again(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


@pytest.mark.parametrize("what", LATER)
def test_nothing_that_comes_later_reaches_who_no_longer_sees_her(world: World, what: str) -> None:
    closed, later = LATER[what]
    referral = ended(world, closed=closed)
    before = told(world, referral)

    later(world, referral)

    assert told(world, referral) == before


def by_consent(world: World, referral: Referral) -> None:
    withdraw_consent(actor=world.actor(world.nadia), consent_id=referral.consent_id, how="phone")


@pytest.mark.parametrize("status", ["sent", "accepted"])
def test_a_refusal_does_not_say_why_it_is_no_longer_shared(world: World, status: str) -> None:
    """Whoever still has the page open, or tries by hand, is told the same whatever the cause."""
    said = []
    for cause in (by_consent, taken_back, as_an_error):
        referral = world.sent() if status == "sent" else world.accepted()
        cause(world, referral)
        page = browser(world.tom)
        door = f"/api/v1/referrals/{referral.pk}"
        acts: list[tuple[str, dict[str, Any]]] = [
            ("actions/accept", {}),
            ("actions/waitlist", {"expected_date": "unknown"}),
            ("messages", {"text": "Hello"}),
            ("handoffs", {"kind": "information_only"}),
            ("attempts", {"method": "text", "result": "no_answer"}),
        ]
        answers = [page.post(f"{door}/{act}/", body, content_type="application/json") for act, body in acts]
        said.append([(answer.status_code, answer.json()) for answer in answers])
    assert said[0] == said[1] == said[2]
    assert {code for code, _body in said[0]} == {409}
