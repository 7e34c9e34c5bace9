"""What a receiver is told once a referral is no longer shared: the same, whatever the cause."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from partners.actor import Side
from referrals import pressing
from referrals.actions import apply_action
from referrals.boxes import box_page
from referrals.consent_acts import expire_consents, withdraw_consent
from referrals.models import Consent, Handoff, Referral
from referrals.worklist import sections
from tests.api.conftest import Ask
from tests.api.world import World

pytestmark = pytest.mark.django_db

SAME = ("status", "stage", "ended_at", "end_reason", "end_note", "outcome", "need", "service", "client")
SAME += ("withheld", "notice", "eligibility")


def by_sender(world: World, row: Referral) -> None:
    apply_action(referral_id=row.pk, action="withdraw", actor=world.nadia, reason="safety")


def by_consent(world: World, row: Referral) -> None:
    withdraw_consent(actor=world.nadia, consent_id=row.consent_id, how="phone")


def by_time(world: World, row: Referral) -> None:
    past = timezone.now() - datetime.timedelta(days=1)
    Consent.objects.filter(pk=row.consent_id).update(
        given_at=past - datetime.timedelta(days=1), expires_at=past
    )
    expire_consents()


def by_void(world: World, row: Referral) -> None:
    apply_action(referral_id=row.pk, action="void", actor=world.paula, reason="wrong_person")


CAUSES = (by_sender, by_consent, by_time, by_void)
type_of_cause = Callable[[World, Referral], None]


def ended(world: World, status: str, cause: type_of_cause) -> Referral:
    row = world.referral(status)
    cause(world, row)
    return row


@pytest.mark.parametrize("status", ["sent", "accepted"])
def test_the_receiver_cannot_tell_the_causes_apart(world: World, ask: Ask, status: str) -> None:
    rows = [ended(world, status, cause) for cause in CAUSES]
    told: list[Any] = []
    for row in rows:
        body = ask("get", f"/referrals/{row.pk}/", world.tom).json()
        lines = ask("get", f"/referrals/{row.pk}/timeline/", world.tom).json()["results"]
        told.append(({k: body[k] for k in SAME}, [(x["kind"], x["side"], x["text"]) for x in lines]))
    listed = ask("get", "/referrals/?box=inbox", world.tom).json()["results"]
    in_list = [{key: row[key] for key in SAME} for row in listed]

    assert [one for one in told if one != told[0]] == []
    assert told[0][0]["status"] is None
    assert [one for one in in_list if one != in_list[0]] == []
    assert in_list[0]["status"] is None


@pytest.mark.parametrize("cause", [by_sender, by_void])
@pytest.mark.parametrize("action", ["accept", "decline", "messages", "change"])
def test_a_refused_act_does_not_name_the_end(
    world: World, ask: Ask, cause: type_of_cause, action: str
) -> None:
    row = ended(world, "sent", cause)
    if action == "messages":
        answer = ask("post", f"/referrals/{row.pk}/messages/", world.tom, {"text": "Hello"})
    elif action == "change":
        answer = ask("patch", f"/referrals/{row.pk}/", world.tom, {"note": "x"})
    else:
        details = {"reason": "no_capacity"} if action == "decline" else {}
        answer = ask("post", f"/referrals/{row.pk}/actions/{action}/", world.tom, details)

    assert answer.status_code == (403 if action == "change" else 409)
    assert "current_status" not in answer.json()
    assert not {"withdrawn", "entered", "error"} & set(answer.json()["detail"].lower().split())


def test_the_sender_is_told_what_became_of_it(world: World, ask: Ask) -> None:
    row = ended(world, "sent", by_sender)

    answer = ask("post", f"/referrals/{row.pk}/actions/withdraw/", world.nadia, {"reason": "safety"})

    assert ask("get", f"/referrals/{row.pk}/", world.nadia).json()["status"] == "withdrawn"
    assert (answer.status_code, answer.json()["current_status"]) == (409, "withdrawn")


@pytest.mark.parametrize(("status", "causes"), [("declined", [by_void]), ("closed", CAUSES[1:])])
def test_the_receivers_own_end_stays_theirs(
    world: World, ask: Ask, status: str, causes: list[type_of_cause]
) -> None:
    """Declining and closing were their own acts: what the sender does afterwards changes no word."""
    for cause in causes:
        row = ended(world, status, cause)

        assert ask("get", f"/referrals/{row.pk}/", world.tom).json()["status"] == status
        found = ask("get", f"/referrals/?box=inbox&status={status}", world.tom).json()["results"]
        assert str(row.pk) in {one["id"] for one in found}


@pytest.mark.parametrize("box", ["?box=inbox&", "?"])
def test_no_filter_finds_a_tombstone_by_its_cause(world: World, ask: Ask, box: str) -> None:
    rows = {str(ended(world, status, cause).pk) for status in ("sent", "accepted") for cause in CAUSES}

    for status in ("sent", "accepted", "withdrawn", "expired", "entered_in_error"):
        found = ask("get", f"/referrals/{box}status={status}", world.tom).json()["results"]
        assert not rows & {one["id"] for one in found}, status
        page = box_page(world.tom, Side.RECEIVER, status=status)
        if status in ("sent", "accepted"):
            assert not rows & {str(one.id) for one in page.object_list}, status


def test_the_inbox_puts_tombstones_in_one_place_by_the_day_they_came(world: World) -> None:
    """Their place in the list tells neither the cause nor how urgent the need was."""
    shared = world.referral("accepted")
    rows = []
    for status in ("accepted", "sent"):
        for cause in CAUSES:
            row = world.referral(status, urgency="routine" if len(rows) % 2 else "urgent")
            cause(world, row)
            rows.append(row)

    page = box_page(world.tom, Side.RECEIVER)

    newest = sorted(
        (Referral.objects.get(pk=row.pk) for row in rows), key=lambda row: row.sent_at, reverse=True
    )
    assert [one.id for one in page.object_list] == [shared.pk, *(row.pk for row in newest)]


def test_the_work_list_forgets_what_is_no_longer_shared(world: World, ask: Ask) -> None:
    """A consent that has run out ends the sharing at once, not only when the clock has come by."""
    past = timezone.now() - datetime.timedelta(hours=1)
    sent, accepted = world.referral("sent"), world.referral("accepted")
    soon = (past + datetime.timedelta(hours=2)).isoformat()
    planned = {"kind": "warm", "when": soon, "place": "Planted corner"}
    assert ask("post", f"/referrals/{accepted.pk}/handoffs/", world.nadia, planned).status_code == 201
    Handoff.objects.filter(referral=accepted).update(when=past)
    pressing.refresh(accepted.pk)
    assert {item.code for section in sections(world.tom) for item in section.items} == {
        sent.code,
        accepted.code,
    }
    Consent.objects.filter(pk__in=[sent.consent_id, accepted.consent_id]).update(
        given_at=past - datetime.timedelta(days=2), expires_at=past
    )

    assert [item for section in sections(world.tom) for item in section.items] == []
