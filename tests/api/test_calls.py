"""The API of the police channel and of introductions, held against its schema."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from referrals.models import Introduction, Referral
from tests.api.conftest import Ask, Fits
from tests.api.world import NAME, SAFE_CONTACT, World

pytestmark = pytest.mark.django_db


def left(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "receiver": str(world.lantern.pk),
        "chosen_name": NAME,
        "language": "en",
        "safe_contact": SAFE_CONTACT,
        "text_version": "2026-11",
        "consented_on": timezone.localdate().isoformat(),
        "no_consequence_told": True,
        **changes,
    }


def test_police_read_and_answer_their_calls(world: World, ask: Ask, fits: Fits) -> None:
    call = world.call()
    listed = fits(ask("get", "/calls/", world.mo))
    assert [row["code"] for row in listed["results"]] == [call.code]
    before = fits(ask("get", f"/calls/{call.pk}/", world.mo))
    assert (before["may_answer"], before["chosen_name"], before["state"]) == (True, None, "received")
    assert before["worker"]["first_name"] == "Nadia"

    answer = {"answer": "will_call"}
    after = fits(ask("post", f"/calls/{call.pk}/answer/", world.mo, answer, key="once"))
    assert (after["may_answer"], after["chosen_name"], after["state"]) == (False, NAME, "received")
    again = ask("post", f"/calls/{call.pk}/answer/", world.mo, answer, key="once")
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    late = fits(ask("post", f"/calls/{call.pk}/answer/", world.mo, answer))
    assert (late["status"], "current_status" in late) == (409, False)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"answer": "maybe"}, 400),
        ({"answer": "cannot_call"}, 400),
        ({"answer": "cannot_call", "reason": "safety_of_others"}, 400),
        ({"answer": "cannot_call", "reason": "no_capacity", "note": "She told us"}, 400),
        ({"answer": "cannot_call", "reason": "no_capacity"}, 200),
    ],
)
def test_the_answer_is_one_of_two_and_coded(
    world: World, ask: Ask, fits: Fits, body: dict[str, str], status: int
) -> None:
    call = world.call()
    assert ask("post", f"/calls/{call.pk}/answer/", world.mo, body).status_code == status
    assert Referral.objects.get(pk=call.pk).status == ("declined" if status == 200 else "sent")


def test_the_sender_is_told_what_is_missing(world: World, ask: Ask, fits: Fits) -> None:
    call = world.call()
    Referral.objects.filter(pk=call.pk).update(status="draft", sent_at=None)
    one = fits(ask("post", f"/referrals/{call.pk}/actions/send/", world.nadia))
    assert (one["status"], one["code"]) == (422, "second_worker_required")
    world.lantern.refresh_from_db()
    world.lantern.uses_police_channel = False
    world.lantern.save()
    off = fits(ask("post", f"/referrals/{call.pk}/actions/send/", world.paula, language="fr"))
    assert (off["status"], off["code"]) == (422, "police_channel_off")


def test_whoever_introduces_gets_a_code_and_a_date(world: World, ask: Ask, fits: Fits) -> None:
    made = fits(ask("post", "/introductions/", world.mo, left(world), key="once"))
    assert set(made) == {"code", "received_on", "state"}
    assert ask("post", "/introductions/", world.mo, left(world), key="once").status_code == 201
    row = Introduction.objects.get()
    assert (row.code, row.introduced_by) == (made["code"], world.police)
    assert fits(ask("get", "/introductions/made/", world.mo))["results"] == [made]


def test_what_is_wrong_is_said_at_its_field(world: World, ask: Ask, fits: Fits) -> None:
    for wrong, field in (
        ({"no_consequence_told": False}, "no_consequence_told"),
        ({"safe_contact": {"methods": []}}, "safe_contact"),
        ({"text_version": "1999"}, "text_version"),
        ({"message": "She told me everything"}, "message"),
        ({"receiver": str(world.police.pk)}, "receiver"),
    ):
        body = fits(ask("post", "/introductions/", world.pat, left(world, **wrong)))
        assert body["status"] == 400
        assert field in body["errors"]
    assert not Introduction.objects.exists()


def test_the_program_takes_it_up_or_closes_it(world: World, ask: Ask, fits: Fits) -> None:
    first, second = world.introduction(), world.introduction()
    rows = fits(ask("get", "/introductions/", world.nadia))["results"]
    assert {row["code"] for row in rows} == {first.code, second.code}
    assert NAME not in str(rows)
    shown = fits(ask("get", f"/introductions/{first.pk}/", world.nadia))
    assert (shown["chosen_name"], shown["introduced_by"]["id"]) == (NAME, str(world.two_rivers.pk))

    taken = fits(ask("post", f"/introductions/{first.pk}/take-up/", world.nadia))
    assert taken["state"] == "taken_up"
    file = fits(ask("get", f"/clients/{taken['client']}/", world.nadia))
    assert (file["chosen_name"], file["age_band"]) == (NAME, "unknown")
    closed = fits(
        ask("post", f"/introductions/{second.pk}/close/", world.nadia, {"reason": "could_not_reach"})
    )
    assert (closed["state"], closed["end_reason"], closed["client"]) == ("closed", "could_not_reach", None)
    for path in ("take-up/", "close/"):
        body = {"reason": "other"} if path == "close/" else {}
        assert ask("post", f"/introductions/{second.pk}/{path}", world.paula, body).status_code == 409
    foreign = world.client(actor=world.tom)
    third = world.introduction()
    for client in (foreign, third):
        answer = ask("post", f"/introductions/{third.pk}/take-up/", world.nadia, {"client": str(client.pk)})
        assert answer.status_code == 404
