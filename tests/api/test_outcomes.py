"""Outcomes, her code and the matches of a need over the API, held against the schema."""

from __future__ import annotations

import pytest
from django.utils import timezone

from referrals.models import ConfirmationCode, Outcome
from referrals.needs import create_need
from tests.api.conftest import Ask, Fits
from tests.api.world import World

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate().isoformat()
WRONG = {"outcome": "could_not_help", "date": TODAY, "reason": "wrong_outcome"}


def test_closing_takes_whether_the_need_was_met(world: World, ask: Ask, fits: Fits) -> None:
    path = f"/referrals/{world.referral('accepted').pk}/actions/close/"
    close = {"outcome": "got_some_help", "date": TODAY}
    wrong = ask("post", path, world.tom, {**close, "needs_met": "perhaps"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["needs_met"])

    closed = fits(ask("post", path, world.tom, {**close, "needs_met": "partly"}))

    assert closed["outcome"] == {"code": "got_some_help", "date": TODAY, "needs_met": "partly"}
    table = fits(ask("get", "/workflow/"))
    row = next(action for action in table["actions"] if action["name"] == "close")
    assert "needs_met" in row["optional"]


def test_an_outcome_is_confirmed_corrected_and_asked_again(world: World, ask: Ask, fits: Fits) -> None:
    closed = world.referral("closed")
    path = f"/referrals/{closed.pk}/"
    first = fits(ask("get", path + "outcomes/", world.nadia))["results"][0]
    confirmed = ask("post", path + "confirmation/", world.nadia, {"outcome": first["id"], "needs_met": "no"})
    assert fits(confirmed)["confirmed_by"] == "sender"
    assert fits(ask("get", path, world.tom))["outcome"]["needs_met"] == "unknown"  # hers is not passed on
    assert fits(ask("get", path, world.nadia))["outcome"]["needs_met"] == "no"

    once = ask("post", path + "outcomes/", world.tom, WRONG, key="same")
    again = ask("post", path + "outcomes/", world.tom, WRONG, key="same")

    assert (once.status_code, again["Idempotent-Replayed"]) == (201, "true")
    body = fits(once)
    assert (body["end_reason"], body["confirmed_at"], body["confirmed_by"]) == ("could_not_help", None, None)
    rows = fits(ask("get", path + "outcomes/", world.nadia))["results"]
    assert [(row["code"], row["reason"], row["superseded_at"] is None) for row in rows] == [
        ("could_not_help", "wrong_outcome", True),
        ("got_help", "sender_asked", False),
        ("got_help", None, False),
    ]
    stale = ask("post", path + "confirmation/", world.nadia, {"outcome": first["id"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    for given, field in (({**WRONG, "reason": "no"}, "reason"), ({**WRONG, "note": "x"}, "note")):
        refused = ask("post", path + "outcomes/", world.tom, given)
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])


def test_a_code_is_answered_once_and_never_kept(world: World, ask: Ask, fits: Fits) -> None:
    closed = world.referral("closed")
    path = f"/referrals/{closed.pk}/confirmation/code/"

    first = ask("post", path, world.nadia, key="k")
    second = ask("post", path, world.nadia, key="k", language="fr")

    codes = [fits(answer)["code"] for answer in (first, second)]
    assert codes[0] != codes[1]
    assert "/fr/answer/" in second.json()["url"]
    assert ConfirmationCode.objects.filter(expires_at__gt=timezone.now()).count() == 1
    ask("post", f"/referrals/{closed.pk}/confirmation/", world.nadia)
    assert ask("post", path, world.nadia).status_code == 409
    assert Outcome.objects.filter(referral=closed).count() == 1


def test_matches_say_their_reasons_in_the_language_asked_for(world: World, ask: Ask, fits: Fits) -> None:
    person = world.client(safe_area="north-end")
    need = create_need(actor=world.nadia, client_id=person.pk, category="withdrawal", barriers=["transport"])
    assert world.service

    english = fits(ask("get", f"/needs/{need.pk}/matches/", world.nadia))["results"]
    french = fits(ask("get", f"/needs/{need.pk}/matches/?limit=1", world.nadia, language="fr"))["results"]

    assert [row["service"]["name"] for row in english] == ["Health visits"]
    assert french[0]["service"]["name"] == "Visites de santé"
    reasons = {reason["code"]: reason for reason in english[0]["reasons"]}
    assert (reasons["age"]["kind"], reasons["age"]["text"]) == ("for", "For this age")
    assert reasons["barrier_transport"]["kind"] == "unknown"
    assert english[0]["fits"] is True
    for limit in ("0", "51", "x"):
        assert ask("get", f"/needs/{need.pk}/matches/?limit={limit}", world.nadia).status_code == 400
