"""What became of it: recorded, corrected by whoever recorded it, confirmed, and asked again."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from time_machine import travel

from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import AuditEvent, OutboxRow
from referrals.events import timeline
from referrals.models import Outcome, Referral
from referrals.outcomes import confirm_outcome, correct_outcome, may_correct, outcomes_of
from tests.referrals.pages import World, address, browser

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate().isoformat()
WRONG = {"outcome": "could_not_reach", "date": TODAY, "reason": "wrong_outcome"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def closed(world: World) -> Referral:
    return world.act(world.accepted(), "close", outcome="got_help", date=TODAY, needs_met="partly")


def test_a_correction_is_a_new_row_that_both_sides_are_told_of(world: World, closed: Referral) -> None:
    confirm_outcome(referral_id=closed.pk, actor=world.actor(world.nadia))
    told = OutboxRow.objects.filter(organization_id=world.lantern.pk).count()

    corrected = correct_outcome(referral_id=closed.pk, actor=world.actor(world.tom), **WRONG)

    rows = list(Outcome.objects.filter(referral=closed).order_by("recorded_at"))
    assert [(row.code, row.needs_met, row.reason, row.superseded_at is None) for row in rows] == [
        ("got_help", "partly", "", False),
        ("could_not_reach", "partly", "wrong_outcome", True),
    ]
    assert (corrected.end_reason, corrected.status) == ("could_not_reach", "closed")
    assert (corrected.confirmed_at, corrected.confirmed_by) == (None, "")
    assert OutboxRow.objects.filter(organization_id=world.lantern.pk).count() == told + 1
    line = timeline(corrected, world.actor(world.nadia))[-1]
    assert (line.kind, line.details["outcome"]) == ("outcome_corrected", "could_not_reach")
    assert AuditEvent.objects.filter(action="referral.outcome_corrected", object_id=closed.pk).exists()
    again = confirm_outcome(referral_id=closed.pk, actor=world.actor(world.nadia))
    assert again.confirmed_by == "sender"


@pytest.mark.parametrize(
    ("who", "given", "refusal"),
    [
        ("nadia", WRONG, Refused),
        ("paula", WRONG, Refused),
        ("pat", WRONG, NotSeen),
        ("tom", {**WRONG, "outcome": "nonsense"}, Invalid),
        ("tom", {**WRONG, "reason": "person_answered"}, Invalid),
        ("tom", {**WRONG, "reason": ""}, Invalid),
        ("tom", {**WRONG, "needs_met": "maybe"}, Invalid),
        ("tom", {**WRONG, "date": "2999-01-01"}, Invalid),
        ("tom", {**WRONG, "note": "more"}, Invalid),
        ("tom", {"outcome": "got_help", "date": TODAY, "reason": "wrong_date"}, Invalid),
    ],
)
def test_what_is_refused_changes_nothing(
    world: World, closed: Referral, who: str, given: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        correct_outcome(referral_id=closed.pk, actor=world.actor(getattr(world, who)), **given)

    assert Outcome.objects.filter(referral=closed).count() == 1
    closed.refresh_from_db()
    assert closed.end_reason == "got_help"


def test_it_can_be_corrected_for_thirty_days_and_only_once_closed(world: World, closed: Referral) -> None:
    tom = world.actor(world.tom)
    still_open = world.accepted(world.client())
    with pytest.raises(Conflict):
        correct_outcome(referral_id=still_open.pk, actor=tom, **WRONG)

    with travel(timezone.now() + datetime.timedelta(days=29), tick=False):
        assert may_correct(closed, tom)
    with travel(timezone.now() + datetime.timedelta(days=31), tick=False):
        assert not may_correct(closed, tom)
        with pytest.raises(Conflict):
            correct_outcome(referral_id=closed.pk, actor=tom, **WRONG)
    assert Outcome.objects.filter(referral=closed).count() == 1


def test_what_the_person_says_is_for_the_sender_alone(world: World, closed: Referral) -> None:
    nadia, tom = world.actor(world.nadia), world.actor(world.tom)

    confirmed = confirm_outcome(referral_id=closed.pk, actor=nadia, needs_met="no")

    assert [o.needs_met for o in outcomes_of(confirmed, nadia)] == ["no", "partly"]
    assert [(o.needs_met, o.superseded_at) for o in outcomes_of(confirmed, tom)] == [("partly", None)]
    corrected = correct_outcome(referral_id=closed.pk, actor=tom, **WRONG)
    assert outcomes_of(corrected, tom)[0].needs_met == "partly"


def test_nobody_confirms_an_outcome_that_was_replaced_meanwhile(world: World, closed: Referral) -> None:
    nadia = world.actor(world.nadia)
    read = outcomes_of(closed, nadia)[0].id
    correct_outcome(referral_id=closed.pk, actor=world.actor(world.tom), **WRONG)

    with pytest.raises(Conflict):
        confirm_outcome(referral_id=closed.pk, actor=nadia, outcome_id=read)
    with pytest.raises(Invalid):
        confirm_outcome(referral_id=closed.pk, actor=nadia, needs_met="maybe")

    closed.refresh_from_db()
    assert closed.confirmed_at is None


def test_after_the_consent_ended_the_receiver_reads_no_outcome_and_may_still_correct(
    world: World, closed: Referral
) -> None:
    closed.consent.__class__.objects.filter(pk=closed.consent_id).update(withdrawn_at=timezone.now())
    buried = Referral.objects.select_related("consent").get(pk=closed.pk)
    tom = world.actor(world.tom)

    assert outcomes_of(buried, tom) == []
    page = browser(world.tom).get(address("outcome_correct", closed.pk))
    assert page.status_code == 200
    assert b"checked" not in page.content
    correct_outcome(referral_id=closed.pk, actor=tom, **WRONG)
    assert outcomes_of(buried, world.actor(world.nadia))[0].code == "could_not_reach"


def test_the_pages_of_both_sides(world: World, closed: Referral) -> None:
    tom, nadia = browser(world.tom), browser(world.nadia, "fr")
    correct = address("outcome_correct", closed.pk)
    assert nadia.get(correct).status_code == 403
    assert browser(world.pat).get(correct).status_code == 404
    assert tom.post(correct, {**WRONG, "outcome": ""}).status_code == 400

    first = Outcome.objects.get(referral=closed).pk
    assert f'value="{first}"' in tom.get(correct).content.decode()
    assert tom.post(correct, {**WRONG, "outcome_id": str(first)}).status_code == 302
    late = {**WRONG, "outcome": "no_capacity", "outcome_id": str(first)}
    assert tom.post(correct, late).status_code == 409

    page = nadia.get(address("detail", closed.pk, language="fr")).content.decode()
    read = outcomes_of(Referral.objects.get(pk=closed.pk), world.actor(world.nadia))[0].id
    assert f'value="{read}"' in page
    stale = {"outcome_id": str(Outcome.objects.get(referral=closed, code="got_help").pk)}
    assert nadia.post(address("confirm", closed.pk), stale).status_code == 409
    sent = {"outcome_id": str(read), "needs_met": "no"}
    assert nadia.post(address("confirm", closed.pk), sent).status_code == 302
    assert Referral.objects.get(pk=closed.pk).confirmed_by == "sender"


def test_what_was_logged_is_corrected_and_confirmed_by_the_sender_alone(
    world: World, closed: Referral
) -> None:
    Referral.objects.filter(pk=closed.pk).update(kind="logged")
    nadia = world.actor(world.nadia)
    told = OutboxRow.objects.count()
    chained = AuditEvent.objects.filter(chain=str(world.northern.pk)).count()
    with pytest.raises((Refused, NotSeen)):
        correct_outcome(referral_id=closed.pk, actor=world.actor(world.tom), **WRONG)

    correct_outcome(referral_id=closed.pk, actor=nadia, **WRONG)
    confirm_outcome(referral_id=closed.pk, actor=nadia, needs_met="no")

    assert OutboxRow.objects.count() == told  # a body outside the network is told nothing
    assert AuditEvent.objects.filter(chain=str(world.northern.pk)).count() == chained
