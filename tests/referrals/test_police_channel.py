"""The police channel (domain.md 5.3): off by default, per call, never among several, two workers."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from partners.access import actor_for
from partners.actor import SYSTEM
from partners.errors import (
    ChannelOff,
    ConsentRequired,
    Invalid,
    NotSeen,
    PoliceAlone,
    Refused,
    SecondWorkerRequired,
)
from partners.models import AuditEvent
from partners.police_channel import switch, uses_channel
from referrals import drafts, worklist
from referrals.actions import apply_action
from referrals.consent_acts import record_consent
from referrals.consent_texts import CURRENT_VERSION, POLICE_VERSION
from referrals.models import Need, Referral
from tests.referrals.pages import World, address, browser, member
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
