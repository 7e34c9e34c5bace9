"""The page of one referral, which both sides read alike, and its actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners.actor import Actor, Side
from partners.errors import ChildProtectionRequired, Conflict, ConsentRequired, Invalid, NotSeen
from partners.police_channel import is_police
from referrals import actions, chronicle, opened, presenting, workflow
from referrals.access import access_referral, page_referral, side_of, sides_of
from referrals.consent import Stage, disclose, live_consent, may_share
from referrals.forms.acts import form_for
from referrals.links.frame import page
from referrals.links.panel import link_state
from referrals.models import Referral
from referrals.partnership import why_not
from referrals.preconditions import is_first_worker
from referrals.telling import concerned
from referrals.views import exchange, outcomes, reaching
from referrals.views.going_on import going_on
from referrals.views.shared import actor_of, conflict, to_referral, under_18
from referrals.workflow import FINAL, OUTCOMES, STATUS_LABELS, Action, Status

ICONS = {
    "send": "send",
    "accept": "hand",
    "waitlist": "hourglass",
    "decline": "minus_circle",
    "start_service": "steps",
    "close": "loop",
    "withdraw": "undo",
    "void": "document_x",
}
PRIMARY = frozenset({"send", "accept", "start_service"})
DANGER = frozenset({"decline", "withdraw", "void"})
Bound = Mapping[str, Form]


@dataclass(frozen=True)
class Button:
    """An action that is open now: a button, and its details where it needs any."""

    action: Action
    icon: str
    form: Form | None
    primary: bool
    danger: bool
    open: bool


@require_safe
def detail(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    return _page(request, opened.mark_opened(referral_id, actor_of(request), page_referral))


@require_POST
def action(request: HttpRequest, referral_id: UUID, slug: str) -> HttpResponse:
    """One row of the workflow table. A refusal of a detail is shown at its field, with 400."""
    actor = actor_of(request)
    row = next((row for row in workflow.ACTIONS.values() if row.path == slug), None)
    if row is None:
        raise NotSeen
    form = form_for(row.name, request.POST)
    try:
        given = form.given() if form else {}
        referral = actions.attempt(referral_id=referral_id, action=row.name, actor=actor, **given)
    except Invalid as error:
        if form is None or "as" in error.errors:
            raise
        form.refuse(error)
        return show(request, referral_id, {row.name: form}, status=400)
    except Conflict as error:
        return conflict(request, referral_id, error)
    except ChildProtectionRequired as error:
        return under_18(request, access_referral(referral_id, actor), error)
    except ConsentRequired as error:
        return show(request, referral_id, status=error.status, problem=str(error))
    words = {"code": referral.code, "status": STATUS_LABELS[Status(referral.status)]}
    messages.success(request, _("Referral %(code)s: %(status)s") % words)
    return to_referral(referral_id, actor)


def show(
    request: HttpRequest,
    referral_id: UUID,
    bound: Bound | None = None,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    """The page again; ``bound`` holds the form that was refused, by its name."""
    referral = page_referral(referral_id, actor_of(request))
    return _page(request, referral, bound, status=status, problem=problem)


def _page(
    request: HttpRequest,
    referral: Referral,
    bound: Bound | None = None,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    actor = actor_of(request)
    view = disclose(referral, actor)
    side = side_of(referral, actor)
    context = {
        "referral": referral,
        "status_label": STATUS_LABELS[Status(referral.status)],
        "side": side.value,
        "stage": view.stage.value,
        "acting": actor.acting_as.value if actor.acting_as else "",
        "both_sides": len(sides_of(referral, actor)) > 1,
        "view": view,
        "entries": chronicle.entries(referral, actor),
        "link": link_state(referral, actor),
        "problem": problem,
        "refused": next(iter(bound.values()), None) if bound else None,
        **_person(view),
        **outcomes.panel(referral, actor, (bound or {}).get("confirm")),
        **_possible(referral, actor, bound or {}),
        **going_on(referral, actor),
        **(_sender_only(referral, actor) if side is Side.SENDER else {}),
    }
    return page(request, "referrals/detail.html", context, status=status)


def _person(view: Any) -> dict[str, Any]:
    """What is open of the person, in words."""
    if view.stage is Stage.TOMBSTONE:
        return {"opening": [], "rows": [], "rules": []}
    return {
        "opening": presenting.opening_rows(view),
        "rows": presenting.shown_rows(view),
        "rules": presenting.contact_rules(view.safe_contact),
    }


def _possible(referral: Referral, actor: Actor, bound: Bound) -> dict[str, Any]:
    """The actions and steps open now. A step needs what sharing needs; an ended referral has none."""
    live = may_share(referral)
    # The page says who sends a call; a button that can only be refused would say something else.
    waits = is_police(referral.receiver) and is_first_worker(referral, actor)
    rows = [row for row in actions.allowed_actions(referral, actor) if row.name != "send" or not waits]
    return {
        "buttons": [_button(row, live, bound) for row in rows],
        **reaching.panel(referral, actor, bound),
        **exchange.panel(referral, actor, bound),
    }


def _button(row: Action, live: bool, bound: Bound) -> Button:
    form = bound.get(row.name) or form_for(row.name, with_note=live)
    return Button(row, ICONS[row.name], form, row.name in PRIMARY, row.name in DANGER, open=row.name in bound)


def _sender_only(referral: Referral, actor: Actor) -> dict[str, Any]:
    """The state of the consent, what the other side sees now, and the outcome to confirm."""
    status = Status(referral.status)
    live = live_consent(referral)
    resting = status not in FINAL and referral.sent_at is not None
    to_confirm = status is Status.CLOSED and referral.confirmed_at is None
    return {
        "consent": live,
        "consent_needed": live is None and status is Status.DRAFT,
        "sharing_ended": live is None and status not in FINAL and status is not Status.DRAFT,
        "no_agreement": why_not(referral, Side.SENDER) if resting else None,
        "seen": presenting.seen_by_receiver(referral) if len(concerned(referral)) > 1 else None,
        "to_confirm": OUTCOMES.get(referral.end_reason, "") if to_confirm else "",
        "elsewhere": status in FINAL and status is not Status.CLOSED,
    }
