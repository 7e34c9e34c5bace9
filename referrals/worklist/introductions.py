"""People who wait to be contacted: introduced by a partner, or by their own word."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from partners.actor import Actor
from referrals.boxes import promise
from referrals.introductions import introductions_of
from referrals.models import Introduction, IntroductionState
from referrals.worklist.items import Item, Section, section


def to_contact(actor: Actor) -> Section:
    """What was left for the own program and nobody has answered; a line names nobody."""
    rows = introductions_of(actor).filter(state=IntroductionState.RECEIVED)
    late = rows.filter(answer_due_on__lt=timezone.localdate()).exists()
    return section("introductions", gettext_lazy("Asks to be contacted"), rows, _contact, late=late)


def _contact(introduction: Introduction) -> Item:
    by = introduction.introduced_by
    return Item(
        url=reverse("referrals:introduction", args=[introduction.pk]),
        code=introduction.code,
        what=gettext_lazy("Introduced by") if by else gettext_lazy("Asked for contact"),
        organization=by,
        service=introduction.service,
        clock=promise(introduction.answer_due_on),
        button=gettext_lazy("Answer"),
        primary=True,
    )
