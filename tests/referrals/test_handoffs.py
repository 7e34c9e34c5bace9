"""Handoffs: ahead in time, at a public place of the receiver or in words, seen after acceptance only."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from directory.models import Address, Location
from partners.access import actor_for
from partners.errors import Conflict, ConsentRequired, Invalid
from referrals.access import access_referral
from referrals.consent_acts import withdraw_consent
from referrals.handoffs import HandoffView, handoffs_of, plan_handoff, record_handoff
from referrals.meeting_places import meeting_places
from referrals.models import Handoff, Referral
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_service
from tests.referrals.pages import World, address, browser

pytestmark = pytest.mark.django_db
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
PLACE = "Planted corner"


@pytest.fixture
def world() -> World:
    return World()


def plan(world: World, referral: Referral, **given: Any) -> HandoffView:
    data = {"kind": "warm", "when": timezone.now() + DAY, **given}
    return plan_handoff(referral_id=referral.pk, actor=world.actor(world.nadia), **data)


def seen_by(world: World, referral: Referral, name: str) -> list[HandoffView]:
    actor = actor_for(getattr(world, name), None)
    return handoffs_of(access_referral(referral.pk, actor), actor)


def test_the_places_are_the_public_ones_of_the_receivers_published_services(world: World) -> None:
    second = {**PUBLIC_PLACE, "address_1": "7 Othertest Street"}
    for place in (second, second, AREA_PLACE, WITHHELD_PLACE):
        make_service(organization=world.northern, location=place)
    make_service(
        organization=world.northern, location={**PUBLIC_PLACE, "address_1": "1 Draft"}, publish=False
    )
    make_service(organization=world.elsewhere, location={**PUBLIC_PLACE, "address_1": "1 Stranger"})
    referral = world.accepted()
    found = [place.address for place in meeting_places(referral)]
    assert found[0] == "12 Teststone Avenue, Winnipeg"
    assert set(found[1:]) == {"7 Othertest Street, Winnipeg"}


def test_a_planned_handoff_is_read_by_both_sides_and_its_place_only_while_it_is_public(world: World) -> None:
    referral = world.accepted()
    location = Location.objects.get(services_here__service=world.service)
    plan(world, referral, location=location.pk, place=PLACE, companion="Nadia", ride=True)
    for name in ("nadia", "tom"):
        (handoff,) = seen_by(world, referral, name)
        assert handoff.location is not None
        assert (handoff.location.address, handoff.place) == ("12 Teststone Avenue, Winnipeg", PLACE)
        page = browser(getattr(world, name)).get(address("detail", referral.pk)).content.decode()
        assert "12 Teststone Avenue" in page
    Address.objects.all().delete()
    Location.objects.update(policy="withheld", latitude=None, longitude=None, position_source="")
    assert seen_by(world, referral, "tom")[0].location is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "teleport"}, "kind"),
        ({"when": None}, "when"),
        ({"when": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}, "when"),
        ({"kind": "information_only", "when": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}, "when"),
        ({"location": "nowhere"}, "location"),
        ({"location": "6f1f7a53-3c0f-4c6e-9a8e-0d3c5b1d2e4f"}, "location"),
        ({"place": "x" * 301}, "place"),
        ({"companion": "a\x00b"}, "companion"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: World, given: dict, field: str) -> None:
    referral = world.accepted()
    with pytest.raises(Invalid) as error:
        plan(world, referral, **given)
    assert set(error.value.errors) == {field}
    assert not Handoff.objects.exists()


def test_nothing_is_planned_or_read_before_acceptance_nor_after_the_consent(world: World) -> None:
    referral = world.sent()
    with pytest.raises(Conflict):
        plan(world, referral)
    world.act(referral, "accept")
    planned = plan(world, referral, place=PLACE)
    withdraw_consent(actor=world.actor(world.nadia), consent_id=referral.consent_id, how="phone")
    assert seen_by(world, referral, "tom") == []
    assert [handoff.place for handoff in seen_by(world, referral, "nadia")] == [PLACE]
    with pytest.raises(ConsentRequired):
        plan(world, referral)
    with pytest.raises(ConsentRequired):
        record_handoff(handoff_id=planned.id, actor=world.actor(world.nadia), result="kept")


def test_a_moved_one_is_planned_anew_for_a_time_ahead(world: World) -> None:
    referral = world.accepted()
    location = Location.objects.get(services_here__service=world.service)
    planned = plan(world, referral, location=str(location.pk), child_care=True)
    nadia = world.actor(world.nadia)
    for wrong in (None, timezone.now() - HOUR):
        with pytest.raises(Invalid) as error:
            record_handoff(handoff_id=planned.id, actor=nadia, result="moved", moved_to=wrong)
        assert set(error.value.errors) == {"when"}
    later = timezone.now() + 3 * DAY
    record_handoff(handoff_id=planned.id, actor=nadia, result="moved", moved_to=later)
    first, second = seen_by(world, referral, "tom")
    assert (first.result, second.result, second.when) == ("moved", "", later)
    assert (second.location, second.child_care) == (first.location, True)


def test_the_page_offers_the_places_and_refuses_the_past(world: World) -> None:
    referral = world.accepted()
    tom, url = browser(world.tom), address("handoff_new", referral.pk)
    page = tom.get(address("detail", referral.pk)).content.decode()
    assert "12 Teststone Avenue, Winnipeg</option>" in page
    wrong = tom.post(url, {"kind": "self", "when": "2020-01-01T10:00", "location": "nowhere"})
    text = wrong.content.decode()
    assert wrong.status_code == 400
    assert "This time is in the past." in text
    assert "Choose one of the listed places." in text
    location = Location.objects.get(services_here__service=world.service)
    when = timezone.localtime(timezone.now() + DAY).strftime("%Y-%m-%dT%H:%M")
    right = tom.post(url, {"kind": "self", "when": when, "location": str(location.pk)})
    assert right.status_code == 302
    (handoff,) = seen_by(world, referral, "nadia")
    moved = tom.post(
        address("handoff_result", referral.pk, handoff.id),
        {"result": "moved", "moved_to": "2020-01-01T10:00"},
    )
    assert moved.status_code == 400
    assert "This time is in the past." in moved.content.decode()


def test_without_a_public_place_the_page_asks_in_words(world: World) -> None:
    Address.objects.all().delete()
    Location.objects.update(policy="withheld", latitude=None, longitude=None, position_source="")
    page = browser(world.tom).get(address("detail", world.accepted().pk)).content.decode()
    assert 'name="place"' in page
    assert 'name="location"' not in page
