"""What happens to a referral without changing its status: opened, handoff, message, confirmed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor, Side
from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import User
from partners.notifications import outbox
from referrals import events, preconditions
from referrals.access import access_referral, side_of, sides_of
from referrals.consent import Stage, stage_of
from referrals.details import REQUIRED, clean_text
from referrals.models import Handoff, HandoffKind, HandoffResult, Message, Referral
from referrals.telling import conflict
from referrals.workflow import OPEN, Status

MESSAGE_LENGTH = 4000
PLACE_LENGTH = 300


def mark_opened(referral_id: UUID, actor: Actor) -> None:
    """The receiver's first view, once. Nothing for the sender, and nothing once it is a tombstone."""
    referral = access_referral(referral_id, actor)
    side = side_of(referral, actor)
    if side is Side.SENDER or referral.opened_at or stage_of(referral, side) is Stage.TOMBSTONE:
        return
    with transaction.atomic():
        first = Referral.objects.filter(pk=referral.pk, opened_at__isnull=True)
        if first.update(opened_at=timezone.now()):
            events.record_event(referral, "opened", actor, side)
            _record(referral, actor, "referral.opened")


def confirm_outcome(*, referral_id: UUID, actor: Actor) -> Referral:
    """The sender, having asked the person, confirms the outcome: only then is the loop closed."""
    referral = access_referral(referral_id, actor)
    _require_side(referral, actor, Side.SENDER)
    with transaction.atomic():
        closed = Referral.objects.filter(
            pk=referral.pk, status=Status.CLOSED.value, confirmed_at__isnull=True
        )
        if not closed.update(confirmed_at=timezone.now(), last_modified=timezone.now()):
            status = Referral.objects.values_list("status", flat=True).get(pk=referral.pk)
            raise Conflict(_("There is no outcome left to confirm."), current_status=status)
        events.record_event(referral, "confirmed", actor, Side.SENDER)
        outbox.add(referral.receiver_id, "confirmed", referral.pk, referral.code)
        _record(referral, actor, "referral.confirm")
    return access_referral(referral_id, actor)


@dataclass(frozen=True)
class HandoffView:
    """A handoff as a side that may see it reads it. ``result`` is empty while it is planned."""

    id: UUID
    kind: str
    kind_label: str
    when: datetime.datetime | None
    place: str
    companion: str
    ride: bool
    child_care: bool
    result: str
    result_label: str


@dataclass(frozen=True)
class MessageView:
    """A message; ``author`` is a colleague's first name, or empty for the other side."""

    id: UUID
    side: str
    organization_name: str
    author: str
    text: str
    sent_at: datetime.datetime


def plan_handoff(
    *,
    referral_id: UUID,
    actor: Actor,
    kind: str,
    when: datetime.datetime | None = None,
    place: str = "",
    companion: str = "",
    ride: bool = False,
    child_care: bool = False,
) -> HandoffView:
    """Either side plans how the person gets there, once the referral is accepted. Needs live consent.

    Every kind but information_only has a time. Raises Invalid, ConsentRequired, Conflict.
    """
    referral = access_referral(referral_id, actor)
    side = side_of(referral, actor)
    errors = {}
    if kind not in HandoffKind.values:
        errors["kind"] = [_("Choose how the person gets there.")]
    if when is None and kind != HandoffKind.INFORMATION_ONLY:
        errors["when"] = [REQUIRED]
    texts, text_errors = _texts({"place": place, "companion": companion})
    if errors or text_errors:
        raise Invalid({**errors, **text_errors})
    with transaction.atomic():
        preconditions.require_consent(referral)
        _require_shared(referral, actor)
        handoff = Handoff.objects.create(
            referral=referral, kind=kind, when=when, ride=ride, child_care=child_care, **texts
        )
        _happened(referral, actor, side, "handoff_planned", {"kind": kind})
    return _handoff_view(handoff)


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
    if result == HandoffResult.MOVED and moved_to is None:
        raise Invalid({"when": [REQUIRED]})
    with transaction.atomic():
        preconditions.require_consent(referral)
        planned = Handoff.objects.filter(pk=handoff.pk, result="")
        if not planned.update(result=result, result_at=timezone.now()):
            raise conflict(referral, actor, _("This handoff has been recorded already."))
        if result == HandoffResult.MOVED:
            _plan_again(handoff, moved_to)
        _happened(referral, actor, side, f"handoff_{result}", {"kind": handoff.kind})
    handoff.refresh_from_db()
    return _handoff_view(handoff)


def send_message(*, referral_id: UUID, actor: Actor, text: str) -> Message:
    """A message to the other side of an open, sent referral. Needs live consent."""
    referral = access_referral(referral_id, actor)
    side = side_of(referral, actor)
    try:
        clean = clean_text(text, MESSAGE_LENGTH)
    except ValueError as error:
        raise Invalid({"text": [error.args[0]]}) from None
    if not clean:
        raise Invalid({"text": [REQUIRED]})
    if actor.user_id is None:
        raise Refused
    with transaction.atomic():
        preconditions.require_consent(referral)
        status = Status(referral.status)
        if referral.sent_at is None or status not in OPEN:
            raise conflict(referral, actor, _("This referral has ended."))
        own = referral.sender_id if side is Side.SENDER else referral.receiver_id
        message = Message.objects.create(
            referral=referral, organization_id=own, author_id=actor.user_id, text=clean
        )
        _happened(referral, actor, side, "message", {})
    return message


def messages_of(referral: Referral, actor: Actor) -> list[MessageView]:
    """Oldest first. Nothing for the receiver of a tombstone."""
    side = side_of(referral, actor)
    if side is Side.RECEIVER and stage_of(referral, side) is Stage.TOMBSTONE:
        return []
    rows = list(referral.messages.select_related("organization"))
    own = [row.author_id for row in rows if row.organization_id == actor.organization_id]
    names = {user.pk: user.get_short_name() for user in User.objects.filter(pk__in=own)}
    return [
        MessageView(
            id=row.pk,
            side=(Side.SENDER if row.organization_id == referral.sender_id else Side.RECEIVER).value,
            organization_name=str(row.organization),
            author=names.get(row.author_id, ""),
            text=row.text,
            sent_at=row.sent_at,
        )
        for row in rows
    ]


def handoffs_of(referral: Referral, actor: Actor) -> list[HandoffView]:
    """By time. For the receiver only while the person is disclosed to them."""
    side = side_of(referral, actor)
    if side is Side.RECEIVER and stage_of(referral, side) is not Stage.DISCLOSED:
        return []
    return [_handoff_view(handoff) for handoff in referral.handoffs.all()]


def _plan_again(handoff: Handoff, when: datetime.datetime | None) -> None:
    Handoff.objects.create(
        referral_id=handoff.referral_id,
        kind=handoff.kind,
        when=when,
        place=handoff.place,
        companion=handoff.companion,
        ride=handoff.ride,
        child_care=handoff.child_care,
    )


def _require_shared(referral: Referral, actor: Actor) -> None:
    """A handoff belongs to a referral that was accepted and has not ended."""
    now = Referral.objects.select_for_update().get(pk=referral.pk)
    if Status(now.status) not in OPEN or now.accepted_at is None:
        raise conflict(now, actor, _("A handoff can be planned once the referral is accepted."))


def _require_side(referral: Referral, actor: Actor, side: Side) -> None:
    held = sides_of(referral, actor)
    if side not in held or (actor.acting_as is not None and actor.acting_as is not side):
        raise Refused


def _texts(given: dict[str, str]) -> tuple[dict[str, str], dict]:
    texts, errors = {}, {}
    for name, value in given.items():
        try:
            texts[name] = clean_text(value, PLACE_LENGTH)
        except ValueError as error:
            errors[name] = [error.args[0]]
    return texts, errors


def _handoff_view(handoff: Handoff) -> HandoffView:
    return HandoffView(
        id=handoff.pk,
        kind=handoff.kind,
        kind_label=str(HandoffKind(handoff.kind).label),
        when=handoff.when,
        place=handoff.place,
        companion=handoff.companion,
        ride=handoff.ride,
        child_care=handoff.child_care,
        result=handoff.result,
        result_label=str(HandoffResult(handoff.result).label),
    )


def _happened(referral: Referral, actor: Actor, side: Side, kind: str, details: dict[str, str]) -> None:
    """Timeline, notice to the other side, audit row."""
    events.record_event(referral, kind, actor, side, details)
    other = referral.receiver_id if side is Side.SENDER else referral.sender_id
    outbox.add(other, kind, referral.pk, referral.code)
    _record(referral, actor, f"referral.{kind}")


def _record(referral: Referral, actor: Actor, action: str) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="referral",
            object_id=referral.pk,
            chains=(referral.sender_id, referral.receiver_id),
        )
    )
