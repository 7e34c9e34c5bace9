"""Needs an answer from me: to answer, to reply to, to try elsewhere, to say what became of a plan."""

from __future__ import annotations

import datetime
from functools import cache
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy

from directory.models import TaxonomyTerm
from partners.actor import Actor, Side
from partners.roles import Capability
from referrals.boxes import clock_of, neutral_need, promise, top_categories
from referrals.models import Handoff, Referral, Urgency
from referrals.order import ANSWERED
from referrals.querysets import still_shared
from referrals.unread import latest_news, with_news
from referrals.workflow import DECLINE_REASONS, OPEN, Status
from referrals.worklist.items import Item, box, detail, open_rows, own_side, since
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
    return [*parts, _unanswered(actor), _handoffs_due(actor)]


def _sent_here(received: QuerySet[Referral]) -> Part:
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


def _place_due(received: QuerySet[Referral]) -> Part:
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


def _declined(actor: Actor) -> QuerySet[Referral]:
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


def _unanswered(actor: Actor) -> Part:
    """The other side wrote or sent a file, and nobody has replied or marked it as read.

    One whose sharing has ended takes no reply.
    """
    live = Q(
        consent__withdrawn_at__isnull=True,
        consent__superseded_at__isnull=True,
        consent__expires_at__gt=timezone.now(),
    )
    return Part(
        with_news(open_rows(actor).filter(live), actor),
        ("last_at", "pk"),
        lambda row: _to_reply(row, actor),
        {"at": "last_at"},
        {"last_at": latest_news(actor)},
    )


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


def _handoffs_due(actor: Actor) -> Part:
    """A handoff was planned, its time is over, and nobody has said whether it took place."""
    over = Handoff.objects.filter(referral=OuterRef("pk"), result="", when__lt=timezone.now())
    sides = Q(still_shared(), receiver_id=actor.organization_id)
    if actor.can(Capability.SEND):
        sides |= Q(sender_id=actor.organization_id)
    return Part(
        open_rows(actor).filter(sides, Exists(over), accepted_at__isnull=False),
        ("due_at", "pk"),
        lambda row: _to_record(row, actor),
        {"at": "due_at"},
        {"due_at": Subquery(over.order_by("when").values("when")[:1])},
    )


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
