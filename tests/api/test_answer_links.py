"""The link of a partner without sign-ins, as the sender's own system sees and renews it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from partners.models import Membership
from referrals.links import minting, opening
from tests.api.conftest import Ask, Fits
from tests.api.world import World

pytestmark = pytest.mark.django_db


def test_the_sender_reads_the_code_and_makes_another(world: World, ask: Ask, fits: Fits) -> None:
    Membership.objects.filter(organization=world.red_river).update(ended_at=timezone.now())
    world.red_river.referral_email = "intake@redriver.example"
    world.red_river.save()
    referral = world.referral("sent")
    path = f"/referrals/{referral.pk}/answer-link/"

    first = fits(ask("get", path, world.nadia))
    again = fits(ask("post", path, world.nadia, key="once"))

    link = minting.current(referral.pk)
    assert link is not None
    assert (first["state"], again["state"]) == ("waiting", "waiting")
    assert again["code"] == link.code != first["code"]
    assert fits(ask("post", path, world.nadia, key="once"))["code"] == link.code
    token = minting.mint(referral)
    opening.enter(token, link.code, "Robin")
    told = fits(ask("get", path, world.nadia))
    assert (told["state"], told["code"]) == ("sent", link.code)
    assert told["visited_at"] is not None
    lines = fits(ask("get", f"/referrals/{referral.pk}/timeline/", world.nadia))["results"]
    assert [line["link_name"] for line in lines if line["kind"] == "link_visit"] == ["Robin"]
    assert not any("visit" in line["details"] for line in lines)
