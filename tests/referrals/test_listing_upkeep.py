"""What keeping listings does to referrals: lapse, capacity from answers, merging and deleting."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from directory.hooks import CapacityHint
from directory.models import Service
from directory.upkeep import merging as listing_merging
from directory.upkeep.archiving import archive, delete
from directory.upkeep.capacity_acts import set_capacity
from directory.upkeep.errors import NotMergeable, ReferralsKept, ReferralsOpen
from partners.errors import ListingNotOpen
from partners.models import OutboxRow
from referrals.actions import apply_action
from referrals.capacity_hints import capacity_hints, suggest, suggest_daily
from referrals.models import Referral
from tests.factories.listings import make_service
from tests.referrals.pages import World, address, browser, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def aged(service: Service, days: int) -> None:
    then = timezone.now() - datetime.timedelta(days=days)
    Service.objects.filter(pk=service.pk).update(verified_at=then)


def test_what_nobody_confirmed_for_180_days_takes_no_referrals(world: World) -> None:
    draft = world.draft(consent_id=world.consent().pk)
    aged(world.service, 180)
    assert world.service in Service.objects.open_to_referrals()
    aged(world.service, 181)
    assert world.service not in Service.objects.open_to_referrals()
    with pytest.raises(ListingNotOpen):
        apply_action(referral_id=draft.pk, action="send", actor=world.actor(world.nadia))
    with pytest.raises(ListingNotOpen):
        world.draft()
    draft.refresh_from_db()
    assert draft.status == "draft"
    html = browser(world.nadia).get(f"/en/services/{world.service.pk}/").content.decode()
    assert address("send") not in html.split("<aside")[1]


def test_declines_for_want_of_space_suggest_a_capacity_once(world: World) -> None:
    editor = member("Ed", world.northern, "listing_editor")
    ids = [world.service.pk]
    with time_machine.travel("2026-11-02T18:00:00+00:00") as clock:
        for number in range(3):
            assert capacity_hints(ids) == {}, number
            world.act(world.sent(), "decline", reason="no_capacity")
        assert capacity_hints(ids) == {world.service.pk: CapacityHint("full", 3, 30)}
        suggest_daily()
        suggest_daily()
        suggest()
        row = OutboxRow.objects.get(kind="capacity_hint")
        assert (row.organization, row.object_id) == (world.northern, world.service.pk)
        page = browser(editor).get(f"/en/listings/{world.service.pk}/upkeep/").content.decode()
        assert "you declined 3 referrals because there was no space. Is it “Full”?" in page

        set_capacity(world.actor(editor), world.service, value="open")
        suggest()
        assert OutboxRow.objects.filter(kind="capacity_hint").count() == 2
        set_capacity(world.actor(editor), world.service, value="full")
        assert capacity_hints(ids) == {}
        set_capacity(world.actor(editor), world.service, value="unknown")
        world.act(world.sent(), "waitlist", expected_date="unknown")
        assert capacity_hints(ids)[world.service.pk].value == "waitlist"
        world.accepted()
        assert capacity_hints(ids) == {}
        clock.shift(datetime.timedelta(days=31))
        suggest_daily()
    assert OutboxRow.objects.filter(kind="capacity_hint").count() == 2


def test_other_declines_suggest_nothing(world: World) -> None:
    for _number in range(3):
        world.act(world.sent(), "decline", reason="not_eligible")
    assert capacity_hints([world.service.pk]) == {}


def test_referrals_follow_a_merge_within_one_organization(world: World) -> None:
    kim = world.actor(member("Kim", world.elsewhere, "network_admin"))
    kept = make_service(organization=world.northern, name_en="Day programs", accepts_referrals=True)
    accepted, ended = world.accepted(), world.act(world.sent(), "decline", reason="outside_area")
    listing_merging.merge(kim, kept.pk, world.service.pk, [])
    assert set(Referral.objects.values_list("service_id", flat=True)) == {kept.pk}
    closing = {"outcome": "got_help", "date": timezone.localdate().isoformat()}
    assert world.act(accepted, "close", **closing).status == "closed"
    html = browser(world.nadia).get(address("detail", ended.pk)).content.decode()
    assert "Day programs" in html


def test_across_organizations_nothing_moves_and_open_referrals_forbid_it(world: World) -> None:
    kim = world.actor(member("Kim", world.elsewhere, "network_admin"))
    kept = make_service(organization=world.elsewhere, name_en="Day programs", accepts_referrals=True)
    sent = world.sent()
    world.northern.agreements.all().delete()
    with pytest.raises(NotMergeable):
        listing_merging.merge(kim, kept.pk, world.service.pk, [])
    world.act(sent, "decline", reason="outside_area")
    listing_merging.merge(kim, kept.pk, world.service.pk, [])
    sent.refresh_from_db()
    assert (sent.service_id, sent.receiver_id) == (world.service.pk, world.northern.pk)


def test_deleting_is_refused_while_referrals_need_the_listing(world: World) -> None:
    editor = world.actor(member("Ed", world.northern, "listing_editor"))
    draft, sent = world.draft(), world.sent()
    with pytest.raises(ReferralsOpen) as refused:
        delete(editor, world.service.pk)
    assert refused.value.extra == {"open_referrals": 2}
    assert "2 referrals to this listing are still open" in str(refused.value)
    world.act(sent, "decline", reason="outside_area")
    world.act(draft, "withdraw", world.nadia, reason="client_choice")
    with pytest.raises(ReferralsKept):
        delete(editor, world.service.pk)
    archive(editor, world.service.pk)
    assert Referral.objects.filter(service=world.service).count() == 2
    html = browser(world.nadia).get(address("detail", sent.pk)).content.decode()
    assert "Day program" in html
