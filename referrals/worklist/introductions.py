"""People who wait to be contacted: introduced by a partner, or by their own word."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy

from partners.actor import Actor
from referrals.boxes import promise
from referrals.models import Introduction, IntroductionState
from referrals.worklist.items import Item
from referrals.worklist.parts import Found, Part


def to_contact(actor: Actor) -> Part:
    """What was left for the own program and nobody has answered; a line names nobody."""
    rows = Introduction.objects.visible_to(actor).filter(state=IntroductionState.RECEIVED)
    columns = {"organization": "introduced_by_id", "on": "answer_due_on", "code": "code"}
    return Part(rows, ("answer_due_on", "created_at", "pk"), _contact, columns)


def _contact(row: Found) -> Item:
    by = row.organization
    return Item(
        url=reverse("referrals:introduction", args=[row.id]),
        code=row.code or "",
        what=gettext_lazy("Introduced by") if by else gettext_lazy("Asked for contact"),
        organization=by,
        clock=promise(row.on) if row.on else None,
        button=gettext_lazy("Answer"),
        primary=True,
    )
