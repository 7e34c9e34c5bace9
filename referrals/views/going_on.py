"""After the end of a referral: taken up again, or asked elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners.actor import Actor, Side
from partners.errors import Conflict
from referrals import continuing
from referrals.access import access_referral, side_of
from referrals.alternatives import alternatives
from referrals.models import Referral
from referrals.views.shared import actor_of, conflict, to_referral


def going_on(referral: Referral, actor: Actor) -> dict[str, Any]:
    """What the page of a referral offers once it has ended."""
    return {
        "may_continue": continuing.may_continue(referral, actor),
        "may_ask": continuing.may_ask(referral, actor),
        "alternatives": alternatives(referral, actor),
        "continues": referral.continues if side_of(referral, actor) is Side.SENDER else None,
    }


@require_POST
def continuation(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The sender gets the new draft to write on; the receiver asks for it."""
    actor = actor_of(request)
    try:
        if side_of(access_referral(referral_id, actor), actor) is Side.SENDER:
            draft = continuing.continue_referral(referral_id=referral_id, actor=actor)
            return HttpResponseRedirect(f"{reverse('referrals:send')}?draft={draft.pk}")
        continuing.ask_to_continue(referral_id=referral_id, actor=actor)
    except Conflict as error:
        return conflict(request, referral_id, error)
    messages.success(request, _("The sender has been asked."))
    return to_referral(referral_id, actor)
