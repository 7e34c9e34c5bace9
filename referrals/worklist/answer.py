"""Needs an answer from me: to answer, to reply to, to try elsewhere, to say whether a handoff took place."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from directory.models import TaxonomyTerm
from partners.actor import Actor, Side
from partners.roles import Capability
from referrals.boxes import URGENT_FIRST, neutral_need, promise
from referrals.models import Handoff, Referral
from referrals.unread import with_news
from referrals.workflow import DECLINE_REASONS, OPEN, Status
from referrals.worklist.items import OPEN_VALUES, Item, Section, box, detail, own_side, section, since

# How long something that was declined still asks for a next step.
RECENT = datetime.timedelta(days=30)
_TITLE = gettext_lazy("Needs an answer from me")


def needs_answer(actor: Actor, top: dict[UUID, TaxonomyTerm]) -> Section:
    """To answer, to reply to, to try elsewhere, to say whether a handoff took place."""
    parts = []
    if actor.can(Capability.ANSWER):
        received = box(actor, Side.RECEIVER).shared().filter(status=Status.SENT.value)
        parts.append(
            section(
                "", _TITLE, received.order_by(URGENT_FIRST, "sent_at", "pk"), lambda r: _to_answer(r, top)
            )
        )
    if actor.can(Capability.SEND):
        parts.append(section("", _TITLE, _declined(actor), _try_elsewhere))
    parts += [
        section("", _TITLE, _unanswered(actor), lambda r: _to_reply(r, actor)),
        section("", _TITLE, _handoffs_due(actor), lambda h: _to_record(h, actor)),
    ]
    items = [item for part in parts for item in part.items]
    return Section("answer", _TITLE, sum(part.count for part in parts), items, late=True)


def _to_answer(referral: Referral, top: dict[UUID, TaxonomyTerm]) -> Item:
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


def _declined(actor: Actor) -> QuerySet[Referral]:
    """Declined of late, and nothing else is open for that need."""
    others = Referral.objects.visible_to(actor).filter(
        need_id=OuterRef("need_id"), status__in=[status.value for status in OPEN]
    )
    declined = box(actor, Side.SENDER).filter(
        status=Status.DECLINED.value, ended_at__gte=timezone.now() - RECENT
    )
    return declined.filter(~Exists(others)).order_by(URGENT_FIRST, "ended_at", "pk")


def _try_elsewhere(referral: Referral) -> Item:
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
    seen = Referral.objects.visible_to(actor).for_list().filter(live, status__in=OPEN_VALUES)
    return with_news(seen, actor).order_by("last_at", "pk")


def _to_reply(referral: Referral, actor: Actor) -> Item:
    side, other = own_side(referral, actor)
    return Item(
        url=detail(referral, side) + "#messages",
        code=referral.code,
        client_id=referral.client_id if side is Side.SENDER else None,
        what=gettext_lazy("Message from"),
        organization=other,
        clock=since(getattr(referral, "last_at", None)),
        button=gettext_lazy("Reply"),
        primary=True,
    )


def _handoffs_due(actor: Actor) -> QuerySet[Handoff]:
    """Planned, its time is over, and nobody has said whether it took place."""
    seen = Referral.objects.visible_to(actor).filter(status__in=OPEN_VALUES)
    own = Q(referral__in=box(actor, Side.SENDER)) if actor.can(Capability.SEND) else Q(pk__in=[])
    due = Handoff.objects.filter(own | Q(referral__in=seen.shared()), referral__in=seen)
    due = due.filter(result="", when__lt=timezone.now())
    return due.select_related("referral__service", "referral__sender", "referral__receiver").order_by(
        "when", "pk"
    )


def _to_record(handoff: Handoff, actor: Actor) -> Item:
    side, other = own_side(handoff.referral, actor)
    return Item(
        url=detail(handoff.referral, side) + "#handoff",
        code=handoff.referral.code,
        client_id=handoff.referral.client_id if side is Side.SENDER else None,
        what=gettext_lazy("Did the handoff take place?"),
        organization=other,
        clock=since(handoff.when),
        button=gettext_lazy("Record it"),
    )
