"""Calls by police that a colleague has prepared: another worker checks each and sends it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from partners.actor import Actor, Side
from referrals.consent import POLICE
from referrals.models import Referral
from referrals.querysets import live_now
from referrals.workflow import Status
from referrals.worklist.items import Item, Section, box, detail, section, since


def to_check(actor: Actor) -> Section:
    """Drafts to police with a consent in force, neither made nor last changed by this worker."""
    drafts = box(actor, Side.SENDER).filter(
        live_now("consent__"), status=Status.DRAFT.value, receiver__kind=POLICE
    )
    rows = drafts.exclude(created_by_id=actor.user_id).exclude(written_by=actor.user_id)
    title = gettext_lazy("A colleague asks you to check")
    return section("second_worker", title, rows.order_by("created_at", "pk"), _check, late=True)


def _check(referral: Referral) -> Item:
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Asks to call"),
        organization=referral.receiver,
        clock=since(referral.created_at, "pencil"),
        button=gettext_lazy("Check and send"),
        primary=True,
    )
