"""Needs an answer from me: to answer, to reply to, to try elsewhere, to say what became of a plan."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy

from partners.actor import Actor, Side
from partners.roles import Capability
from referrals.boxes import URGENT_FIRST, clock_of, neutral_need, promise, top_of
from referrals.models import Handoff, Referral
from referrals.unread import with_news
from referrals.workflow import DECLINE_REASONS, OPEN, Status
from referrals.worklist.items import OPEN_VALUES, Item, box, detail, own_side, since
from referrals.worklist.parts import Found, Part

# How long something that was declined still asks for a next step.
RECENT = datetime.timedelta(days=30)


def needs_answer(actor: Actor) -> list[Part]:
    parts = []
    if actor.can(Capability.ANSWER):
        received = box(actor, Side.RECEIVER).shared()
        to_answer = received.filter(status=Status.SENT.value)
        parts += [Part(to_answer, (URGENT_FIRST, "sent_at", "pk"), _to_answer), _place_due(received)]
    if actor.can(Capability.SEND):
        parts.append(Part(_declined(actor), (URGENT_FIRST, "ended_at", "pk"), _try_elsewhere))
    return [
        *parts,
        Part(_unanswered(actor), ("last_at", "pk"), lambda row: _to_reply(row, actor), {"at": "last_at"}),
        Part(_handoffs_due(actor), ("due_at", "pk"), lambda row: _to_record(row, actor), {"at": "due_at"}),
    ]


def _to_answer(row: Found) -> Item:
    referral = row.referral
    category = referral.need.category
    return Item(
        url=detail(referral, Side.RECEIVER),
        code=referral.code,
        what=gettext_lazy("Received from"),
        organization=referral.sender,
        need=neutral_need(referral, {category.pk: top_of(category)}),
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


def _unanswered(actor: Actor) -> QuerySet[Referral]:
    """The other side wrote or sent a file, and nobody has replied or marked it as read.

    One whose sharing has ended takes no reply.
    """
    live = Q(
        consent__withdrawn_at__isnull=True,
        consent__superseded_at__isnull=True,
        consent__expires_at__gt=timezone.now(),
    )
    seen = Referral.objects.visible_to(actor).filter(live, status__in=OPEN_VALUES)
    return with_news(seen, actor)


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


def _handoffs_due(actor: Actor) -> QuerySet[Referral]:
    """A handoff was planned, its time is over, and nobody has said whether it took place."""
    over = Handoff.objects.filter(referral=OuterRef("pk"), result="", when__lt=timezone.now())
    sides = Q(pk__in=box(actor, Side.RECEIVER).shared().filter(status__in=OPEN_VALUES).values("pk"))
    if actor.can(Capability.SEND):
        sides |= Q(sender_id=actor.organization_id)
    seen = Referral.objects.visible_to(actor).filter(
        sides, Exists(over), status__in=OPEN_VALUES, accepted_at__isnull=False
    )
    return seen.annotate(due_at=Subquery(over.order_by("when").values("when")[:1]))


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
