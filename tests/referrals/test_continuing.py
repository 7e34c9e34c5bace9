"""Taking up what has ended: who may, from which states, with which consent, and what the other side sees."""

from __future__ import annotations

import pytest

from partners.errors import Conflict, NotSeen, Refused
from partners.models import AuditEvent, OutboxRow
from referrals.consent_acts import withdraw_consent
from referrals.continuing import ask_to_continue, continue_referral, may_ask, may_continue
from referrals.events import timeline
from referrals.models import Referral
from referrals.workflow import FINAL, Status
from referrals.worklist.next_offer import asked_to_continue
from tests.referrals.offering import Offering
from tests.referrals.test_matrix import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Offering:
    return Offering()


@pytest.mark.parametrize("status", [status.value for status in Status])
def test_only_what_has_ended_goes_on(world: Offering, status: str) -> None:
    sent, nadia, tom = world.sent(), world.actor(world.nadia), world.actor(world.tom)
    Referral.objects.filter(pk=sent.pk).update(status=status)
    sent = world.again([sent])[0]
    final = Status(status) in FINAL

    assert may_continue(sent, nadia) == final
    # Of its own ends a receiver knows; of every other it is told nothing, so it can't ask either.
    assert may_ask(sent, tom) == (status in ("declined", "closed"))
    if final:
        draft = continue_referral(referral_id=sent.pk, actor=nadia)
        assert (draft.status, draft.continues_id, draft.consent_id) == ("draft", sent.pk, None)
        assert (draft.need_id, draft.service_id) == (sent.need_id, sent.service_id)
        assert draft.code != sent.code
    with pytest.raises(Conflict):
        continue_referral(referral_id=sent.pk, actor=nadia)
    if status not in ("declined", "closed"):
        with pytest.raises(Conflict):
            ask_to_continue(referral_id=sent.pk, actor=tom)


def test_the_receiver_asks_once_and_the_sender_is_told(world: Offering) -> None:
    closed = world.act(world.accepted(), "close", outcome="could_not_reach", **TODAY)
    nadia, tom = world.actor(world.nadia), world.actor(world.tom)
    assert not asked_to_continue(nadia).rows

    ask_to_continue(referral_id=closed.pk, actor=tom)

    with pytest.raises(Conflict):
        ask_to_continue(referral_id=closed.pk, actor=tom)
    notice = OutboxRow.objects.get(kind="continue_asked")
    assert notice.organization_id == world.lantern.pk
    assert AuditEvent.objects.filter(action="referral.continue_asked").count() == 2
    assert [row.code for row in asked_to_continue(nadia).rows] == [closed.code]
    draft = continue_referral(referral_id=closed.pk, actor=nadia)
    assert not asked_to_continue(nadia).rows
    # The receiver sees neither the draft nor that there is one.
    with pytest.raises(NotSeen):
        ask_to_continue(referral_id=draft.pk, actor=tom)
    assert [line.kind for line in timeline(closed, tom)][-1] == "continue_asked"


def test_what_the_receiver_does_not_know_it_cannot_find_out_by_asking(world: Offering) -> None:
    withdrawn = world.act(world.accepted(), "withdraw", world.nadia, reason="safety")
    buried = world.accepted()
    withdraw_consent(actor=world.actor(world.nadia), consent_id=buried.consent_id, how="phone")
    tom = world.actor(world.tom)
    said = set()
    for referral in (withdrawn, buried):
        with pytest.raises(Conflict) as refused:
            ask_to_continue(referral_id=referral.pk, actor=tom)
        said.add((str(refused.value), refused.value.extra["current_status"]))
    assert said == {("No longer shared. Contact the sender.", "")}


def test_nobody_else_takes_it_up(world: Offering) -> None:
    declined = world.act(world.sent(), "decline", reason="no_capacity")
    with pytest.raises(Refused):
        ask_to_continue(referral_id=declined.pk, actor=world.actor(world.nadia))
    with pytest.raises(Refused):
        continue_referral(referral_id=declined.pk, actor=world.actor(world.tom))
    for stranger in (world.pat, world.eva):
        for act in (ask_to_continue, continue_referral):
            with pytest.raises(NotSeen):
                act(referral_id=declined.pk, actor=world.actor(stranger))
    assert Referral.objects.count() == 1
