"""How the person gets from sender to receiver: planned, then kept, missed or moved."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor, Side
from partners.errors import Invalid, NotSeen
from referrals import preconditions, pressing
from referrals.access import access_referral, held, side_of
from referrals.consent import Stage, stage_of
from referrals.details import REQUIRED, clean_text
from referrals.happened import happened
from referrals.meeting_places import Place, meeting_places, with_addresses
from referrals.models import Handoff, HandoffKind, HandoffResult, Referral
from referrals.telling import conflict
from referrals.workflow import OPEN, Status

PLACE_LENGTH = 300


@dataclass(frozen=True)
class HandoffView:
    """A handoff as a side that may see it reads it. ``result`` is empty while it is planned.

    ``location`` is one of the receiver's public places, for as long as it is public; ``place`` is what
    was written beside it or instead.
    """

    id: UUID
    kind: str
    kind_label: str
    when: datetime.datetime | None
    location: Place | None
    place: str
    companion: str
    ride: bool
    child_care: bool
    result: str
    result_label: str


def plan_handoff(
    *,
    referral_id: UUID,
    actor: Actor,
    kind: str,
    when: datetime.datetime | None = None,
    location: UUID | str | None = None,
    place: str = "",
    companion: str = "",
    ride: bool = False,
    child_care: bool = False,
) -> HandoffView:
    """Either side plans how the person gets there, once the referral is accepted. Needs live consent.

    Every kind but information_only has a time, and it lies ahead. ``location`` is one of
    ``meeting_places``. Raises ConsentRequired, Invalid, Conflict.
    """
    referral = access_referral(referral_id, actor)
    side = side_of(referral, actor)
    with transaction.atomic():
        preconditions.require_consent(referral, actor)
        taken = _read(referral, kind, when, location, {"place": place, "companion": companion})
        _require_shared(referral, actor)
        handoff = Handoff.objects.create(referral=referral, ride=ride, child_care=child_care, **taken)
        pressing.refresh(referral.pk)
        happened(referral, actor, side, "handoff_planned", {"kind": kind})
    return _one_view(handoff)


def record_handoff(
    *, handoff_id: UUID, actor: Actor, result: str, moved_to: datetime.datetime | None = None
) -> HandoffView:
    """Kept, missed, or moved to another time (which plans it anew). Once for each handoff."""
    handoff = Handoff.objects.filter(pk=handoff_id).first()
    if handoff is None:
        raise NotSeen
    referral = access_referral(handoff.referral_id, actor)
    side = side_of(referral, actor)
    if side is Side.RECEIVER and stage_of(referral, side) is not Stage.DISCLOSED:
        raise NotSeen
    if result not in HandoffResult.values or not result:
        raise Invalid({"result": [_("Choose whether it took place.")]})
    with transaction.atomic():
        preconditions.require_consent(referral, actor)
        if result == HandoffResult.MOVED and (wrong := _not_ahead(moved_to)):
            raise Invalid({"when": [wrong]})
        planned = Handoff.objects.filter(pk=handoff.pk, result="")
        if not planned.update(result=result, result_at=timezone.now()):
            raise conflict(referral, actor, _("This handoff has been recorded already."))
        if result == HandoffResult.MOVED:
            _plan_again(handoff, moved_to)
        pressing.refresh(referral.pk)
        happened(referral, actor, side, f"handoff_{result}", {"kind": handoff.kind})
    handoff.refresh_from_db()
    return _one_view(handoff)


def handoffs_of(referral: Referral, actor: Actor) -> list[HandoffView]:
    """By time. For the receiver only while the person is disclosed to them."""
    side = side_of(referral, actor)
    if side is Side.RECEIVER and stage_of(referral, side) is not Stage.DISCLOSED:
        return []
    if referral.accepted_at is None:
        return []
    return [_handoff_view(row) for row in with_addresses(referral.handoffs.all())]


def _plan_again(handoff: Handoff, when: datetime.datetime | None) -> None:
    Handoff.objects.create(
        referral_id=handoff.referral_id,
        kind=handoff.kind,
        when=when,
        location_id=handoff.location_id,
        place=handoff.place,
        companion=handoff.companion,
        ride=handoff.ride,
        child_care=handoff.child_care,
    )


def _require_shared(referral: Referral, actor: Actor) -> None:
    """A handoff belongs to a referral that was accepted and has not ended."""
    now = held(Referral.objects, referral.pk)
    if Status(now.status) not in OPEN or now.accepted_at is None:
        raise conflict(now, actor, _("A handoff can be planned once the referral is accepted."))


def _read(
    referral: Referral,
    kind: str,
    when: datetime.datetime | None,
    location: UUID | str | None,
    texts: dict[str, str],
) -> dict[str, Any]:
    errors: dict[str, list[str | Promise]] = {}
    taken: dict[str, Any] = {"kind": kind, "when": when}
    if kind not in HandoffKind.values:
        errors["kind"] = [_("Choose how the person gets there.")]
    if (when is not None or kind != HandoffKind.INFORMATION_ONLY) and (wrong := _not_ahead(when)):
        errors["when"] = [wrong]
    if location:
        found = {str(place.id) for place in meeting_places(referral)} & {str(location)}
        taken["location_id"] = next(iter(found), None)
        if not found:
            errors["location"] = [_("Choose one of the listed places.")]
    for name, value in texts.items():
        try:
            taken[name] = clean_text(value, PLACE_LENGTH)
        except ValueError as error:
            errors[name] = [error.args[0]]
    if errors:
        raise Invalid(errors)
    return taken


def _not_ahead(when: datetime.datetime | None) -> Promise | None:
    if when is None:
        return REQUIRED
    return None if when > timezone.now() else _("This time is in the past.")


def _one_view(handoff: Handoff) -> HandoffView:
    return _handoff_view(with_addresses(Handoff.objects.filter(pk=handoff.pk)).get())


def _handoff_view(handoff: Handoff) -> HandoffView:
    """Of a row that ``with_addresses`` has read."""
    place = Place(handoff.location_id, handoff.address) if handoff.address else None
    return HandoffView(
        id=handoff.pk,
        kind=handoff.kind,
        kind_label=str(HandoffKind(handoff.kind).label),
        when=handoff.when,
        location=place,
        place=handoff.place,
        companion=handoff.companion,
        ride=handoff.ride,
        child_care=handoff.child_care,
        result=handoff.result,
        result_label=str(HandoffResult(handoff.result).label),
    )
