"""A referral as one side may read it. Everything of the person comes from ``disclose``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.v1.shapes import named
from directory.models import TaxonomyTerm
from partners.actor import Actor, Side
from partners.bilingual import localized
from referrals.access import page_referral, side_of
from referrals.actions import allowed_actions
from referrals.boxes import neutral_need
from referrals.consent import GROUP_FIELDS, ClientView, Stage, disclose, stage_of
from referrals.models import Referral
from referrals.opened import mark_opened
from referrals.outcomes import outcomes_of
from referrals.telling import told_status

PERSON = tuple(name for names in GROUP_FIELDS.values() for name in names)
DATES = (
    "sent_at",
    "answer_due_on",
    "opened_at",
    "accepted_at",
    "expected_on",
    "service_started_on",
)


def full_body(referral_id: UUID, actor: Actor) -> dict[str, Any]:
    """One referral with what may be shown of the person. Records opening and release first."""
    referral = mark_opened(referral_id, actor, page_referral)
    side = side_of(referral, actor)
    view = disclose(referral, actor)
    need = None
    if view.stage is not Stage.TOMBSTONE:
        need = {"code": view.need_code, "name": view.need, "urgency": view.urgency}
    return {
        **_frame(referral, actor, side, view.stage, need),
        "eligibility": _eligibility(view),
        "client": _person(referral, view),
        "withheld": [{"field": name, "reason": reason} for name, reason in view.withheld.items()],
        "notice": str(view.notice),
    }


def row_body(referral: Referral, actor: Actor, top: Mapping[UUID, TaxonomyTerm]) -> dict[str, Any]:
    """One row of a list: nothing of the person, and to a receiver the need in neutral words."""
    side = side_of(referral, actor)
    stage = stage_of(referral, side)
    category, need = referral.need.category, None
    if side is Side.SENDER:
        need = {"code": category.code, "name": localized(category, "name").text}
    elif stage is not Stage.TOMBSTONE:
        need = {"code": None, "name": neutral_need(referral, top)}
    return {
        **_frame(referral, actor, side, stage, need and {**need, "urgency": referral.need.urgency}),
        "eligibility": None,
        "client": None,
        "withheld": [],
        "notice": "",
    }


def _frame(
    referral: Referral, actor: Actor, side: Side, stage: Stage, need: dict[str, Any] | None
) -> dict[str, Any]:
    """What stands around the person. Of a tombstone code, dates and the two sides are left."""
    own, buried = side is Side.SENDER, stage is Stage.TOMBSTONE
    told = outcomes_of(referral, actor)[:1]
    return {
        "id": referral.pk,
        "code": referral.code,
        "kind": referral.kind,
        "status": told_status(referral, side),
        "side": side.value,
        "stage": stage.value,
        "sender": named(referral.sender),
        "receiver": named(referral.receiver),
        "service": None if buried else named(referral.service),
        "need": need and {"id": referral.need_id if own else None, **need},
        "consent": referral.consent_id if own else None,
        **{name: getattr(referral, name) for name in DATES},
        "confirmed_at": None if buried else referral.confirmed_at,
        "confirmed_by": None if buried else referral.confirmed_by or None,
        "ended_at": None if buried else referral.ended_at,
        "end_reason": None if buried else referral.end_reason or None,
        "end_note": None if buried else referral.end_note or None,
        "outcome": {"code": told[0].code, "date": told[0].date, "needs_met": told[0].needs_met}
        if told
        else None,
        "allowed_actions": [action.path for action in allowed_actions(referral, actor)],
    }


def _eligibility(view: ClientView) -> dict[str, Any] | None:
    if view.stage is Stage.TOMBSTONE:
        return None
    return {"area": view.area, "language": view.language, "age_band": view.age_band}


def _person(referral: Referral, view: ClientView) -> dict[str, Any] | None:
    if view.stage not in (Stage.OWN, Stage.DISCLOSED):
        return None
    own = view.stage is Stage.OWN
    return {
        "id": referral.client_id if own else None,
        **{name: getattr(view, name) for name in PERSON},
    }
