"""What each side is told of a referral's state: to a receiver all ends that are not their own look alike."""

from __future__ import annotations

from uuid import UUID

from partners.actor import Actor, Side
from partners.errors import Conflict, type_of_message
from partners.police_channel import is_police
from referrals.access import side_of
from referrals.consent import TOMBSTONE, Stage, stage_of
from referrals.models import Referral, ReferralKind
from referrals.workflow import Status


def concerned(referral: Referral) -> tuple[UUID, ...]:
    """The organizations whose log and mail an act belongs to.

    Of a draft, of what was logged for a body outside the network, and of what became of a call by
    police, only the sender knows.
    """
    called = is_police(referral.receiver) and referral.status == Status.CLOSED.value
    if referral.sent_at is None or referral.kind == ReferralKind.LOGGED or called:
        return (referral.sender_id,)
    return tuple(dict.fromkeys((referral.sender_id, referral.receiver_id)))


def reached(referral: Referral, side: Side | None) -> tuple[UUID, ...]:
    """Of those, who learns of an act beside the status by this side (None: by neither).

    To a receiver for whom it is a tombstone nothing that others do is told any more, in mail and log alike.
    """
    if side is not Side.RECEIVER and stage_of(referral, Side.RECEIVER) is Stage.TOMBSTONE:
        return (referral.sender_id,)
    return concerned(referral)


def told_status(referral: Referral, side: Side) -> Status | None:
    """The status as that side may know it. None: no longer shared, and nothing says why; police never.

    Declining and closing were the receiver's own acts; they stay told whatever the sender does after
    them. ``ReferralQuerySet.told_as`` says the same to the database.
    """
    status = Status(referral.status)
    if side is Side.RECEIVER and is_police(referral.receiver):
        return None
    if stage_of(referral, side) is not Stage.TOMBSTONE or status is Status.DECLINED:
        return status
    if referral.outcomes.all():
        return Status.CLOSED
    if status is Status.ENTERED_IN_ERROR and referral.events.filter(kind="decline").exists():
        return Status.DECLINED
    return None


def conflict(referral: Referral, actor: Actor, message: type_of_message) -> Conflict:
    """The refusal for a referral that stands elsewhere than the actor thought, in words for their side."""
    told = Status(referral.status) if actor.is_system else told_status(referral, side_of(referral, actor))
    return Conflict(TOMBSTONE) if told is None else Conflict(message, current_status=told.value)
