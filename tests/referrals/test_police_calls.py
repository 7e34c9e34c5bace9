"""What becomes of a call: two answers, no steps, a name only where it was agreed to, and no other role."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from partners.access import actor_for
from partners.actor import Actor, Channel
from partners.errors import (
    Conflict,
    Invalid,
    NotSeen,
    Refused,
)
from partners.models import AuditEvent, Membership, OutboxRow
from partners.notifications.delivery import deliver_due
from partners.roles import OPEN_TO_POLICE, Capability
from referrals import calls, handoffs, messages, worklist
from referrals.access import access_referral, sides_of
from referrals.actions import allowed_actions, apply_action, attempt
from referrals.consent import disclose
from referrals.consent_acts import withdraw_consent
from referrals.models import Consent, Referral
from tests.referrals.pages import NAME, address, browser, member
from tests.referrals.police import PoliceWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> PoliceWorld:
    return PoliceWorld()


# What may be done with it


def test_police_say_two_things_and_the_sender_says_what_became_of_it(world: PoliceWorld) -> None:
    mo, call = world.actor(world.mo), world.called()
    for reason in ("", "safety_of_others", "other", "nonsense"):
        with pytest.raises(Invalid):
            calls.answer_call(actor=mo, referral_id=call.pk, will_call=False, reason=reason)
    calls.answer_call(actor=mo, referral_id=call.pk, will_call=True)
    with pytest.raises(Conflict) as late:
        calls.answer_call(actor=mo, referral_id=call.pk, will_call=True)
    assert late.value.extra["current_status"] == ""
    owed = OutboxRow.objects.filter(organization=world.police).count()

    nadia = world.actor(world.nadia)
    sender = [row.name for row in allowed_actions(access_referral(call.pk, nadia), nadia)]
    assert sender == ["close", "withdraw"]
    closed = apply_action(
        referral_id=call.pk,
        action="close",
        actor=nadia,
        outcome="got_help",
        date=timezone.localdate().isoformat(),
    )
    assert closed.status == "closed"
    assert OutboxRow.objects.filter(organization=world.police).count() == owed
    own = AuditEvent.objects.filter(chain=world.police.pk)
    assert not own.filter(action="referral.close").exists()


def test_the_other_answer_is_a_coded_no(world: PoliceWorld) -> None:
    call = world.called()
    calls.answer_call(actor=world.actor(world.mo), referral_id=call.pk, will_call=False, reason="no_capacity")
    assert Referral.objects.get(pk=call.pk).status == "declined"


def test_the_channel_holds_no_steps(world: PoliceWorld) -> None:
    call = world.answered()
    nadia, mo = world.actor(world.nadia), world.actor(world.mo)
    steps = (
        lambda actor: messages.send_message(referral_id=call.pk, actor=actor, text="Hello"),
        lambda actor: handoffs.plan_handoff(referral_id=call.pk, actor=actor, kind="information_only"),
    )
    for step in steps:
        with pytest.raises(Refused):
            step(nadia)
        with pytest.raises(NotSeen):
            step(mo)
    for action in ("accept", "decline", "waitlist", "start_service", "close", "withdraw", "void", "send"):
        with pytest.raises(NotSeen):
            attempt(referral_id=call.pk, action=action, actor=mo)
    assert "Send message" not in browser(world.nadia).get(address("detail", call.pk)).content.decode()


def test_a_withdrawn_consent_ends_it_at_once(world: PoliceWorld) -> None:
    call = world.answered()
    mo = world.actor(world.mo)
    assert calls.open_call(actor=mo, referral_id=call.pk).chosen_name == NAME

    withdraw_consent(actor=world.actor(world.nadia), consent_id=call.consent_id, how="phone")

    found = calls.open_call(actor=mo, referral_id=call.pk)
    assert (found.row.ended, found.chosen_name, found.worker, found.may_answer) == (True, None, None, False)


def test_the_name_only_after_a_yes_and_only_with_consent(world: PoliceWorld) -> None:
    mo = world.actor(world.mo)
    before = world.called()
    assert calls.open_call(actor=mo, referral_id=before.pk).chosen_name is None
    unnamed = world.answered(world.client(), groups=())
    assert calls.open_call(actor=mo, referral_id=unnamed.pk).chosen_name is None
    named = world.answered(world.client())
    assert calls.open_call(actor=mo, referral_id=named.pk).chosen_name == NAME

    released = AuditEvent.objects.filter(action="disclose", object_id=str(named.client_id))
    rows = released.filter(organization_id=world.police.pk)
    assert {row.chain for row in rows} == {world.lantern.pk, world.police.pk}
    assert {tuple(row.details["field_groups"]) for row in rows} == {("identity",)}
    view = disclose(Referral.objects.get(pk=named.pk), mo)
    assert (view.need, view.area, view.urgency, view.safe_contact, view.note) == (None,) * 5


# Roles


@pytest.mark.parametrize("role", ["worker", "manager", "receiver_intake", "privacy_officer", "evaluator"])
def test_no_other_role_opens_anything_at_a_police_liaison(world: PoliceWorld, role: str) -> None:
    user = member("Extra", world.police, role)
    assert actor_for(user, None).capabilities <= OPEN_TO_POLICE
    Membership.objects.create(user=user, organization=world.police, role="police_liaison")
    assert actor_for(user, None).capabilities == {Capability.POLICE_CHANNEL, Capability.INTRODUCE}


@time_machine.travel("2026-11-26T21:30:00-06:00")
def test_what_came_in_the_evening_came_that_day(world: PoliceWorld) -> None:
    """In UTC it is the next day by then."""
    call = world.called()
    mo = world.actor(world.mo)
    evening = datetime.date(2026, 11, 26)
    assert [row.received_on for row in calls.list_calls(actor=mo).object_list] == [evening]
    assert calls.open_call(actor=mo, referral_id=call.pk).row.received_on == evening


def test_who_is_not_police_sees_no_calls(world: PoliceWorld) -> None:
    call = world.called()
    other = member("Other", world.elsewhere, "police_liaison")
    for user in (world.nadia, world.tom, world.paula, world.eva):
        assert browser(user).get(address("calls")).status_code == 403
        assert browser(user).get(address("call", call.pk)).status_code == 403
    assert browser(other).get(address("call", call.pk)).status_code == 404
    assert browser(world.mo).get(address("call", world.sent().pk)).status_code == 404
    assert browser(world.mo).get(address("call", world.asked(world.client()).pk)).status_code == 404


def test_police_are_mailed_a_code_and_their_own_page(world: PoliceWorld) -> None:
    call = world.called()
    deliver_due()
    mails = [message for message in mail.outbox if world.mo.email in message.to]
    assert len(mails) == 1
    assert address("call", call.pk) in mails[0].body
    assert call.code in mails[0].body
    assert NAME not in mails[0].body


def test_no_link_leads_to_a_call(world: PoliceWorld) -> None:
    call, other = world.called(), world.sent()
    for referral, seen in ((call, 0), (other, 1)):
        link = Actor(channel=Channel.LINK, organization_id=referral.receiver_id, referral_id=referral.pk)
        assert Referral.objects.visible_to(link).count() == seen
        assert len(sides_of(referral, link)) == seen


def test_the_sender_reads_what_is_different(world: PoliceWorld) -> None:
    nadia = browser(world.nadia)

    def page(referral: Referral) -> str:
        return nadia.get(address("detail", referral.pk)).content.decode()

    asked = world.asked()
    send = address("action", asked.pk, "send")
    assert "A second worker sends this." in page(asked)
    assert send not in page(asked)
    assert send in browser(world.sam).get(address("detail", asked.pk)).content.decode()
    sent = page(world.called(world.client()))
    assert "Police see the code and whom to call" in sent
    assert "A second worker sends this." not in sent
    assert "Police see the code" not in page(world.sent())


def test_no_new_consent_is_asked_for_a_call_that_runs_out(world: PoliceWorld) -> None:
    soon = timezone.now() + datetime.timedelta(days=3)
    call, other = world.called(), world.sent()
    Consent.objects.filter(pk__in=[call.consent_id, other.consent_id]).update(expires_at=soon)
    found = {section.key: section for section in worklist.sections(world.actor(world.nadia))}
    assert [item.organization for item in found["consent"].items] == [world.northern]
