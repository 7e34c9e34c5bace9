"""Her answer, the sender's word and a correction at the same moment: one of each, and nothing half done."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from referrals.confirmation import give_answer, issue_code
from referrals.models import ConfirmationCode, Outcome, Referral, TimelineEvent
from referrals.outcomes import confirm_outcome, correct_outcome
from tests.referrals.pages import World
from tests.referrals.test_races import DONE, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = range(5)
TODAY = timezone.localdate().isoformat()
WRONG = {"outcome": "could_not_help", "date": TODAY, "reason": "wrong_outcome"}


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


def closed(world: World) -> Referral:
    return world.act(world.accepted(world.client()), "close", outcome="got_help", date=TODAY)


def test_one_code_is_answered_once(world: World) -> None:
    nadia = world.actor(world.nadia)
    for _round in ROUNDS:
        referral = closed(world)
        code = issue_code(referral_id=referral.pk, actor=nadia).code
        told = at_once(
            lambda code=code: give_answer(code, "yes"),
            lambda code=code: give_answer(code, "no"),
            lambda referral=referral: confirm_outcome(referral_id=referral.pk, actor=nadia),
        )

        assert Counter(told)[DONE] == 1
        referral.refresh_from_db()
        used = ConfirmationCode.objects.filter(referral=referral, used_at__isnull=False)
        assert used.count() == (referral.confirmed_by == "client")
        events = TimelineEvent.objects.filter(referral=referral, kind__startswith="confirmed")
        assert events.count() == 1
        newest = Outcome.objects.get(referral=referral, superseded_at__isnull=True)
        assert newest.needs_met == (used.get().answer if used else "unknown")


def test_one_correction_of_two_succeeds_and_a_confirmation_beside_it_is_whole(world: World) -> None:
    tom, nadia = world.actor(world.tom), world.actor(world.nadia)
    for _round in ROUNDS:
        referral = closed(world)
        told = at_once(
            lambda referral=referral: correct_outcome(referral_id=referral.pk, actor=tom, **WRONG),
            lambda referral=referral: correct_outcome(referral_id=referral.pk, actor=tom, **WRONG),
            lambda referral=referral: confirm_outcome(referral_id=referral.pk, actor=nadia),
        )

        assert Counter(told[:2])[DONE] == 1
        assert told[2] == DONE
        referral.refresh_from_db()
        rows = Outcome.objects.filter(referral=referral)
        assert (rows.count(), rows.filter(superseded_at__isnull=True).count()) == (2, 1)
        assert referral.end_reason == rows.get(superseded_at__isnull=True).code
        last = TimelineEvent.objects.filter(referral=referral).last()
        assert (referral.confirmed_at is not None) == (last is not None and last.kind == "confirmed")
