"""Once either side has no agreement in force, what was sent rests: no person, no step, only an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from partners.actor import Side
from partners.errors import AgreementRequired
from partners.models import Agreement, Organization
from referrals import boxes, consent, messages
from referrals.actions import allowed_actions, apply_action
from referrals.clients import access_client
from referrals.handoffs import plan_handoff
from referrals.models import Referral
from referrals.partnership import WORDS, in_force, lacks_agreement
from tests.referrals.pages import NAME, World, address, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def end(organization: Organization) -> None:
    Agreement.objects.filter(organization=organization).update(ends_on="2020-01-02")


def suspended(organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(suspended_at=timezone.now())


def fresh(referral: Referral, *, listed: bool = False) -> Referral:
    rows = Referral.objects.for_list() if listed else Referral.objects
    return rows.get(pk=referral.pk)


@pytest.mark.parametrize("lose", [end, suspended])
@pytest.mark.parametrize("side", ["receiver", "sender"])
def test_the_receiver_sees_nothing_and_the_words_say_why(
    world: World, side: str, lose: Callable[[Organization], None]
) -> None:
    told = {"accepted": world.accepted(), "sent": world.sent()}
    organization = world.northern if side == "receiver" else world.lantern
    tom = world.actor(world.tom)
    lose(organization)
    for referral in told.values():
        for found in (fresh(referral), fresh(referral, listed=True)):
            assert lacks_agreement(found) == side
            assert consent.stage_of(found, Side.RECEIVER) is consent.Stage.TOMBSTONE
            view = consent.disclose(found, tom)
            assert (view.chosen_name, view.need, view.safe_contact) == (None, None, None)
            assert view.notice == WORDS[Side.RECEIVER, Side(side)]
            assert consent.stage_of(found, Side.SENDER) is consent.Stage.OWN
    assert not Referral.objects.shared().exists()
    inbox = Referral.objects.visible_to(tom).box(tom, Side.RECEIVER)
    assert inbox.count() == 2
    assert boxes.waiting_count(tom) == 0


def test_the_words_are_the_same_whatever_became_of_the_consent(world: World) -> None:
    """Else they would tell a receiver without an agreement that the person took it back."""
    kept, taken_back = world.accepted(), world.accepted(world.client())
    tom = world.actor(world.tom)
    end(world.northern)
    taken_back.consent.withdrawn_at = timezone.now()
    taken_back.consent.save()

    views = [consent.disclose(fresh(one), tom) for one in (kept, taken_back)]

    assert views[0].notice == views[1].notice
    assert views[0].withheld == views[1].withheld


@pytest.mark.parametrize("side", ["receiver", "sender"])
def test_no_step_is_open_but_the_end(world: World, side: str) -> None:
    sent, accepted = world.sent(), world.accepted()
    tom, nadia = world.actor(world.tom), world.actor(world.nadia)
    end(world.northern if side == "receiver" else world.lantern)

    def refused(act: Callable[..., Any], **given: Any) -> None:
        with pytest.raises(AgreementRequired):
            act(**given)

    refused(apply_action, referral_id=sent.pk, action="accept", actor=tom)
    refused(apply_action, referral_id=sent.pk, action="waitlist", actor=tom, expected_date="unknown")
    refused(
        apply_action,
        referral_id=accepted.pk,
        action="start_service",
        actor=tom,
        date=timezone.localdate().isoformat(),
    )
    for actor in (tom, nadia):
        refused(messages.send_message, referral_id=accepted.pk, actor=actor, text="Hello")
    refused(plan_handoff, referral_id=accepted.pk, actor=nadia, kind="information_only")
    assert {row.name for row in allowed_actions(fresh(sent), tom)} == {"decline"}
    assert {row.name for row in allowed_actions(fresh(accepted), tom)} == {"close"}

    today = timezone.localdate().isoformat()
    apply_action(referral_id=sent.pk, action="decline", actor=tom, reason="no_capacity")
    apply_action(referral_id=accepted.pk, action="close", actor=tom, outcome="could_not_help", date=today)
    assert {fresh(sent).status, fresh(accepted).status} == {"declined", "closed"}


def test_pages_say_it_to_both_sides_and_own_files_stay_open(world: World) -> None:
    accepted = world.accepted()
    end(world.northern)
    tom, nadia = browser(world.tom), browser(world.nadia)
    inbox = tom.get(address("inbox")).content.decode()
    assert "Your organization has no agreement in force" in inbox
    assert accepted.code in inbox
    theirs = tom.get(address("detail", accepted.pk)).content.decode()
    assert "Your organization has no agreement in force" in theirs
    assert NAME not in theirs
    ours = nadia.get(address("detail", accepted.pk)).content.decode()
    assert "This partner has no agreement in force" in ours
    assert NAME in ours

    Agreement.objects.update(ends_on="2020-01-02")
    assert access_client(world.person.pk, world.actor(world.nadia)).chosen_name == NAME
    assert NAME in nadia.get(address("client", world.person.pk)).content.decode()


def test_what_stays_in_one_house_and_what_is_restored_goes_on(world: World) -> None:
    accepted = world.accepted()
    Referral.objects.filter(pk=accepted.pk).update(receiver=world.lantern)
    Agreement.objects.update(ends_on="2020-01-02")
    assert in_force(fresh(accepted))
    Referral.objects.filter(pk=accepted.pk).update(receiver=world.northern)
    assert not in_force(fresh(accepted))
    Agreement.objects.update(ends_on=timezone.localdate())

    assert consent.stage_of(fresh(accepted), Side.RECEIVER) is consent.Stage.DISCLOSED
    assert Referral.objects.shared().get() == accepted
