"""What happens to a referral beside its status: handoff, message, confirmation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen
from referrals import handoffs, outcomes
from referrals.access import access_referral
from referrals.forms.acts import MessageForm
from referrals.forms.base import PlainForm
from referrals.forms.outcomes import ConfirmForm
from referrals.forms.reaching import HandoffForm, HandoffResultForm
from referrals.messages import send_message
from referrals.views.referral import show
from referrals.views.shared import actor_of, conflict, to_referral


@require_POST
def handoff_new(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    form = HandoffForm(request.POST, auto_id="handoff-%s")
    return step(request, referral_id, "handoff", form, handoffs.plan_handoff, "#handoff")


@require_POST
def message(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    form = MessageForm(request.POST, auto_id="message-%s")
    return step(request, referral_id, "message", form, send_message, "#messages")


@require_POST
def confirm(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    form = ConfirmForm(request.POST, auto_id="confirm-%s")
    return step(request, referral_id, "confirm", form, outcomes.confirm_outcome)


@require_POST
def handoff_result(request: HttpRequest, referral_id: UUID, handoff_id: UUID) -> HttpResponse:
    form = HandoffResultForm(request.POST, auto_id=f"result-{handoff_id}-%s")

    def record(*, referral_id: UUID, actor: Actor, **given: Any) -> object:
        planned = handoffs.handoffs_of(access_referral(referral_id, actor), actor)
        if handoff_id not in {handoff.id for handoff in planned}:
            raise NotSeen
        return handoffs.record_handoff(handoff_id=handoff_id, actor=actor, **given)

    return step(request, referral_id, f"result-{handoff_id}", form, record, "#handoff")


def step(
    request: HttpRequest,
    referral_id: UUID,
    name: str,
    form: PlainForm,
    act: Callable[..., object],
    anchor: str = "",
) -> HttpResponse:
    """Parse, act, go back to the referral; what is wrong is said at its field, with 400."""
    actor = actor_of(request)
    if form.is_valid():
        try:
            act(referral_id=referral_id, actor=actor, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            return conflict(request, referral_id, error)
        else:
            messages.success(request, _("Recorded."))
            return to_referral(referral_id, actor, anchor)
    return show(request, referral_id, {name: form}, status=400)
