"""A receiver who looks for more than consent, kind and stage allow, by what stands around the person."""

from __future__ import annotations

import pytest

from referrals.attempts import attempts_of, record_attempt
from referrals.events import timeline
from referrals.models import Referral
from tests.referrals.pages import World, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def tried(world: World, referral: Referral) -> None:
    """Her worker meets her, and it is not safe to go on."""
    nadia = world.actor(world.nadia)
    given = {"method": "text", "result": "not_safe", "note": "Planted note"}
    record_attempt(referral_id=referral.pk, actor=nadia, **given)


def found(world: World, referral: Referral) -> set[str]:
    """Where the receiver learns of the attempt."""
    tom = world.actor(world.tom)
    referral = Referral.objects.get(pk=referral.pk)
    page = browser(world.tom).get(f"/en/referrals/{referral.pk}/").content.decode()
    lines = browser(world.tom).get(f"/api/v1/referrals/{referral.pk}/timeline/").content.decode()
    places = {
        "list": bool(attempts_of(referral, tom)),
        "timeline": any(line.kind == "attempt" for line in timeline(referral, tom)),
        "page": "Was not safe" in page,
        "api": "not_safe" in lines,
        "note": "Planted note" in page + lines,
    }
    return {name for name, there in places.items() if there}


def test_a_preview_says_nothing_of_how_she_was_tried_to_be_reached(world: World) -> None:
    referral = world.sent()
    tried(world, referral)
    assert found(world, referral) == set()


def test_whoever_may_not_know_how_to_reach_her_is_not_told_how_others_tried(world: World) -> None:
    consent = world.consent(field_groups=["identity"])
    referral = world.act(world.sent(consent_id=consent.pk), "accept")
    tried(world, referral)
    assert found(world, referral) == set()


def test_who_may_know_it_is_told_without_the_note(world: World) -> None:
    referral = world.accepted()
    tried(world, referral)
    assert found(world, referral) == {"list", "timeline", "page", "api"}
