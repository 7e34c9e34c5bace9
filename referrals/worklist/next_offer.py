"""What a list of partners or a partner waits for: the next one to send, a referral to take up again."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy

from partners.actor import Actor, Side
from referrals.continuing import ASKED
from referrals.models import OfferMode, Referral, TimelineEvent
from referrals.workflow import FINAL, OPEN, Status
from referrals.worklist.items import Item, box, detail, since
from referrals.worklist.parts import Found, Part

_ASKED_NOW = [status.value for status in OPEN - {Status.DRAFT}]


def next_offer(actor: Actor) -> Part:
    """The first draft of a list that has begun, while nobody in it is asked: ``turns.next_in_turn``."""
    of_need = Referral.objects.visible_to(actor).filter(need_id=OuterRef("need_id"))
    before = of_need.filter(status=Status.DRAFT.value, position__lt=OuterRef("position"))
    rows = (
        box(actor, Side.SENDER)
        .filter(status=Status.DRAFT.value, position__isnull=False, need__closed_at__isnull=True)
        .filter(Exists(of_need.filter(sent_at__isnull=False, position__isnull=False)))
        .filter(~Exists(of_need.filter(status__in=_ASKED_NOW)), ~Exists(before))
        .filter(need__offer_mode=OfferMode.IN_TURN)
    )
    return Part(rows, ("created_at", "pk"), _next)


def _next(row: Found) -> Item:
    referral = row.referral
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Next to be asked"),
        organization=referral.receiver,
        service=referral.service,
        clock=since(referral.created_at, "pencil"),
        button=gettext_lazy("Open draft"),
        primary=True,
    )


def asked_to_continue(actor: Actor) -> Part:
    """A partner would take it up again, and nothing has been made of it yet."""
    asked = TimelineEvent.objects.order_by().filter(kind=ASKED).values("referral_id")
    gone_on = Referral.objects.visible_to(actor).filter(continues=OuterRef("pk"))
    final = [status.value for status in FINAL]
    rows = box(actor, Side.SENDER).filter(~Exists(gone_on), pk__in=asked, status__in=final)
    return Part(rows, ("ended_at", "pk"), _continue)


def _continue(row: Found) -> Item:
    referral = row.referral
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Would take it up again:"),
        organization=referral.receiver,
        clock=since(referral.ended_at),
        button=gettext_lazy("See referral"),
    )
