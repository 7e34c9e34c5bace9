"""The whole referral by the API alone, in English and in French."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from partners import audit
from tests.api.conftest import Ask, Fits
from tests.api.world import GROUPS, HEALTH, NAME, PHONE, SAFE_CONTACT, WORD, World

pytestmark = pytest.mark.django_db
PLANTED = (NAME, PHONE, WORD, HEALTH, "Planted note")
WORDS = {
    "en": ("Outcome confirmed", "No longer shared. Contact the sender."),
    "fr": ("Résultat confirmé", "N’est plus communiqué. Adressez-vous à l’organisme expéditeur."),
}


class Telling:
    """Asks in one language, holds every answer against the schema, and keeps the ids."""

    def __init__(self, ask: Ask, fits: Fits, world: World, language: str) -> None:
        self.ask, self.fits, self.world, self.language = ask, fits, world, language

    def get(self, path: str, who: Any) -> Any:
        answer = self.ask("get", path, who, language=self.language)
        assert answer.status_code == 200, answer.content
        assert answer["Content-Language"] == self.language
        return self.fits(answer)

    def post(self, path: str, who: Any, body: Any = None, status: int = 200) -> Any:
        answer = self.ask("post", path, who, body, language=self.language)
        assert answer.status_code == status, answer.content
        return self.fits(answer)


@pytest.fixture(params=["en", "fr"])
def tell(request: pytest.FixtureRequest, ask: Ask, fits: Fits, world: World) -> Telling:
    return Telling(ask, fits, world, request.param)


def test_from_search_to_a_confirmed_outcome_and_the_end_of_sharing(tell: Telling) -> None:
    world = tell.world
    found = _find(tell)
    person, consent = _open_file(tell)
    referral = _send(tell, person, consent, found)
    path = f"/referrals/{referral['id']}/"

    _receiver_sees_no_identity(tell, path)
    _receiver_accepts_and_sees_what_was_consented(tell, path)
    _handoff(tell, path)
    today = timezone.localdate().isoformat()
    started = tell.post(f"{path}actions/start-service/", world.tom, {"date": today})
    assert (started["status"], started["service_started_on"]) == ("in_service", today)
    closed = tell.post(f"{path}actions/close/", world.tom, {"outcome": "got_help", "date": today})
    assert closed["outcome"] == {"code": "got_help", "date": today, "needs_met": "unknown"}
    confirmed = tell.post(f"{path}confirmation/", world.nadia)
    assert confirmed["confirmed_at"]
    _timeline(tell, path)
    _sharing_ends(tell, path, consent)
    checked, broken = audit.verify()
    assert checked
    assert broken is None


def _find(tell: Telling) -> dict[str, Any]:
    service = tell.world.service
    body = tell.get("/services/?category=withdrawal&near=R2W&accepts_referrals=true", None)
    (found,) = body["results"]
    assert found["id"] == str(service.pk)
    assert found["name"] == {"en": "Health visits", "fr": "Visites de santé"}[tell.language]
    return found


def _open_file(tell: Telling) -> tuple[dict[str, Any], dict[str, Any]]:
    person = tell.post(
        "/clients/",
        tell.world.nadia,
        {
            "chosen_name": NAME,
            "age_band": "25_34",
            "language": tell.language,
            "phase": 2,
            "safe_area": "north-end",
            "safe_contact": SAFE_CONTACT,
            "health": HEALTH,
        },
        status=201,
    )
    texts = tell.get("/consent-texts/", None)["results"]
    consent = tell.post(
        f"/clients/{person['id']}/consents/",
        tell.world.nadia,
        {
            "recipient": str(tell.world.red_river.pk),
            "field_groups": GROUPS,
            "text_version": next(text["version"] for text in texts if text["current"]),
            "language": tell.language,
            "how": "spoken",
            "witness": "Paula",
        },
        status=201,
    )
    assert consent["live"] is True
    return person, consent


def _send(tell: Telling, person: Any, consent: Any, found: Any) -> dict[str, Any]:
    draft = tell.post(
        "/referrals/",
        tell.world.nadia,
        {
            "client": person["id"],
            "service": found["id"],
            "consent": consent["id"],
            "need": {"category": "withdrawal-medical", "urgency": "urgent"},
            "note": "Planted note",
        },
        status=201,
    )
    assert (draft["status"], draft["side"], draft["client"]["chosen_name"]) == ("draft", "sender", NAME)
    assert draft["allowed_actions"] == ["send", "withdraw"]
    assert tell.ask("get", f"/referrals/{draft['id']}/", tell.world.tom).status_code == 404
    sent = tell.post(f"/referrals/{draft['id']}/actions/send/", tell.world.nadia)
    assert (sent["status"], sent["accepted_at"]) == ("sent", None)
    return sent


def _receiver_sees_no_identity(tell: Telling, path: str) -> None:
    (row,) = tell.get("/referrals/?box=inbox&status=sent", tell.world.tom)["results"]
    assert (row["client"], row["opened_at"]) == (None, None)
    seen = tell.ask("get", path, tell.world.tom, language=tell.language)
    body = tell.fits(seen)
    assert (body["side"], body["stage"], body["client"]) == ("receiver", "preview", None)
    assert body["opened_at"]
    assert (body["need"]["code"], body["need"]["urgency"]) == (None, "urgent")
    assert {entry["reason"] for entry in body["withheld"]} == {"before_acceptance"}
    assert body["eligibility"]["age_band"] == "25_34"
    assert not [text for text in PLANTED if text in seen.content.decode()]
    assert {"accept", "waitlist", "decline"} == set(body["allowed_actions"])


def _receiver_accepts_and_sees_what_was_consented(tell: Telling, path: str) -> None:
    accepted = tell.post(f"{path}actions/accept/", tell.world.tom)
    again = tell.ask("post", f"{path}actions/accept/", tell.world.tom, language=tell.language)
    assert accepted["stage"] == "disclosed"
    assert accepted["client"]["chosen_name"] == NAME
    assert accepted["client"]["safe_contact"]["phone"] == PHONE
    assert accepted["client"]["note"] == "Planted note"
    assert (accepted["client"]["id"], accepted["client"]["health"]) == (None, None)
    assert {"field": "health", "reason": "not_consented"} in accepted["withheld"]
    assert accepted["notice"]
    assert (again.status_code, again.json()["current_status"]) == (409, "accepted")
    assert tell.fits(again)["code"] == "conflict"


def _handoff(tell: Telling, path: str) -> None:
    when = (timezone.now() + datetime.timedelta(days=1)).isoformat()
    planned = tell.post(
        f"{path}handoffs/",
        tell.world.tom,
        {"kind": "accompanied", "when": when, "companion": "Nadia", "ride": True},
        status=201,
    )
    kept = tell.ask("patch", f"{path}handoffs/{planned['id']}/", tell.world.nadia, {"result": "kept"})
    assert (planned["result"], tell.fits(kept)["result"]) == (None, "kept")
    tell.post(f"{path}messages/", tell.world.nadia, {"text": "She is on her way."}, status=201)
    (message,) = tell.get(f"{path}messages/", tell.world.tom)["results"]
    assert (message["side"], message["text"]) == ("sender", "She is on her way.")


def _timeline(tell: Telling, path: str) -> None:
    sender = tell.get(f"{path}timeline/", tell.world.nadia)["results"]
    receiver = tell.get(f"{path}timeline/", tell.world.tom)["results"]
    assert [line["kind"] for line in sender if line["kind"] != "drafted"] == [
        line["kind"] for line in receiver
    ]
    assert receiver[-1]["text"] == WORDS[tell.language][0]


def _sharing_ends(tell: Telling, path: str, consent: Any) -> None:
    ended = tell.post(f"/consents/{consent['id']}/withdraw/", tell.world.nadia, {"how": "phone"})
    assert (ended["live"], ended["withdrawn_how"]) == (False, "phone")
    seen = tell.ask("get", path, tell.world.tom, language=tell.language)
    body = tell.fits(seen)
    assert (body["stage"], body["client"], body["need"], body["service"]) == ("tombstone", None, None, None)
    assert body["notice"] == WORDS[tell.language][1]
    assert not [text for text in PLANTED if text in seen.content.decode()]
    assert tell.get(f"{path}messages/", tell.world.tom)["results"] == []
    assert tell.get(f"{path}handoffs/", tell.world.tom)["results"] == []
    assert tell.get(path, tell.world.nadia)["client"]["chosen_name"] == NAME
