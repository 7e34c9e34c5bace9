"""Handoffs and attempts to reach the person, as the page of a referral shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from partners.actor import Actor
from referrals.access import side_of
from referrals.attempts import MANY, attempts_of, can_attempt, failed_in_a_row, methods_for
from referrals.consent import POLICE, may_share
from referrals.forms.reaching import AttemptForm, HandoffForm, HandoffResultForm
from referrals.handoffs import handoffs_of
from referrals.meeting_places import meeting_places
from referrals.models import Referral
from referrals.workflow import OPEN, Status


def panel(referral: Referral, actor: Actor, bound: Mapping[str, Form]) -> dict[str, Any]:
    """What was planned and tried, and the forms that are open now."""
    live = may_share(referral)
    is_open = Status(referral.status) in OPEN and referral.accepted_at is not None
    can_plan = live and is_open and referral.receiver.kind != POLICE
    return {
        "handoffs": [
            (handoff, bound.get(name) or HandoffResultForm(auto_id=f"{name}-%s"))
            for handoff in handoffs_of(referral, actor)
            for name in [f"result-{handoff.id}"]
        ],
        "can_record": live,
        "can_plan": can_plan,
        "handoff_form": _handoff_form(referral, bound.get("handoff")) if can_plan else None,
        **_attempts(referral, actor, bound.get("attempt")),
    }


def _handoff_form(referral: Referral, bound: Any) -> HandoffForm:
    form: HandoffForm = bound or HandoffForm(auto_id="handoff-%s")
    return form.offer(meeting_places(referral))


def _attempts(referral: Referral, actor: Actor, bound: Any) -> dict[str, Any]:
    side = side_of(referral, actor)
    shown = attempts_of(referral, actor)
    form: AttemptForm | None = None
    if can_attempt(referral, side):
        form = (bound or AttemptForm(auto_id="attempt-%s")).offer(methods_for(referral, side))
    return {
        "attempts": shown,
        "attempt_form": form,
        "many_failed": failed_in_a_row(attempt.result for attempt in shown) >= MANY,
    }
