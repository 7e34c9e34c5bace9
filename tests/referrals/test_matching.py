"""Matching over real listings: candidates from the search, what is left out, what is recorded, the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from directory.models import Service, ServiceCapacity
from partners.errors import NotSeen, Refused
from partners.models import Agreement, AuditEvent
from referrals.matching import Match, matches
from referrals.models import Need
from referrals.needs import create_need
from tests.factories.listings import AREA_PLACE, WITHHELD_PLACE, make_service
from tests.referrals.pages import NAME, World, address, admitted, browser

pytestmark = pytest.mark.django_db

CATEGORY = "treatment-day"


@pytest.fixture
def world() -> World:
    return World()


def listing(world: World, name: str, **more: Any) -> Service:
    wanted = {"organization": world.northern, "categories": [CATEGORY], "accepts_referrals": True}
    return make_service(name_en=name, **wanted | more)


def need(world: World, *, barriers: tuple[str, ...] = (), **person: Any) -> Need:
    data = {"safe_area": "north-end", "gender": "Woman", **person}
    client = world.client(**data)
    return create_need(
        actor=world.actor(world.nadia), client_id=client.pk, category=CATEGORY, barriers=barriers
    )


def ranked(world: World, wanted: Need, limit: int = 20) -> dict[UUID, Match]:
    found = matches(actor=world.actor(world.nadia), need_id=wanted.pk, limit=limit)
    return {match.service.pk: match for match in found}


def said(match: Match) -> dict[str, str]:
    return {reason.code: reason.kind.value for reason in match.reasons}


def test_contradictions_stand_last_with_their_reason_and_silence_excludes_nothing(world: World) -> None:
    silent = listing(world, "Silent")
    youth = listing(world, "Youth", minimum_age=12, maximum_age=17)
    phase_4 = listing(world, "Phase four", phases=["4"])
    brandon = listing(world, "Brandon", service_areas=["brandon"])
    closed = listing(world, "No referrals", accepts_referrals=False)
    stranger = listing(world, "No agreement", organization=None)
    police = listing(world, "Police", organization=admitted("Police (demo)", "police_liaison"))

    found = ranked(world, need(world, phase=2))

    assert found[silent.pk].fits
    assert found[world.service.pk].fits
    assert {code: kind for code, kind in said(found[silent.pk]).items() if code == "age"} == {
        "age": "unknown"
    }
    for service, code in (
        (youth, "age"),
        (phase_4, "phase"),
        (brandon, "area"),
        (stranger, "no_agreement"),
        (police, "police"),
    ):
        assert not found[service.pk].fits
        assert said(found[service.pk])[code] == "against"
    assert closed.pk not in found
    order = list(found)
    assert max(order.index(pk) for pk, match in found.items() if match.fits) < order.index(youth.pk)


def test_the_soft_rules_put_in_order_and_the_location_policy_is_kept(world: World) -> None:
    near = listing(world, "Near", location=AREA_PLACE, languages=["en"], barriers=["transport"])
    hidden = listing(world, "Hidden", location=WITHHELD_PLACE)
    no_english = listing(world, "No English", location=AREA_PLACE, languages=["oj"])
    full = listing(world, "Full")
    ServiceCapacity.objects.create(service=full, value="full", as_of=timezone.now())

    found = ranked(world, need(world, barriers=("transport", "child_care")))

    assert next(iter(found)) == near.pk
    assert said(found[near.pk])["barrier_transport"] == "for"
    assert said(found[near.pk])["barrier_child_care"] == "unknown"
    assert found[hidden.pk].distance_km is None
    assert said(found[hidden.pk])["distance"] == "unknown"
    assert said(found[no_english.pk])["language"] == "against"
    assert said(found[full.pk])["capacity"] == "against"
    assert all(match.fits for match in found.values())


def test_without_a_safe_area_nothing_is_said_of_distance(world: World) -> None:
    local = listing(world, "Local", service_areas=["winnipeg"])

    found = ranked(world, need(world, safe_area=""))

    assert found[local.pk].fits
    assert (said(found[local.pk])["area"], said(found[local.pk])["distance"]) == ("unknown", "unknown")


def test_an_agreement_that_has_ended_excludes(world: World) -> None:
    wanted = need(world)
    assert ranked(world, wanted)[world.service.pk].fits
    Agreement.objects.filter(organization=world.northern).update(terminated_at=timezone.now())

    assert not ranked(world, wanted)[world.service.pk].fits


def test_what_was_asked_already_is_left_out(world: World) -> None:
    wanted = need(world)
    other = listing(world, "Other")
    world.draft(wanted.client, need_id=wanted.pk)

    found = ranked(world, wanted)

    assert world.service.pk not in found
    assert other.pk in found


def test_each_reading_of_the_file_is_a_release_and_strangers_read_nothing(world: World) -> None:
    wanted = need(world)
    released = AuditEvent.objects.filter(action="disclose", object_id=wanted.client_id)
    ranked(world, wanted)
    assert released.count() == 1

    for name, refusal in (("tom", NotSeen), ("pat", NotSeen), ("eva", Refused)):
        with pytest.raises(refusal):
            matches(actor=world.actor(getattr(world, name)), need_id=wanted.pk)
    assert released.count() == 1
    assert browser(world.pat).get(address("need_matches", wanted.pk)).status_code == 404
    assert browser(world.eva).get(address("need_matches", wanted.pk)).status_code == 403


def test_the_number_of_queries_does_not_grow(
    world: World, assert_flat: Callable[[Callable[[], object], Callable[[], object]], None]
) -> None:
    wanted = need(world, barriers=("transport",))
    nadia = world.actor(world.nadia)

    def grow() -> None:
        for number in range(4):
            listing(world, f"More {number}", languages=["en", "fr"], barriers=["transport"], phases=["1"])
            world.draft()

    assert_flat(lambda: matches(actor=nadia, need_id=wanted.pk), grow)


def test_the_page_leads_to_the_offer_with_what_is_ticked(world: World) -> None:
    wanted = need(world)
    other = listing(world, "Other house", name_fr="Autre maison", minimum_age=60)
    page = address("need_matches", wanted.pk)

    shown = browser(world.nadia).get(page).content.decode()
    assert f'name="chosen" value="{world.service.pk}"' in shown
    assert str(other.pk) in shown
    assert f'value="{other.pk}"' not in shown  # it does not fit
    assert "Not for this age" in shown
    assert NAME not in shown
    french = browser(world.nadia, "fr").get(address("need_matches", wanted.pk, language="fr"))
    assert "Autre maison" in french.content.decode()

    offer = browser(world.nadia).post(address("offers_new", wanted.pk), {"chosen": [str(world.service.pk)]})
    assert offer.status_code == 200
    assert "Day program" in offer.content.decode()
