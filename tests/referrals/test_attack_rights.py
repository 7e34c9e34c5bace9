"""What stands beside the file: who saw it, what is shared without consent, what a manager finds by a code."""

from __future__ import annotations

from typing import Any

import pytest

from referrals import care_team, introductions, legal_basis
from referrals.models import Client, Introduction
from referrals.rights.seen import who_saw
from tests.referrals.hidden_file import restricted_file
from tests.referrals.pages import NUMBER, World, address, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def test_who_opened_what_she_left_has_seen_her_too(world: World) -> None:
    nadia, tom = world.actor(world.nadia), world.actor(world.tom)
    left = introductions.introduce(
        actor=tom,
        receiver_id=world.lantern.pk,
        chosen_name="Robin",
        language="en",
        safe_contact={"methods": ["text"], "phone": NUMBER, "text": True},
        text_version="2026-11",
        consented_on="2026-11-20",
        no_consequence_told=True,
    )
    introductions.open_introduction(actor=nadia, introduction_id=left.pk)
    taken = introductions.take_up(actor=nadia, introduction_id=left.pk)
    seen = who_saw(actor=nadia, client_id=Introduction.objects.get(pk=taken.pk).client_id)
    assert [line.object_id for line in seen.lines] == [str(left.pk)]


def shared(world: World, safe_contact: dict[str, Any]) -> str:
    person = world.client(safe_contact=safe_contact)
    nadia, paula = world.actor(world.nadia), world.actor(world.paula)
    share = legal_basis.request_share(
        actor=nadia,
        client_id=person.pk,
        basis="court_order",
        reason="Ordered",
        field_groups=["contact"],
        recipient="A court",
    )
    legal_basis.decide(actor=paula, share_id=share.pk, decision="approved")
    door = f"/api/v1/legal-basis-shares/{share.pk}/release/"
    answer = browser(world.nadia).post(door, {}, content_type="application/json")
    assert answer.status_code == 200
    return answer.content.decode()


def test_sharing_without_consent_gives_no_way_that_is_not_safe(world: World) -> None:
    block = {"methods": ["in_person"], "phone": NUMBER, "email": "planted@example.org"}
    assert not any(word in shared(world, block) for word in (NUMBER, "planted@example.org"))
    assert NUMBER not in shared(world, {"methods": ["text"], "phone": NUMBER, "do_not_contact": True})


def test_a_manager_without_a_reason_finds_no_restricted_file_by_the_rights_of_the_person() -> None:
    """Neither whom she was referred to, nor a way to destroy the file; the privacy officer has both."""
    hidden = restricted_file()
    world, person = hidden.world, hidden.client_id
    world.act(hidden.referral, "accept")
    browser(world.tom).get(address("detail", hidden.referral.pk))
    doors = [("get", "rights_client", {}), ("get", "rights_delete", {})]
    doors += [("post", "rights_delete", {"code": world.person.code}), ("post", "hold_new", {})]

    for method, name, given in doors:
        answer = getattr(browser(hidden.max), method)(address(name, person), given)
        assert answer.status_code == 404, name
    found = browser(hidden.max).post(address("rights"), {"code": world.person.code})
    assert found.status_code == 400
    assert Client.objects.filter(pk=person).exists()
    assert "Northern" in browser(hidden.priv).get(address("rights_delete", person)).content.decode()

    care_team.break_glass(actor=hidden.actor(hidden.max), reason="She asked", client_id=person)
    assert browser(hidden.max).get(address("rights_delete", person)).status_code == 200
