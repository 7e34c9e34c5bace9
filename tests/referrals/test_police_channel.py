"""The police channel (domain.md 5.3): off by default, per call, never among several, two workers."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from partners.access import actor_for
from partners.actor import SYSTEM
from partners.errors import (
    ChannelOff,
    Conflict,
    ConsentRequired,
    Invalid,
    NotSeen,
    PoliceAlone,
    Refused,
    SecondWorkerRequired,
)
from partners.models import AuditEvent, Membership, OutboxRow
from partners.notifications.delivery import deliver_due
from partners.police_channel import switch, uses_channel
from partners.roles import OPEN_TO_POLICE, Capability
from referrals import calls, drafts, handoffs, messages, worklist
from referrals.access import access_referral
from referrals.actions import allowed_actions, apply_action, attempt
from referrals.consent import disclose
from referrals.consent_acts import record_consent, withdraw_consent
from referrals.consent_texts import CURRENT_VERSION, POLICE_VERSION
from referrals.models import Need, Referral
from tests.referrals.pages import NAME, World, address, browser, member
from tests.referrals.police import PoliceWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> PoliceWorld:
    return PoliceWorld()


def send(world: PoliceWorld, referral: Referral, user: object) -> Referral:
    return apply_action(referral_id=referral.pk, action="send", actor=actor_for(user, None))  # type: ignore[arg-type]


# Off by default


def test_the_channel_is_off_until_the_organization_decides(db: None) -> None:
    world = World()
    assert not world.lantern.uses_police_channel

    page = browser(world.paula)
    assert "Switched off" in page.get("/en/police-channel/").content.decode()
    assert page.post("/en/police-channel/", {"channel": "maybe"}).status_code == 400
    assert not uses_channel(world.lantern.pk)
    page.post("/en/police-channel/", {"channel": "on"})
    page.post("/en/police-channel/", {"channel": "on"})
    assert uses_channel(world.lantern.pk)

    rows = AuditEvent.objects.filter(action="organization.police_channel")
    assert [(row.user_id, row.details) for row in rows] == [(world.paula.pk, {"switched": "on"})]


def test_only_a_manager_switches_it_and_never_at_a_police_liaison(world: PoliceWorld) -> None:
    boss = member("Boss", world.police, "manager")
    for user in (world.nadia, world.mo, boss, world.eva):
        assert browser(user).post("/en/police-channel/", {"channel": "off"}).status_code == 403
        with pytest.raises(Refused):
            switch(actor=actor_for(user, None), on=False)
    assert uses_channel(world.lantern.pk)
    with pytest.raises(Refused):
        switch(actor=SYSTEM, on=True, organization_id=world.police.pk)


def test_the_command_switches_it(world: PoliceWorld) -> None:
    call_command("police_channel", str(world.lantern), "--off")
    assert not uses_channel(world.lantern.pk)
    for name in ("Nowhere", str(world.police)):
        with pytest.raises(CommandError):
            call_command("police_channel", name, "--on")


def test_while_it_is_off_nothing_is_asked_and_nothing_sent(world: PoliceWorld) -> None:
    draft = world.asked()
    switch(actor=SYSTEM, on=False, organization_id=world.lantern.pk)

    with pytest.raises(ChannelOff):
        send(world, draft, world.sam)
    with pytest.raises(ChannelOff):
        world.asked(world.client())
    listing = f"/en/services/{world.unit.pk}/"
    assert "Ask police to call" not in browser(world.nadia).get(listing).content.decode()
    switch(actor=SYSTEM, on=True, organization_id=world.lantern.pk)
    assert "Ask police to call" in browser(world.nadia).get(listing).content.decode()


# Two workers


def test_whoever_made_or_changed_the_draft_does_not_send_it(world: PoliceWorld) -> None:
    draft = world.asked()
    with pytest.raises(SecondWorkerRequired):
        send(world, draft, world.nadia)
    drafts.change_draft(referral_id=draft.pk, actor=world.actor(world.sam), note="Changed")
    for user in (world.nadia, world.sam):
        with pytest.raises(SecondWorkerRequired):
            send(world, draft, user)
    with pytest.raises(Refused):
        apply_action(referral_id=draft.pk, action="send", actor=SYSTEM)
    for stranger in (world.pat, world.tom, world.mo):
        with pytest.raises(NotSeen):
            send(world, draft, stranger)
    assert Referral.objects.get(pk=draft.pk).status == "draft"

    assert send(world, draft, world.paula).status == "sent"


def test_the_page_keeps_the_draft_for_a_colleague_to_check(world: PoliceWorld) -> None:
    draft = world.asked()

    answer = browser(world.nadia).post(address("action", draft.pk, "send"))

    assert answer.status_code == 422
    assert "A colleague has to check this" in answer.content.decode()
    titles = {
        user.pk: {section.key: section for section in worklist.sections(world.actor(user))}
        for user in (world.nadia, world.sam)
    }
    assert "second_worker" not in titles[world.nadia.pk]
    assert [item.code for item in titles[world.sam.pk]["second_worker"].items] == [draft.code]
    assert draft.code in browser(world.sam).get(address("home")).content.decode()
    refusals = AuditEvent.objects.filter(result="refused", object_id=str(draft.pk))
    assert [row.details["code"] for row in refusals] == ["second_worker_required"]

    assert browser(world.sam).post(address("action", draft.pk, "send")).status_code == 302
    assert "second_worker" not in {section.key for section in worklist.sections(world.actor(world.sam))}


# One consent, one call, one receiver


def test_each_call_has_a_consent_of_its_own(world: PoliceWorld) -> None:
    first = world.agreed()
    call = world.called(consent=first)
    second = world.asked(consent=first)

    with pytest.raises(ConsentRequired):
        send(world, second, world.sam)
    world.agreed()
    call.refresh_from_db()
    assert call.consent_id == first.pk
    assert Referral.objects.get(pk=second.pk).consent_id == first.pk


def test_a_draft_to_police_takes_no_consent_by_itself(world: PoliceWorld) -> None:
    world.agreed()
    draft = drafts.create_draft(
        actor=world.actor(world.nadia),
        client_id=world.person.pk,
        service_id=world.unit.pk,
        category="treatment-day",
    )
    assert draft.consent is None


@pytest.mark.parametrize("groups", [("contact",), ("identity", "situation"), ("health",)])
def test_police_are_never_consented_more_than_the_name(world: PoliceWorld, groups: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        world.agreed(groups=groups)
    assert set(refused.value.errors) == {"field_groups"}


def test_the_text_that_was_read_is_the_one_for_police(world: PoliceWorld) -> None:
    for recipient, version in ((world.police, CURRENT_VERSION), (world.northern, POLICE_VERSION)):
        with pytest.raises(Invalid) as refused:
            record_consent(
                actor=world.actor(world.nadia),
                client_id=world.person.pk,
                recipient_id=recipient.pk,
                text_version=version,
                field_groups=["identity"],
                how="written",
                language="en",
            )
        assert "text_version" in refused.value.errors


def test_police_are_asked_alone(world: PoliceWorld) -> None:
    call = world.asked()
    with pytest.raises(Invalid):
        world.draft(need_id=call.need_id)
    other = world.sent()
    with pytest.raises(Invalid):
        world.asked(need_id=other.need_id, category="")
    # However it came to stand there, it is not sent.
    Referral.objects.filter(pk=other.pk).update(need=call.need_id)
    with pytest.raises(PoliceAlone):
        send(world, call, world.sam)
    draft = world.draft()
    Referral.objects.filter(pk=draft.pk).update(need=Need.objects.get(pk=call.need_id))
    with pytest.raises(PoliceAlone):
        send(world, draft, world.nadia)


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
