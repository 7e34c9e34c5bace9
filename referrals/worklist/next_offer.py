"""What a list of partners or a partner waits for: the next one to send, a referral to take up again."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from partners.actor import Actor, Side
from referrals.continuing import ASKED
from referrals.models import OfferMode, Referral, TimelineEvent
from referrals.workflow import FINAL, OPEN, Status
from referrals.worklist.items import Item, Section, box, detail, section, since

_ASKED_NOW = [status.value for status in OPEN - {Status.DRAFT}]


def next_offer(actor: Actor) -> Section:
    """The first draft of a list that has begun, while nobody in it is asked: ``turns.next_in_turn``."""
    of_need = Referral.objects.visible_to(actor).filter(need_id=OuterRef("need_id"))
    before = of_need.filter(status=Status.DRAFT.value, position__lt=OuterRef("position"))
    rows = (
        box(actor, Side.SENDER)
        .filter(status=Status.DRAFT.value, position__isnull=False, need__closed_at__isnull=True)
        .filter(Exists(of_need.filter(sent_at__isnull=False, position__isnull=False)))
        .filter(~Exists(of_need.filter(status__in=_ASKED_NOW)), ~Exists(before))
        .filter(need__offer_mode=OfferMode.IN_TURN)
        .order_by("created_at", "pk")
    )
    return section("next", gettext_lazy("Next in the list needs you"), rows, _next, late=True)


def _next(referral: Referral) -> Item:
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


def asked_to_continue(actor: Actor) -> Section:
    """A partner would take it up again, and nothing has been made of it yet."""
    asked = TimelineEvent.objects.filter(referral=OuterRef("pk"), kind=ASKED)
    gone_on = Referral.objects.visible_to(actor).filter(continues=OuterRef("pk"))
    rows: QuerySet[Referral] = (
        box(actor, Side.SENDER)
        .filter(Exists(asked), ~Exists(gone_on), status__in=[status.value for status in FINAL])
        .order_by(F("ended_at").asc(), "pk")
    )
    return section("continue", gettext_lazy("Asked to take it up again"), rows, _continue)


def _continue(referral: Referral) -> Item:
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Would take it up again:"),
        organization=referral.receiver,
        clock=since(referral.ended_at),
        button=gettext_lazy("See referral"),
    )
