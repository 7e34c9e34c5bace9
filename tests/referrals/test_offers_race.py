"""Several partners answer at the same moment, each on a connection of its own: one wins.

On PostgreSQL fifty rounds; SQLite has one writer at a time, so that a few say as much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from partners.actor import SYSTEM, Side
from partners.models import AuditEvent, OutboxRow
from referrals.actions import apply_action
from referrals.boxes import box_page
from referrals.consent_acts import withdraw_consent
from referrals.events import timeline
from referrals.messages import messages_of
from referrals.models import Referral
from referrals.offers import offer_need, send_offers
from tests.referrals.offering import Offering
from tests.referrals.test_races import DONE, at_once, events_of, intact

LOOKED_AT = 5
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None) -> Offering:
    made = Offering()
    made.agree(*made.partners)
    return made


def rounds() -> range:
    return range(50 if connection.vendor == "postgresql" else 5)


def offered(world: Offering, mode: str, *, by_hand: bool = True) -> list[Referral]:
    """Three referrals of one need; put into their state directly where nobody looks at their history."""
    nadia = world.actor(world.nadia)
    need = world.need()
    drafts = offer_need(
        actor=nadia, need_id=need.pk, services=[service.pk for service in world.services], mode=mode
    )
    if by_hand:
        send_offers(actor=nadia, need_id=need.pk)
    else:
        Referral.objects.filter(need=need).update(status="sent", sent_at=timezone.now())
    return drafts


def act(
    world: Offering, referral: Referral, number: int, action: str, **details: str
) -> Callable[[], object]:
    actor = world.actor(world.answers[number])
    return lambda: apply_action(referral_id=referral.pk, action=action, actor=actor, **details)


def test_of_three_who_accept_one_wins_and_the_others_see_nothing(world: Offering) -> None:
    for number in rounds():
        sent = offered(world, "at_once", by_hand=number < LOOKED_AT)

        results = at_once(*[act(world, referral, index, "accept") for index, referral in enumerate(sent)])

        assert Counter(results) == {DONE: 1, "conflict": 2}, number
        winner = results.index(DONE)
        for index, referral in enumerate(world.again(sent)):
            assert referral.status == ("accepted" if index == winner else "withdrawn")
            assert events_of(referral, "accept", "withdraw") == 1
            if index != winner and number < LOOKED_AT:
                leaves_no_trace(world, referral, index, sent[winner])
    assert intact()


def leaves_no_trace(world: Offering, loser: Referral, index: int, winner: Referral) -> None:
    """Code and dates, on every way that leads to it; nothing of who won, or that anybody did."""
    actor = world.actor(world.answers[index])
    assert [line.kind for line in timeline(loser, actor)] == ["send", "sharing_ended"]
    assert messages_of(loser, actor) == []
    (row,) = [row for row in box_page(actor, Side.RECEIVER).object_list if row.id == loser.pk]
    assert (row.status, row.need, row.service) == ("", "", None)
    notices = OutboxRow.objects.filter(organization_id=actor.organization_id)
    assert set(notices.filter(object_id=loser.pk).values_list("kind", flat=True)) == {"send", "sharing_ended"}
    log = AuditEvent.objects.filter(chain=actor.organization_id)
    assert not log.filter(object_id=str(winner.pk)).exists()
    of_loser = log.filter(object_id=str(loser.pk), result="done").values_list("action", flat=True)
    assert set(of_loser) == {"referral.send", "referral.sharing_ended"}


def test_the_loser_reads_a_tombstone_on_the_page_and_through_the_api(world: Offering) -> None:
    sent = offered(world, "at_once")
    apply_action(referral_id=sent[0].pk, action="accept", actor=world.actor(world.tom))
    browser = Browser()
    browser.force_login(world.answers[1])

    page = browser.get(reverse("referrals:detail", args=[sent[1].pk]))
    body = browser.get(f"/api/v1/referrals/{sent[1].pk}/").json()
    foreign = browser.get(reverse("referrals:detail", args=[sent[0].pk]))

    text = page.content.decode()
    assert "No longer shared. Contact the sender." in text
    assert not [word for word in (sent[0].code, str(world.northern), "another partner") if word in text]
    assert foreign.status_code == 404
    assert body.get("status") is None


def test_answers_withdrawals_and_clocks_at_once_never_wait_in_a_circle(world: Offering) -> None:
    """A no, a withdrawn consent, a deadline and an acceptance reach for the same list."""
    nadia = world.actor(world.nadia)
    for number in range(max(len(rounds()) // 5, 2)):
        first, second, third = offered(world, "in_turn")

        def expire(first: Referral = first) -> object:
            return apply_action(referral_id=first.pk, action="expire", actor=SYSTEM, reason="deadline")

        results = at_once(
            act(world, first, 0, "decline", reason="no_capacity"),
            act(world, first, 0, "accept"),
            expire,
            lambda second=second: withdraw_consent(actor=nadia, consent_id=second.consent_id, how="phone"),
        )

        states = world.states([first, second, third])
        assert results[3] == DONE
        assert results[:3].count(DONE) == 1, number
        assert states[0] in ("declined", "accepted", "expired")
        # Never sent on a consent that has ended, and the third is never asked before the second.
        assert states[1] in ("draft", "withdrawn")
        assert states[2] == ("withdrawn" if states[0] == "accepted" else "draft")
        world.agree(world.partners[1])
    assert intact()
