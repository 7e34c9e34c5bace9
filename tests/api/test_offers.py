"""Offers, logged referrals, going on, plans and outreach through the API."""

from __future__ import annotations

import pytest

from partners.models import Agreement, Organization
from tests.api.conftest import Ask, Fits
from tests.api.world import World
from tests.factories.listings import make_service

pytestmark = pytest.mark.django_db


def offered_to(world: World, organization: Organization) -> str:
    service = make_service(
        organization=organization, accepts_referrals=True, categories=["withdrawal-medical"]
    )
    return str(service.pk)


def test_a_need_is_offered_to_two_and_the_first_wins(ask: Ask, fits: Fits, world: World) -> None:
    body = {
        "client": world.person.pk,
        "category": "withdrawal-medical",
        "matters": "Planted words",
        "phase": 2,
    }
    need = fits(
        ask("post", "/needs/", world.nadia, {**body, "matters": "Planted words", "barriers": ["transport"]})
    )
    path = f"/needs/{need['id']}/"
    assert (need["matters"], need["barriers"], need["phase"]) == ("Planted words", ["transport"], 2)
    assert fits(ask("get", "/needs/", world.nadia))["results"][0]["matters"] is None
    world.consent()
    other = offered_to(world, world.northern_light)
    both = {"services": [str(world.service.pk), other], "mode": "at_once"}

    made = fits(ask("post", path + "offers/several/", world.nadia, both, key="once"))
    again = fits(ask("post", path + "offers/several/", world.nadia, both, key="once"))
    assert [row["id"] for row in again["offers"]] == [row["id"] for row in made["offers"]]
    report = fits(ask("post", path + "offers/send/", world.nadia))

    states = {row["receiver"]["id"]: row["status"] for row in report["need"]["offers"]}
    assert states == {str(world.red_river.pk): "sent", str(world.northern_light.pk): "draft"}
    assert [row["code"] for row in report["not_sent"]] == ["consent_required"]
    world.consent(recipient=world.northern_light)
    assert fits(ask("post", path + "offers/send/", world.nadia))["not_sent"] == []
    ids = {row["receiver"]["id"]: row["id"] for row in report["need"]["offers"]}
    won = ask("post", f"/referrals/{ids[str(world.northern_light.pk)]}/actions/accept/", world.ines)
    lost = ask("post", f"/referrals/{ids[str(world.red_river.pk)]}/actions/accept/", world.tom)
    assert (won.status_code, lost.status_code) == (200, 409)
    assert lost.json()["detail"] == "No longer shared. Contact the sender."
    assert "current_status" not in lost.json()
    seen = fits(ask("get", f"/referrals/{ids[str(world.red_river.pk)]}/", world.tom))
    assert (seen["status"], seen["stage"], seen["end_reason"], seen["need"]) == (
        None,
        "tombstone",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"services": [], "mode": "at_once"}, "services"),
        ({"services": ["{service}", "{service}"], "mode": "at_once"}, "services"),
        ({"services": ["{service}"], "mode": "by_lot"}, "mode"),
        ({"services": "{service}", "mode": "single"}, "services"),
    ],
)
def test_a_wrong_list_is_refused(ask: Ask, world: World, body: dict[str, object], named: str) -> None:
    need = ask("post", "/needs/", world.nadia, {"client": world.person.pk, "category": "food-bank"}).json()
    services = body["services"]
    filled = [str(world.service.pk)] * len(services) if isinstance(services, list) else services
    answer = ask("post", f"/needs/{need['id']}/offers/several/", world.nadia, {**body, "services": filled})
    assert answer.status_code == 400
    assert [field.split(".")[0] for field in answer.json()["errors"]] == [named]


def test_a_logged_referral_is_the_senders_alone(ask: Ask, fits: Fits, world: World) -> None:
    body = {"client": world.person.pk, "service": world.service.pk, "need": {"category": "food-bank"}}
    inside = ask("post", "/referrals/", world.nadia, {**body, "kind": "logged"})
    assert inside.status_code == 400
    Agreement.objects.filter(organization=world.red_river).delete()
    consent = world.consent()

    made = fits(ask("post", "/referrals/", world.nadia, {**body, "kind": "logged", "consent": consent.pk}))

    path = f"/referrals/{made['id']}/"
    assert made["kind"] == "logged"
    for action in ("send", "accept"):
        done = fits(ask("post", f"{path}actions/{action}/", world.nadia))
    assert (done["status"], "start-service" in done["allowed_actions"]) == ("accepted", True)
    assert ask("get", path, world.tom).status_code == 404
    assert ask("get", "/referrals/?box=inbox", world.tom).json()["count"] == 0


def test_what_was_declined_goes_on(ask: Ask, fits: Fits, world: World) -> None:
    declined = world.referral("declined")
    path = f"/referrals/{declined.pk}/continuation/"

    asked = ask("post", path, world.tom)
    assert (asked.status_code, fits(asked)["status"]) == (200, "declined")
    assert ask("post", path, world.tom).status_code == 409
    draft = fits(ask("post", path, world.nadia))
    assert (draft["status"], draft["consent"]) == ("draft", None)
    assert ask("post", path, world.nadia).status_code == 409


def test_the_plan_and_outreach(ask: Ask, fits: Fits, world: World) -> None:
    path = f"/clients/{world.person.pk}/plan/"
    assert fits(ask("get", path, world.nadia))["housing_days_left"] is None
    stay = {"kind": "transitional_housing", "on": "2026-01-01"}
    plan = fits(ask("post", path, world.nadia, stay))
    assert ask("post", path, world.nadia, stay).status_code == 400
    entry = plan["entries"][0]["id"]
    ended = fits(ask("patch", f"{path}{entry}/", world.nadia, {"until": "2026-01-31"}))
    assert ended["housing_days_left"] == 730 - 31
    assert ask("patch", f"{path}{entry}/", world.nadia, {"until": "2026-01-31"}).status_code == 409
    counted = fits(ask("post", "/outreach/", world.nadia, {"people": 4, "on": "2026-02-03"}))
    assert counted["results"] == [{"month": "2026-02-01", "contacts": 1, "people": 4}]
    assert fits(ask("get", "/outreach/", world.ines))["count"] == 0
    assert ask("post", "/outreach/", world.nadia, {"people": True}).status_code == 400
