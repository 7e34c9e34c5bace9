"""How a consent is recorded, replaced, withdrawn and runs out, and what that does in every state."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from partners.actor import Side
from partners.errors import Conflict, ConsentRequired, Invalid, NotSeen, Refused
from partners.models import AuditEvent, OutboxRow
from referrals import handoffs, messages
from referrals.actions import apply_action
from referrals.consent import disclose, is_live, stage_of
from referrals.consent_acts import expire_consents, record_consent, withdraw_consent
from referrals.consent_texts import CURRENT_VERSION
from referrals.models import Consent, Referral, TimelineEvent
from tests.referrals.pages import World, member

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
# State, whether it was ever accepted, and where it stands once the consent has ended:
# by her own word, and by the clock.
ENDINGS = [
    ("draft", False, "draft", "draft"),
    ("sent", False, "withdrawn", "expired"),
    ("waitlisted", False, "withdrawn", "expired"),
    ("waitlisted", True, "waitlisted", "waitlisted"),
    ("accepted", True, "accepted", "accepted"),
    ("in_service", True, "in_service", "in_service"),
    ("closed", True, "closed", "closed"),
    ("declined", False, "declined", "declined"),
    ("withdrawn", True, "withdrawn", "withdrawn"),
    ("expired", False, "expired", "expired"),
    ("entered_in_error", True, "entered_in_error", "entered_in_error"),
]
SHARED = {"accepted", "in_service", "waitlisted", "closed"}


@pytest.fixture
def world(db: None) -> World:
    return World()


def put(world: World, consent: Consent, status: str, accepted: bool) -> Referral:
    referral = world.draft(consent_id=consent.pk)
    now = timezone.now()
    Referral.objects.filter(pk=referral.pk).update(
        status=status,
        sent_at=None if status == "draft" else now,
        accepted_at=now if accepted else None,
    )
    return referral


def fresh(referral: Referral) -> Referral:
    return Referral.objects.select_related("consent").get(pk=referral.pk)


def withdraw(world: World, consent: Consent, how: str = "phone") -> Consent:
    return withdraw_consent(actor=world.actor(world.nadia), consent_id=consent.pk, how=how)


def run_out(consent: Consent) -> None:
    Consent.objects.filter(pk=consent.pk).update(given_at=timezone.now() - 9 * DAY, expires_at=timezone.now())


def ended(referral: Referral) -> int:
    return TimelineEvent.objects.filter(
        referral=referral, kind__in=["withdraw", "expire", "sharing_ended"]
    ).count()


@pytest.mark.parametrize(("status", "accepted", "withdrawn", "_expired"), ENDINGS)
def test_a_withdrawal_works_in_every_state(
    world: World, status: str, accepted: bool, withdrawn: str, _expired: str
) -> None:
    consent = world.consent()
    referral = put(world, consent, status, accepted)

    ended_consent = withdraw(world, consent)

    referral = fresh(referral)
    assert (ended_consent.withdrawn_how, is_live(ended_consent)) == ("phone", False)
    assert referral.status == withdrawn
    reached = withdrawn != status or (status in SHARED and accepted)
    assert ended(referral) == reached
    if withdrawn != status:
        assert referral.end_reason == "consent_withdrawn"
    assert stage_of(referral, Side.RECEIVER) == "tombstone"
    assert AuditEvent.objects.filter(action="consent.withdraw", details__how="phone").count() == 1
    told = OutboxRow.objects.filter(object_id=referral.pk, organization=world.northern)
    assert told.count() == reached
    with pytest.raises(Conflict):
        withdraw(world, consent)


@pytest.mark.parametrize(("status", "accepted", "_withdrawn", "expired"), ENDINGS)
def test_a_consent_that_runs_out_does_the_same(
    world: World, status: str, accepted: bool, _withdrawn: str, expired: str
) -> None:
    consent = world.consent()
    referral = put(world, consent, status, accepted)
    run_out(consent)

    reached = expired != status or (status in SHARED and accepted)
    assert expire_consents() == reached
    assert expire_consents() == 0

    referral = fresh(referral)
    assert (referral.status, ended(referral)) == (expired, reached)
    if expired != status:
        assert referral.end_reason == "consent_expired"
    assert stage_of(referral, Side.RECEIVER) == "tombstone"


def test_after_a_withdrawal_the_receiver_can_only_close_and_write_nothing(world: World) -> None:
    consent = world.consent()
    referral = world.act(world.sent(consent_id=consent.pk), "accept")
    withdraw(world, consent)
    tom, today = world.actor(world.tom), timezone.localdate()

    for action, details in (("start_service", {"date": today}), ("waitlist", {"expected_date": "unknown"})):
        with pytest.raises(Conflict):
            apply_action(referral_id=referral.pk, action=action, actor=tom, **details)
    with pytest.raises(Conflict):
        messages.send_message(referral_id=referral.pk, actor=tom, text="Hello")
    with pytest.raises(Conflict):
        handoffs.plan_handoff(referral_id=referral.pk, actor=tom, kind="warm", when=timezone.now())
    with pytest.raises(Invalid):
        world.act(referral, "close", outcome="got_help", date=today, note="She said")
    assert world.act(referral, "close", outcome="got_help", date=today).status == "closed"
    assert disclose(fresh(referral), tom).chosen_name is None


@pytest.mark.parametrize("how", ["in_person", "phone", "written", "electronic"])
def test_the_way_she_told_it_is_kept(world: World, how: str) -> None:
    assert withdraw(world, world.consent(), how).withdrawn_how == how


def test_the_way_she_told_it_is_asked(world: World) -> None:
    consent = world.consent()
    with pytest.raises(Invalid) as error:
        withdraw(world, consent, "by pigeon")
    assert set(error.value.errors) == {"how"}
    assert is_live(Consent.objects.get(pk=consent.pk))


def test_only_the_own_workers_record_and_end_a_consent(world: World) -> None:
    consent = world.consent()
    intake = member("Intake", world.lantern, "receiver_intake")
    for user, error in ((world.tom, NotSeen), (world.pat, NotSeen), (world.eva, Refused), (intake, Refused)):
        with pytest.raises(error):
            withdraw_consent(actor=world.actor(user), consent_id=consent.pk, how="phone")
        with pytest.raises(error):
            record_consent(actor=world.actor(user), client_id=world.person.pk, recipient_id=world.northern.pk)
    assert is_live(Consent.objects.get(pk=consent.pk))


@pytest.mark.parametrize(("status", "accepted", "_withdrawn", "_expired"), ENDINGS)
def test_a_new_consent_replaces_the_old_one_in_every_state(
    world: World, status: str, accepted: bool, _withdrawn: str, _expired: str
) -> None:
    old = world.consent()
    referral = put(world, old, status, accepted)

    new = world.consent(field_groups=["identity"])

    old.refresh_from_db()
    referral = fresh(referral)
    assert (bool(old.superseded_at), is_live(old), is_live(new)) == (True, False, True)
    assert old.field_groups == sorted(["identity", "contact", "situation", "health"])
    assert (referral.consent, referral.status, ended(referral)) == (new, status, 0)
    with pytest.raises(Conflict):
        withdraw(world, old)


def test_less_consent_shows_less_at_once(world: World) -> None:
    referral = world.accepted()
    tom = world.actor(world.tom)
    assert disclose(fresh(referral), tom).health == "Planted health"

    world.consent(field_groups=["identity"])

    view = disclose(fresh(referral), tom)
    assert (view.health, view.withheld["health"]) == (None, "not_consented")


def test_a_consent_from_a_clock_that_runs_ahead_counts_at_once(world: World) -> None:
    """Else the wider one that it replaces would stay in force beside it."""
    old = world.consent()
    new = world.consent(field_groups=["identity"], given_at=timezone.now() + 3 * MINUTE)

    old.refresh_from_db()
    assert (is_live(old), is_live(new)) == (False, True)


def test_a_new_consent_does_not_reopen_what_an_ended_one_closed(world: World) -> None:
    consent = world.consent()
    referral = world.act(world.sent(consent_id=consent.pk), "accept")
    withdraw(world, consent)

    world.consent()

    assert stage_of(fresh(referral), Side.RECEIVER) == "tombstone"


def test_drafts_wait_for_a_consent_and_get_the_new_one(world: World) -> None:
    bare, consent = world.draft(), world.consent()
    assert fresh(bare).consent == consent
    withdraw(world, consent)
    with pytest.raises(ConsentRequired):
        apply_action(referral_id=bare.pk, action="send", actor=world.actor(world.nadia))

    again = world.consent()

    assert fresh(bare).consent == again
    assert apply_action(referral_id=bare.pk, action="send", actor=world.actor(world.nadia)).status == "sent"


def test_a_refusal_is_recorded_and_grants_and_ends_nothing(world: World) -> None:
    standing, draft = world.consent(), world.draft()
    refusal = world.consent(refused=True)

    assert (refusal.refused, refusal.field_groups, is_live(refusal)) == (True, [], False)
    assert is_live(Consent.objects.get(pk=standing.pk))
    assert fresh(draft).consent == standing
    assert AuditEvent.objects.filter(action="consent.refuse", object_id=str(refusal.pk)).count() == 1
    withdraw(world, standing)
    world.consent(refused=True)
    with pytest.raises(ConsentRequired):
        apply_action(referral_id=draft.pk, action="send", actor=world.actor(world.nadia))


def at(days: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"expires_at": lambda: at(366)}, {"expires_at"}),
        ({"expires_at": lambda: at(-1)}, {"expires_at"}),
        ({"given_at": lambda: at(1)}, {"given_at"}),
        ({"given_at": lambda: at(-400), "expires_at": lambda: at(-1)}, {"expires_at"}),
        ({"given_at": lambda: at(-300), "expires_at": lambda: at(66)}, {"expires_at"}),
        ({"how": "spoken"}, {"witness"}),
        ({"how": "spoken", "witness": " "}, {"witness"}),
        ({"witness": "\x00"}, {"witness"}),
        ({"witness": "w" * 201}, {"witness"}),
        ({"how": "by nod"}, {"how"}),
        ({"field_groups": []}, {"field_groups"}),
        ({"field_groups": ["identity", "everything"]}, {"field_groups"}),
        ({"field_groups": "identity"}, {"field_groups"}),
        ({"language": "xx"}, {"language"}),
        ({"purpose": "research"}, {"purpose"}),
        ({"given_by": "a neighbour"}, {"given_by"}),
        ({"text_version": "1900-1"}, {"text_version"}),
        ({"colour": "red"}, {"colour"}),
        ({"recipient_id": uuid4()}, {"recipient"}),
    ],
)
def test_the_limits_of_a_consent(world: World, given: dict[str, Any], fields: set[str]) -> None:
    terms = {name: value() if callable(value) else value for name, value in given.items()}
    right = {
        "field_groups": ["identity"],
        "how": "written",
        "language": "en",
        "text_version": CURRENT_VERSION,
    }
    with pytest.raises(Invalid) as error:
        record_consent(
            actor=world.actor(world.nadia),
            client_id=world.person.pk,
            **{"recipient_id": world.northern.pk, "text_version": CURRENT_VERSION, **right, **terms},
        )
    assert set(error.value.errors) == fields
    assert not Consent.objects.exists()


def test_a_consent_lasts_ninety_days_unless_told_and_a_year_at_most(world: World) -> None:
    moment = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
    with time_machine.travel(moment, tick=False):
        usual = world.consent()
        longest = world.consent(expires_at=moment + 365 * DAY, how="spoken", witness="Paula")
    assert (usual.expires_at, longest.expires_at) == (moment + 90 * DAY, moment + 365 * DAY)
    for when, live in ((moment, True), (moment + 365 * DAY, False), (moment + 365 * DAY - MINUTE, True)):
        with time_machine.travel(when, tick=False):
            assert is_live(longest) is live
            assert Consent.objects.live().filter(pk=longest.pk).exists() is live
