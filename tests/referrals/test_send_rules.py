"""What must hold before a referral is sent, beyond side, state and consent."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from directory.models import Service
from partners.actor import Actor, Side
from partners.errors import (
    AgreementRequired,
    ChannelOff,
    ChildProtectionRequired,
    DomainError,
    Invalid,
    ListingNotOpen,
    NotSeen,
    Refused,
)
from partners.models import Agreement, Organization
from referrals.actions import allowed_actions, apply_action, attempt
from referrals.clients import record_child_protection
from referrals.consent import disclose
from referrals.models import Client, Consent, Referral
from tests.factories.listings import make_service
from tests.referrals.pages import World

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)
NOON = datetime.datetime(2026, 11, 24, 18, tzinfo=datetime.UTC)


@pytest.fixture
def world(db: None) -> World:
    return World()


def ready(world: World, person: Client | None = None) -> Referral:
    return world.draft(person, consent_id=world.consent(person).pk)


def send(world: World, referral: Referral) -> Referral:
    return apply_action(referral_id=referral.pk, action="send", actor=world.actor(world.nadia))


def refused_with(error: type[DomainError], world: World, referral: Referral) -> None:
    """422, with the error's code, and nothing has changed."""
    with pytest.raises(error) as caught:
        send(world, referral)
    assert caught.value.status == 422
    referral.refresh_from_db()
    assert (referral.status, referral.sent_at) == ("draft", None)


def listed(world: World, category: str) -> None:
    """The receiver's listing, from now on in this category alone."""
    world.service = make_service(
        organization=world.northern,
        name_en=f"A place: {category}",
        accepts_referrals=True,
        categories=[category],
    )


def protect(world: World, person: Client, state: str, at: datetime.datetime | None = None) -> None:
    record_child_protection(
        actor=world.actor(world.nadia),
        client_id=person.pk,
        state=state,
        at=at or timezone.now(),
        reported_to="Child and Family Services",
    )


def test_nothing_is_sent_to_police_while_their_channel_is_off(world: World) -> None:
    referral = ready(world)
    Organization.objects.filter(pk=world.northern.pk).update(kind="police_liaison")
    refused_with(ChannelOff, world, referral)
    Consent.objects.update(withdrawn_at=timezone.now())
    refused_with(ChannelOff, world, referral)


@pytest.mark.parametrize("side", ["lantern", "northern"])
@pytest.mark.parametrize("starts_and_ends", [(-9, -1), (1, 9), None])
def test_both_sides_need_an_agreement_in_force(
    world: World, side: str, starts_and_ends: tuple[int, int] | None
) -> None:
    referral, today = ready(world), timezone.localdate()
    agreement = Agreement.objects.filter(organization=getattr(world, side))
    if starts_and_ends is None:
        agreement.delete()
    else:
        starts, ends = (today + datetime.timedelta(days=days) for days in starts_and_ends)
        agreement.update(starts_on=starts, ends_on=ends)
    refused_with(AgreementRequired, world, referral)


def test_an_agreement_holds_on_its_last_day(world: World) -> None:
    Agreement.objects.update(ends_on=timezone.localdate())
    assert send(world, ready(world)).status == "sent"


def test_an_agreement_that_ends_leaves_what_was_sent_to_be_declined(world: World) -> None:
    """Nothing more of it can be shared; the rest stands in test_agreement_ended."""
    referral = world.sent()
    Agreement.objects.all().delete()
    with pytest.raises(AgreementRequired):
        world.act(referral, "accept")
    assert world.act(referral, "decline", reason="no_capacity").status == "declined"


@pytest.mark.parametrize(
    "change",
    [
        {"publication": "archived"},
        {"publication": "draft"},
        {"status": "inactive"},
        {"accepts_referrals": False},
    ],
)
def test_a_listing_that_is_archived_or_lapsed_is_not_sent_to(world: World, change: dict[str, Any]) -> None:
    referral = ready(world)
    Service.objects.filter(pk=world.service.pk).update(**change)
    refused_with(ListingNotOpen, world, referral)


def test_an_age_that_nobody_knows_is_asked_first(world: World) -> None:
    person = world.client(age_band="unknown")
    referral = ready(world, person)
    refused_with(ChildProtectionRequired, world, referral)
    protect(world, person, "reported")
    refused_with(ChildProtectionRequired, world, referral)
    Client.objects.filter(pk=person.pk).update(age_band="18_24")
    assert send(world, referral).status == "sent"


@pytest.mark.parametrize("age", [{"age_band": "under_18"}, {"age_band": "25_34", "birth_date": "2009-06-01"}])
def test_under_18_needs_a_report(world: World, age: dict[str, str]) -> None:
    with time_machine.travel(NOON, tick=False):
        person = world.client(**age)
        referral = ready(world, person)
        refused_with(ChildProtectionRequired, world, referral)
        protect(world, person, "reported")
        assert send(world, referral).status == "sent"


def test_a_report_for_one_person_is_none_for_another(world: World) -> None:
    first, second = world.client(age_band="under_18"), world.client(age_band="under_18")
    protect(world, first, "reported")
    refused_with(ChildProtectionRequired, world, ready(world, second))


@pytest.mark.parametrize(
    ("category", "goes"),
    [
        ("emergency-shelter", True),
        ("safe-home", True),
        ("withdrawal-medical", True),
        ("after-harm-care", True),
        ("stbbi", True),
        ("treatment-day", False),
        ("transitional-housing", False),
        ("counselling", False),
    ],
)
def test_being_reported_now_opens_shelter_and_medical_care_only(
    world: World, category: str, goes: bool
) -> None:
    listed(world, category)
    person = world.client(age_band="under_18")
    referral = ready(world, person)
    protect(world, person, "being_reported")
    if goes:
        assert send(world, referral).status == "sent"
    else:
        refused_with(ChildProtectionRequired, world, referral)


@pytest.mark.parametrize(("minutes", "goes"), [(59, True), (60, False), (24 * 60, False)])
def test_being_reported_now_holds_for_one_hour(world: World, minutes: int, goes: bool) -> None:
    listed(world, "emergency-shelter")
    with time_machine.travel(NOON, tick=False):
        person = world.client(age_band="under_18")
        referral = ready(world, person)
        protect(world, person, "being_reported")
    with time_machine.travel(NOON + minutes * MINUTE, tick=False):
        if goes:
            assert send(world, referral).status == "sent"
        else:
            refused_with(ChildProtectionRequired, world, referral)
            protect(world, person, "reported")
            assert send(world, referral).status == "sent"


def test_on_her_birthday_she_is_of_age_by_the_day_in_winnipeg(world: World) -> None:
    # Midnight in Winnipeg is six hours after midnight UTC in winter.
    eve = datetime.datetime(2026, 11, 25, 5, 59, tzinfo=datetime.UTC)
    with time_machine.travel(eve, tick=False):
        referral = ready(world, world.client(birth_date="2008-11-25", age_band=""))
        refused_with(ChildProtectionRequired, world, referral)
    with time_machine.travel(eve + MINUTE, tick=False):
        assert send(world, referral).status == "sent"


class Alone:
    """Lantern sends to a service of its own: Nadia stands on both sides."""

    def __init__(self) -> None:
        self.world = World()
        self.world.northern = self.world.lantern
        listed(self.world, "treatment-day")
        self.draft = ready(self.world)

    def nadia(self, side: Side | None) -> Actor:
        return self.world.actor(self.world.nadia).acting(side)

    def act(self, action: str, side: Side | None, **details: str) -> Referral:
        return attempt(referral_id=self.draft.pk, action=action, actor=self.nadia(side), **details)


def test_who_stands_on_both_sides_says_which(db: None) -> None:
    alone = Alone()
    for side, error in ((None, Invalid), (Side.RECEIVER, Refused)):
        with pytest.raises(error):
            alone.act("send", side)
    with pytest.raises(Invalid) as caught:
        alone.act("send", None)
    assert set(caught.value.errors) == {"as"}

    assert alone.act("send", Side.SENDER).status == "sent"
    with pytest.raises(Refused):
        alone.act("accept", Side.SENDER)
    assert alone.act("accept", Side.RECEIVER).status == "accepted"


def test_who_stands_on_both_sides_sees_the_side_they_named(db: None) -> None:
    alone = Alone()
    sent = alone.act("send", Side.SENDER)

    assert disclose(sent, alone.nadia(Side.RECEIVER)).stage == "preview"
    assert disclose(sent, alone.nadia(Side.SENDER)).stage == "own"
    assert [row.name for row in allowed_actions(sent, alone.nadia(Side.SENDER))] == ["withdraw"]
    answers = {row.name for row in allowed_actions(sent, alone.nadia(Side.RECEIVER))}
    assert answers == {"accept", "waitlist", "decline"}


def test_naming_a_side_that_one_has_not_got_opens_nothing(world: World) -> None:
    referral = world.sent()
    tom, pat = world.actor(world.tom), world.actor(world.pat)
    with pytest.raises(Refused):
        disclose(referral, tom.acting(Side.SENDER))
    with pytest.raises(Refused):
        apply_action(
            referral_id=referral.pk, action="withdraw", actor=tom.acting(Side.SENDER), reason="safety"
        )
    with pytest.raises(NotSeen):
        disclose(referral, pat.acting(Side.SENDER))
