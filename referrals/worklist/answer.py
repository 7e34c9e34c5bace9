"""Needs an answer from me: to answer, to reply to, to try elsewhere, to say what became of a plan."""

from __future__ import annotations

import datetime
from functools import cache
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy

from directory.models import TaxonomyTerm
from partners.actor import Actor, Side
from partners.roles import Capability
from referrals.boxes import clock_of, neutral_need, promise, top_categories
from referrals.models import Referral, Urgency
from referrals.order import ANSWERED, ENDED
from referrals.querysets import ReferralQuerySet, live_now
from referrals.workflow import DECLINE_REASONS, OPEN, Status
from referrals.worklist.items import OPEN_VALUES, Item, box, detail, own_side, since
from referrals.worklist.parts import Found, Part

# How long something that was declined still asks for a next step.
RECENT = datetime.timedelta(days=30)
# Of those that have ended, whose place in a box says nothing of it.
URGENT_FIRST = Case(
    When(need__urgency=Urgency.URGENT, then=Value(0)),
    When(need__urgency=Urgency.SOON, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def needs_answer(actor: Actor) -> list[Part]:
    parts = []
    if actor.can(Capability.ANSWER):
        received = box(actor, Side.RECEIVER).shared()
        parts += [_sent_here(received), _place_due(received)]
    if actor.can(Capability.SEND):
        parts.append(Part(_declined(actor), (URGENT_FIRST, "ended_at", "pk"), _try_elsewhere))
    return [*parts, *_unanswered(actor), *_handoffs_due(actor)]


def _sent_here(received: ReferralQuerySet) -> Part:
    """What waits for an answer stands first in the box, by urgency."""
    top = cache(top_categories)
    rows = received.filter(box_order__lt=ANSWERED)
    return Part(rows, ("box_order", "sent_at", "pk"), lambda row: _to_answer(row, top()))


def _to_answer(row: Found, top: dict[UUID, TaxonomyTerm]) -> Item:
    referral = row.referral
    return Item(
        url=detail(referral, Side.RECEIVER),
        code=referral.code,
        what=gettext_lazy("Received from"),
        organization=referral.sender,
        need=neutral_need(referral, top),
        clock=promise(referral.answer_due_on) if referral.answer_due_on else None,
        button=gettext_lazy("Answer"),
        primary=True,
    )


def _place_due(received: ReferralQuerySet) -> Part:
    """Put on the waitlist without acceptance, and the day on which a place was expected is over."""
    due = received.filter(
        status=Status.WAITLISTED.value, accepted_at__isnull=True, expected_on__lt=timezone.localdate()
    )
    return Part(due, ("expected_on", "pk"), _is_there_a_place)


def _is_there_a_place(row: Found) -> Item:
    referral = row.referral
    return Item(
        url=detail(referral, Side.RECEIVER),
        code=referral.code,
        what=gettext_lazy("Is there a place now? From"),
        organization=referral.sender,
        clock=clock_of(referral),
        button=gettext_lazy("Answer"),
        primary=True,
    )


def _declined(actor: Actor) -> ReferralQuerySet:
    """Declined of late, and nothing else is open for that need."""
    others = Referral.objects.visible_to(actor).filter(
        need_id=OuterRef("need_id"), status__in=[status.value for status in OPEN]
    )
    declined = box(actor, Side.SENDER).filter(
        status=Status.DECLINED.value, ended_at__gte=timezone.now() - RECENT
    )
    return declined.filter(~Exists(others))


def _try_elsewhere(row: Found) -> Item:
    referral = row.referral
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Declined by"),
        organization=referral.receiver,
        need=str(DECLINE_REASONS.get(referral.end_reason, "")),
        clock=since(referral.ended_at),
        button=gettext_lazy("See why"),
        primary=True,
    )


def _unanswered(actor: Actor) -> list[Part]:
    """The other side wrote or sent a file, and nobody has replied or marked it as read.

    One whose sharing has ended takes no reply. Two parts, for each side has an index of its own.
    """
    return [
        Part(
            rows.filter(live_now("consent__"), **{f"{side}_news_at__isnull": False}),
            (f"{side}_news_at", "pk"),
            lambda row: _to_reply(row, actor),
            {"at": f"{side}_news_at"},
        )
        for side, rows in _under_way(actor).items()
    ]


def _under_way(actor: Actor) -> dict[Side, ReferralQuerySet]:
    """By the own side; what the house has sent to itself stands once, with the sender."""
    sides = {}
    if actor.can(Capability.SEND):
        sides[Side.SENDER] = box(actor, Side.SENDER)
    if actor.can(Capability.ANSWER):
        received = box(actor, Side.RECEIVER)
        sides[Side.RECEIVER] = received.exclude(sender_id=actor.organization_id) if sides else received
    return {side: rows.filter(status__in=OPEN_VALUES, box_order__lt=ENDED) for side, rows in sides.items()}


def _to_reply(row: Found, actor: Actor) -> Item:
    referral = row.referral
    side, other = own_side(referral, actor)
    return Item(
        url=detail(referral, side) + "#messages",
        code=referral.code,
        client_id=referral.client_id if side is Side.SENDER else None,
        what=gettext_lazy("Message from"),
        organization=other,
        clock=since(row.at),
        button=gettext_lazy("Reply"),
        primary=True,
    )


def _handoffs_due(actor: Actor) -> list[Part]:
    """A handoff was planned, its time is over, and nobody has said whether it took place."""
    over = {"handoff_due_at__lt": timezone.now(), "accepted_at__isnull": False}
    return [
        Part(
            (rows.shared() if side is Side.RECEIVER else rows).filter(**over),
            ("handoff_due_at", "pk"),
            lambda row: _to_record(row, actor),
            {"at": "handoff_due_at"},
        )
        for side, rows in _under_way(actor).items()
    ]


def _to_record(row: Found, actor: Actor) -> Item:
    referral = row.referral
    side, other = own_side(referral, actor)
    return Item(
        url=detail(referral, side) + "#handoff",
        code=referral.code,
        client_id=referral.client_id if side is Side.SENDER else None,
        what=gettext_lazy("Did the handoff take place?"),
        organization=other,
        clock=since(row.at),
        button=gettext_lazy("Record it"),
    )
