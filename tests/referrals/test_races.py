"""Several people act at the same moment, each on a connection of their own: exactly one succeeds.

Ten rounds each, because a race that is lost once in a while is a race that is lost.
"""

from __future__ import annotations

import datetime
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from partners import audit
from partners.actor import Side
from partners.errors import DomainError
from partners.models import AuditEvent, OutboxRow
from referrals import handoffs, opened, outcomes
from referrals.actions import apply_action, attempt
from referrals.consent import Stage, is_live, live_consent, stage_of
from referrals.consent_acts import expire_consents, withdraw_consent
from referrals.handoffs import record_handoff
from referrals.models import Consent, Outcome, Referral, TimelineEvent
from tests.referrals.pages import World

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = range(10)
DONE = "done"


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Runs the acts in as many threads, let go together. Answers DONE or the error's code for each.

    Anything but a DomainError, such as a deadlock, goes through to the test.
    """
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait()
            act()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return DONE

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def events_of(referral: Referral, *kinds: str) -> int:
    return TimelineEvent.objects.filter(referral=referral, kind__in=kinds).count()


def intact() -> bool:
    return audit.verify()[1] is None


def answers(world: World, referral: Referral) -> Sequence[Callable[[], object]]:
    """Eight hands: four accept, four decline."""
    tom = world.actor(world.tom)

    def accept() -> object:
        return apply_action(referral_id=referral.pk, action="accept", actor=tom)

    def decline() -> object:
        return apply_action(referral_id=referral.pk, action="decline", actor=tom, reason="no_capacity")

    return [accept, decline] * 4


def test_of_four_that_accept_and_four_that_decline_one_succeeds(world: World) -> None:
    consent = world.consent()
    for _ in ROUNDS:
        referral = world.sent(consent_id=consent.pk)
        notices = OutboxRow.objects.count()

        results = at_once(*answers(world, referral))

        assert Counter(results) == {DONE: 1, "conflict": 7}
        winner = "accept" if results.index(DONE) % 2 == 0 else "decline"
        referral.refresh_from_db()
        assert referral.status == {"accept": "accepted", "decline": "declined"}[winner]
        assert bool(referral.accepted_at) == (winner == "accept")
        assert (events_of(referral, winner), events_of(referral, "accept", "decline")) == (1, 1)
        of_referral = AuditEvent.objects.filter(object_id=str(referral.pk))
        assert of_referral.filter(action=f"referral.{winner}").count() == 2
        assert OutboxRow.objects.count() == notices + 1
    assert intact()


def test_who_comes_second_leaves_one_refusal_each(world: World) -> None:
    referral, tom = world.sent(), world.actor(world.tom)

    def accept() -> object:
        return attempt(referral_id=referral.pk, action="accept", actor=tom)

    results = at_once(*[accept] * 8)

    assert Counter(results) == {DONE: 1, "conflict": 7}
    assert AuditEvent.objects.filter(result="refused", details__code="conflict").count() == 7
    assert intact()


def test_what_is_withdrawn_while_it_is_answered_is_never_left_shared(world: World) -> None:
    nadia = world.actor(world.nadia)
    for _ in ROUNDS:
        consent = world.consent()
        referral = world.sent(consent_id=consent.pk)

        def withdraw(consent: Consent = consent) -> object:
            return withdraw_consent(actor=nadia, consent_id=consent.pk, how="phone")

        withdrawn, *answered = at_once(withdraw, *answers(world, referral)[:2])

        assert withdrawn == DONE
        referral = Referral.objects.select_related("consent").get(pk=referral.pk)
        assert live_consent(referral) is None
        assert stage_of(referral, Side.RECEIVER) is Stage.TOMBSTONE
        assert set(answered) <= {DONE, "conflict", "consent_required"}
        ended = {"accepted": "sharing_ended", "declined": "decline", "withdrawn": "withdraw"}
        assert events_of(referral, ended[referral.status]) == 1
        assert (DONE in answered) == (referral.status in ("accepted", "declined"))
    assert intact()


def test_a_new_consent_while_the_referral_is_answered(world: World) -> None:
    """Both lock the consent before the referral, so neither waits for the other in a circle."""
    consent = world.consent()
    for _ in ROUNDS:
        referral = world.sent(consent_id=consent.pk)

        recorded, *answered = at_once(
            lambda: world.consent(field_groups=["identity"]), *answers(world, referral)
        )

        consent = Consent.objects.live().get(client=world.person)
        referral = Referral.objects.select_related("consent").get(pk=referral.pk)
        assert recorded == DONE
        assert referral.consent == consent
        assert answered.count(DONE) == 1
    assert intact()


def test_a_consent_that_is_replaced_and_withdrawn_at_once(world: World) -> None:
    nadia = world.actor(world.nadia)
    for _ in ROUNDS:
        old = world.consent()
        referral = world.sent(consent_id=old.pk)

        at_once(
            lambda: world.consent(field_groups=["identity"]),
            lambda old=old: withdraw_consent(actor=nadia, consent_id=old.pk, how="phone"),
        )

        old.refresh_from_db()
        referral = Referral.objects.select_related("consent").get(pk=referral.pk)
        assert bool(old.withdrawn_at) != bool(old.superseded_at)
        assert (referral.status == "withdrawn") == bool(old.withdrawn_at)
        assert is_live(referral.consent) == bool(old.superseded_at)


def test_of_eight_replacements_one_stays_in_force(world: World) -> None:
    world.consent()
    at_once(*[lambda: world.consent(field_groups=["identity"])] * 8)

    assert Consent.objects.live().filter(client=world.person).count() == 1


def test_an_outcome_is_confirmed_once(world: World) -> None:
    nadia, today = world.actor(world.nadia), timezone.localdate()
    for _ in ROUNDS:
        referral = world.act(world.accepted(), "close", outcome="got_help", date=today)

        def confirm(referral: Referral = referral) -> object:
            return outcomes.confirm_outcome(referral_id=referral.pk, actor=nadia)

        assert Counter(at_once(*[confirm] * 4)) == {DONE: 1, "conflict": 3}
        assert events_of(referral, "confirmed") == 1


def test_a_referral_is_closed_once_and_has_one_outcome(world: World) -> None:
    tom, today = world.actor(world.tom), timezone.localdate()
    for _ in ROUNDS:
        referral = world.accepted()

        def close(referral: Referral = referral) -> object:
            return apply_action(
                referral_id=referral.pk, action="close", actor=tom, outcome="got_help", date=today
            )

        assert Counter(at_once(*[close] * 4)) == {DONE: 1, "conflict": 3}
        assert Outcome.objects.filter(referral=referral).count() == 1


def test_a_handoff_is_recorded_once(world: World) -> None:
    nadia, tom = world.actor(world.nadia), world.actor(world.tom)
    referral = world.accepted()
    for _ in ROUNDS:
        soon = timezone.now() + datetime.timedelta(hours=1)
        planned = handoffs.plan_handoff(
            referral_id=referral.pk, actor=nadia, kind="warm", when=soon, place="The front door"
        )
        before = events_of(referral, "handoff_kept", "handoff_missed")

        results = at_once(
            lambda planned=planned: record_handoff(handoff_id=planned.id, actor=tom, result="kept"),
            lambda planned=planned: handoffs.record_handoff(
                handoff_id=planned.id, actor=nadia, result="missed"
            ),
        )

        assert sorted(results) == ["conflict", DONE]
        assert events_of(referral, "handoff_kept", "handoff_missed") == before + 1


def test_a_first_view_counts_once(world: World) -> None:
    tom = world.actor(world.tom)
    for _ in ROUNDS:
        referral = world.sent()
        at_once(*[lambda referral=referral: opened.mark_opened(referral.pk, tom)] * 4)
        assert events_of(referral, "opened") == 1


def test_two_clocks_end_a_consent_once(world: World) -> None:
    for _ in ROUNDS:
        consent = world.consent()
        shared = world.act(world.sent(consent_id=consent.pk), "accept")
        sent = world.sent(consent_id=consent.pk)
        past = timezone.now() - datetime.timedelta(seconds=1)
        Consent.objects.filter(pk=consent.pk).update(expires_at=past, given_at=past - datetime.timedelta(1))

        at_once(*[expire_consents] * 4)

        assert (events_of(sent, "expire"), events_of(shared, "sharing_ended")) == (1, 1)
        sent.refresh_from_db()
        assert (sent.status, sent.end_reason) == ("expired", "consent_expired")
    assert intact()
