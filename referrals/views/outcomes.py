"""What became of a referral: the part of its page that says it, correcting it, and her own code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import qr
from partners.actor import Actor, Side
from partners.errors import Conflict, Invalid, Refused
from referrals import confirmation, outcomes
from referrals.access import access_referral, side_of
from referrals.consent import disclose
from referrals.forms.outcomes import ConfirmForm, CorrectionForm
from referrals.links.frame import page
from referrals.models import NeedsMet, Referral
from referrals.outcomes import OutcomeView
from referrals.safe_contact import allowed_methods, contact_rules
from referrals.views.shared import actor_of, conflict, referral_url, to_referral
from referrals.workflow import CORRECTION_REASONS, OUTCOMES


def panel(referral: Referral, actor: Actor, bound: Any = None) -> dict[str, Any]:
    """What the referral's page says of its outcome, and what may be done about it now."""
    told = outcomes.outcomes_of(referral, actor)
    own = side_of(referral, actor) is Side.SENDER
    first = {"outcome_id": told[0].id if told else None}
    return {
        "outcomes_told": [_in_words(outcome) for outcome in told],
        "may_correct": outcomes.may_correct(referral, actor),
        "may_issue": own and confirmation.may_issue(referral),
        "confirm_form": bound or ConfirmForm(auto_id="confirm-%s", initial=first),
        "by_client": referral.confirmed_by == "client",
    }


def _in_words(outcome: OutcomeView) -> dict[str, Any]:
    known = outcome.needs_met not in ("", NeedsMet.UNKNOWN)
    return {
        "label": OUTCOMES[outcome.code],
        "date": outcome.date,
        "needs_met": NeedsMet(outcome.needs_met).label if known else "",
        "reason": CORRECTION_REASONS.get(outcome.reason, ""),
        "recorded_at": outcome.recorded_at,
        "superseded": outcome.superseded_at is not None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """A new outcome in the place of a wrong one, by the side that recorded it."""
    actor = actor_of(request)
    referral = access_referral(referral_id, actor)
    if request.method != "POST":
        if not outcomes.may_correct(referral, actor):
            raise Refused
        return _correction(request, referral, actor, CorrectionForm(initial=_as_recorded(referral, actor)))
    form = CorrectionForm(request.POST)
    form.full_clean()
    given: dict[str, Any] = {**form.given(), "outcome_id": form.cleaned_data.get("outcome_id")}
    try:
        outcomes.correct_outcome(referral_id=referral_id, actor=actor, **given)
    except Invalid as error:
        if "as" in error.errors:
            raise
        form.refuse(error)
        return _correction(request, referral, actor, form, status=400)
    except Conflict as error:
        return conflict(request, referral_id, error)
    messages.success(request, _("Recorded."))
    return to_referral(referral_id, actor, "#outcome")


def _as_recorded(referral: Referral, actor: Actor) -> dict[str, Any]:
    """Nothing of what is no longer shared; the own side's last word otherwise."""
    told = outcomes.outcomes_of(referral, actor)
    if not told:
        return {}
    return {
        "outcome_id": told[0].id,
        "outcome": told[0].code,
        "date": told[0].date.isoformat(),
        "needs_met": told[0].needs_met,
    }


def _correction(
    request: HttpRequest, referral: Referral, actor: Actor, form: CorrectionForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "code": referral.code,
        "acting": actor.acting_as.value if actor.acting_as else "",
        "back": referral_url(referral.pk, actor),
        "confirmed": referral.confirmed_at is not None,
    }
    return page(request, "referrals/outcome_correct.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def own_word(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Her own code. Reading explains it; posting makes one, which is shown this once."""
    actor = actor_of(request)
    referral = access_referral(referral_id, actor)
    outcomes.require_side(referral, actor, Side.SENDER)
    if not confirmation.may_issue(referral):
        return conflict(request, referral_id, Conflict(outcomes.NOTHING_LEFT))
    view = disclose(referral, actor.acting(Side.SENDER))
    issued = None
    if request.method == "POST":
        try:
            issued = confirmation.issue_code(
                referral_id=referral_id, actor=actor, language=view.language or ""
            )
        except Conflict as error:
            return conflict(request, referral_id, error)
    block = view.safe_contact or {}
    context = {
        "code": referral.code,
        "issued": issued,
        "picture": qr.as_image(issued.url) if issued else "",
        "days": confirmation.LIFETIME.days,
        "rules": contact_rules(block),
        "ways": _ways(block),
        "acting": actor.acting_as.value if actor.acting_as else "",
        "back": referral_url(referral.pk, actor),
    }
    return render(request, "referrals/own_word.html", context)


def _ways(block: dict[str, Any] | Any) -> list[str]:
    """How the worker may hand it over, beside showing it: only what the person has allowed."""
    words = {"text": _("by text message"), "email": _("by e-mail")}
    return [words[method] for method in allowed_methods(block) if method in words]
