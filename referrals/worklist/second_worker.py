"""Calls by police that a colleague has prepared: another worker checks each and sends it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from partners.actor import Actor, Side
from referrals.consent import POLICE
from referrals.querysets import live_now
from referrals.workflow import Status
from referrals.worklist.items import Item, box, detail, since
from referrals.worklist.parts import Found, Part


def to_check(actor: Actor) -> Part:
    """Drafts to police with a consent in force, neither made nor last changed by this worker."""
    drafts = box(actor, Side.SENDER).filter(
        live_now("consent__"), status=Status.DRAFT.value, receiver__kind=POLICE
    )
    rows = drafts.exclude(created_by_id=actor.user_id).exclude(written_by=actor.user_id)
    return Part(rows, ("created_at", "pk"), _check)


def _check(row: Found) -> Item:
    referral = row.referral
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
