"""Attempts to reach the person and meeting places, by the API."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from directory.models import Location
from referrals.models import ContactAttempt
from tests.api.conftest import Ask, Fits
from tests.api.world import World

pytestmark = pytest.mark.django_db
SAID = {"method": "text", "result": "no_answer", "note": "Planted note of one side"}


def test_an_attempt_is_recorded_once_and_read_by_both_sides(world: World, ask: Ask, fits: Fits) -> None:
    path = f"/referrals/{world.referral('accepted').pk}/attempts/"
    next_on = (timezone.localdate() + datetime.timedelta(days=2)).isoformat()
    made = ask("post", path, world.tom, {**SAID, "next_on": next_on}, key="one")
    again = ask("post", path, world.tom, {**SAID, "next_on": next_on}, key="one")
    assert (made.status_code, again.json()) == (201, made.json())
    assert ContactAttempt.objects.count() == 1

    own = fits(ask("get", path, world.tom))["results"]
    other = fits(ask("get", path, world.nadia, language="fr"))["results"]
    assert own == [made.json()]
    assert (own[0]["note"], own[0]["next_on"], own[0]["side"]) == (SAID["note"], next_on, "receiver")
    assert (other[0]["note"], other[0]["next_on"]) == ("", None)


def test_what_is_refused_says_why(world: World, ask: Ask) -> None:
    accepted, sent = world.referral("accepted"), world.referral("sent")
    path = f"/referrals/{accepted.pk}/attempts/"
    unsafe = ask("post", path, world.tom, {"method": "call", "result": "no_answer"})
    assert (unsafe.status_code, list(unsafe.json()["errors"])) == (400, ["method"])
    assert ask("post", path, world.tom, {}).status_code == 400
    assert ask("post", path, world.tom, {**SAID, "by": "me"}).status_code == 400
    assert ask("post", f"/referrals/{sent.pk}/attempts/", world.tom, SAID).status_code == 409
    assert ask("post", path, world.pat, SAID).status_code == 404
    assert not ContactAttempt.objects.exists()


def test_a_handoff_meets_at_a_public_place_of_the_receiver(world: World, ask: Ask, fits: Fits) -> None:
    path = f"/referrals/{world.referral('accepted').pk}/handoffs/"
    when = (timezone.now() + datetime.timedelta(days=1)).isoformat()
    location = Location.objects.get(services_here__service=world.service)
    body = {"kind": "warm", "when": when, "location": str(location.pk)}
    made = ask("post", path, world.nadia, body)
    assert made.status_code == 201
    assert made.json()["location"] == {"id": str(location.pk), "address": "12 Teststone Avenue, Winnipeg"}
    assert fits(ask("get", path, world.tom))["results"][0]["location"]["id"] == str(location.pk)

    for wrong in (
        {**body, "location": "6f1f7a53-3c0f-4c6e-9a8e-0d3c5b1d2e4f"},
        {**body, "when": timezone.now().isoformat()},
        {"kind": "warm"},
    ):
        assert ask("post", path, world.nadia, wrong).status_code == 400
