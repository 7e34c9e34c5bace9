"""What each side is told of a referral's state: to a receiver all ends that are not their own look alike."""

from __future__ import annotations

from uuid import UUID

from partners.actor import Actor, Side
from partners.errors import Conflict, type_of_message
from partners.notifications import outbox
from partners.police_channel import is_police
from referrals.access import side_of
from referrals.consent import TOMBSTONE, Stage, stage_of
from referrals.links import minting
from referrals.models import Referral, ReferralKind
from referrals.workflow import Status

# Of these a partner without sign-ins is told by a letter with a link. Of the others it reads by the next.
WITH_LINK = frozenset(
    {
        "send",
        "reminder",
        "escalation",
        "waitlist_due",
        "outcome_due",
        "handoff_due",
        "handoff_planned",
        "handoff_kept",
        "handoff_missed",
        "handoff_moved",
        "message",
        "document",
        "unreached",
    }
)


def tell(referral: Referral, organization_id: UUID, kind: str) -> None:
    """Owe one side a notice of an act, in the act's own transaction.

    Where nobody of the receiver can sign in, and it has an address for that, it is owed a letter instead.
    """
    if not _by_letter(referral, organization_id):
        outbox.add(organization_id, kind, referral.pk, referral.code)
    elif kind in WITH_LINK:
        minting.owe_letter(referral)
    elif kind == "sharing_ended":
        outbox.add(organization_id, minting.ENDED, referral.pk, referral.code)


def _by_letter(referral: Referral, organization_id: UUID) -> bool:
    if organization_id != referral.receiver_id or organization_id == referral.sender_id:
        return False
    outgoing = referral.kind == ReferralKind.OUTGOING and bool(referral.receiver.referral_email)
    return outgoing and minting.without_sign_in(referral.receiver)


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
