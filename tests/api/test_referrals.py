"""Referrals: each side its own view, the boxes, the preconditions, and both sides in one organization."""

from __future__ import annotations

import pytest
from django.utils import timezone

from partners.models import AuditEvent
from tests.api.conftest import Ask, Fits
from tests.api.world import HEALTH, NAME, PHONE, World

pytestmark = pytest.mark.django_db


def test_the_boxes_hold_what_belongs_there(ask: Ask, fits: Fits, world: World) -> None:
    draft, sent, accepted = (world.referral(status) for status in ("draft", "sent", "accepted"))

    def found(query: str, actor: object) -> set[str]:
        return {row["id"] for row in fits(ask("get", f"/referrals/{query}", actor))["results"]}

    everything = {str(row.pk) for row in (draft, sent, accepted)}
    assert found("?box=sent", world.nadia) == found("", world.nadia) == everything
    assert found("?box=inbox", world.nadia) == set()
    assert found("?box=inbox", world.tom) == everything - {str(draft.pk)}
    assert found("?box=inbox&status=accepted", world.tom) == {str(accepted.pk)}
    assert found("?box=inbox&status=draft", world.tom) == set()
    assert found("", world.pat) == set()
    for query in ("?box=outbox", "?status=lost", "?client=x"):
        assert ask("get", f"/referrals/{query}", world.nadia).status_code == 400


def test_a_list_holds_nothing_of_the_person(ask: Ask, world: World) -> None:
    world.referral("accepted")

    for actor in (world.nadia, world.tom):
        answer = ask("get", "/referrals/", actor)
        (row,) = answer.json()["results"]
        assert (row["client"], row["eligibility"]) == (None, None)
        assert not [text for text in (NAME, PHONE, HEALTH) if text in answer.content.decode()]
    assert not AuditEvent.objects.filter(result="released").exists()


def test_the_receivers_first_read_is_noted_once(ask: Ask, fits: Fits, world: World) -> None:
    path = f"/referrals/{world.referral('sent').pk}/"

    assert fits(ask("get", path, world.nadia))["opened_at"] is None
    first = fits(ask("get", path, world.tom))["opened_at"]
    assert first
    assert fits(ask("get", path, world.tom))["opened_at"] == first


@pytest.mark.parametrize("path", ["{sent}/", "{sent}/timeline/", "{declined}/"])
def test_two_receivers_cannot_compare(ask: Ask, world: World, path: str) -> None:
    """What a receiver reads before acceptance, or after the end, holds no id or code of the person."""
    found = {status: world.referral(status) for status in ("sent", "declined")}

    answer = ask("get", "/referrals/" + path.format(**{s: r.pk for s, r in found.items()}), world.tom)

    people = {str(r.client_id) for r in found.values()} | {r.client.code for r in found.values()}
    assert answer.status_code == 200
    assert not [text for text in people if text in answer.content.decode()]


def test_every_end_looks_alike_to_the_receiver(ask: Ask, fits: Fits, world: World) -> None:
    declined, withdrawn = world.referral("declined"), world.referral("sent")
    ask("post", f"/referrals/{withdrawn.pk}/actions/withdraw/", world.nadia, {"reason": "safety"})

    bodies = [fits(ask("get", f"/referrals/{row.pk}/", world.tom)) for row in (declined, withdrawn)]

    for body in bodies:
        assert body["stage"] == "tombstone"
        assert (body["end_reason"], body["end_note"], body["outcome"], body["need"]) == (None,) * 4
    assert bodies[0]["notice"] == bodies[1]["notice"]
    assert bodies[0]["allowed_actions"] == bodies[1]["allowed_actions"] == []
    assert fits(ask("get", f"/referrals/{declined.pk}/", world.nadia))["end_reason"] == "no_capacity"


def test_without_consent_nothing_is_sent(ask: Ask, fits: Fits, world: World) -> None:
    body = {"client": world.person.pk, "service": world.service.pk, "need": {"category": "food-bank"}}
    draft = fits(ask("post", "/referrals/", world.nadia, body))

    refused = ask("post", f"/referrals/{draft['id']}/actions/send/", world.nadia, language="fr")

    assert (refused.status_code, fits(refused)["code"]) == (422, "consent_required")
    assert refused.json()["detail"] == "Il n’y a pas de consentement pour ce destinataire."
    assert AuditEvent.objects.filter(action="referral.send", result="refused").count() == 1
    world.consent()
    assert ask("post", f"/referrals/{draft['id']}/actions/send/", world.nadia).status_code == 200


def test_without_an_agreement_nothing_is_sent(ask: Ask, fits: Fits, world: World) -> None:
    draft = world.referral("draft")
    world.red_river.agreements.update(terminated_at=timezone.now())

    refused = ask("post", f"/referrals/{draft.pk}/actions/send/", world.nadia)

    assert (refused.status_code, fits(refused)["code"]) == (422, "agreement_required")


def test_a_conflict_names_what_happened(ask: Ask, fits: Fits, world: World) -> None:
    path = f"/referrals/{world.referral('sent').pk}/actions/"
    ask("post", f"{path}accept/", world.tom)

    late = ask("post", f"{path}decline/", world.tom, {"reason": "no_capacity"}, language="fr")

    assert (late.status_code, fits(late)["current_status"]) == (409, "accepted")
    assert "Accepté" in late.json()["detail"]


def test_a_wrong_side_is_told_so_and_written_down(ask: Ask, world: World) -> None:
    sent = world.referral("sent")

    assert ask("post", f"/referrals/{sent.pk}/actions/accept/", world.nadia).status_code == 403

    refusal = AuditEvent.objects.get(result="refused")
    assert (refusal.action, refusal.object_id) == ("referral.accept", str(sent.pk))


def test_inside_one_organization_the_act_says_its_side(ask: Ask, fits: Fits, world: World) -> None:
    world.service.organization = world.lantern
    world.service.save()
    who = world.client()
    world.consent(who, recipient=world.lantern)
    draft = fits(
        ask(
            "post",
            "/referrals/",
            world.nadia,
            {"client": who.pk, "service": world.service.pk, "need": {"category": "food-bank"}},
        )
    )
    path = f"/referrals/{draft['id']}/"

    unsaid = ask("post", f"{path}actions/send/", world.nadia)
    assert (unsaid.status_code, list(unsaid.json()["errors"])) == (400, ["as"])
    assert ask("post", f"{path}actions/send/?as=receiver", world.nadia).status_code == 403
    assert ask("post", f"{path}actions/send/", world.nadia, {"as": "sender"}).status_code == 200

    received = fits(ask("get", f"{path}?as=receiver", world.paula))
    assert (received["side"], received["client"]) == ("receiver", None)
    assert fits(ask("get", f"{path}?as=sender", world.paula))["client"]["chosen_name"] == NAME
    accepted = fits(ask("post", f"{path}actions/accept/?as=receiver", world.paula))
    assert (accepted["status"], accepted["side"]) == ("accepted", "receiver")
    assert ask("get", f"{path}?as=neither", world.paula).status_code == 400


def test_one_side_cannot_read_as_the_other(ask: Ask, world: World) -> None:
    sent = world.referral("sent")

    assert ask("get", f"/referrals/{sent.pk}/?as=sender", world.tom).status_code == 403
    assert ask("get", f"/referrals/{sent.pk}/?as=receiver", world.nadia).status_code == 403


def test_a_handoff_belongs_to_its_referral(ask: Ask, world: World) -> None:
    one, other = world.referral("accepted"), world.referral("accepted")
    body = {"kind": "warm", "when": "2026-12-01T10:00:00-06:00"}
    planned = ask("post", f"/referrals/{one.pk}/handoffs/", world.nadia, body).json()

    wrong = f"/referrals/{other.pk}/handoffs/{planned['id']}/"
    assert ask("patch", wrong, world.nadia, {"result": "kept"}).status_code == 404

    path = f"/referrals/{one.pk}/handoffs/{planned['id']}/"
    assert ask("patch", path, world.tom, {"result": "moved"}).json()["errors"].keys() == {"when"}
    moved = {"result": "moved", "when": "2026-12-02T10:00:00-06:00"}
    assert ask("patch", path, world.tom, moved).json()["result"] == "moved"
    assert ask("patch", path, world.tom, {"result": "kept"}).status_code == 409
    times = [
        row["when"] for row in ask("get", f"/referrals/{one.pk}/handoffs/", world.nadia).json()["results"]
    ]
    assert len(times) == 2
