"""What every act beside the status leaves behind: timeline, notice to the other side, audit row."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from partners import audit
from partners.actor import Actor, Side
from referrals import events
from referrals.models import Referral
from referrals.telling import reached, tell


def happened(
    referral: Referral, actor: Actor, side: Side, kind: str, details: Mapping[str, str] | None = None
) -> None:
    """Timeline, notice to the other side, audit row."""
    events.record_event(referral, kind, actor, side, details)
    other = referral.receiver_id if side is Side.SENDER else referral.sender_id
    told = reached(referral, side)
    if other in told:
        tell(referral, other, kind)
    record(referral, actor, f"referral.{kind}", told)


def record(referral: Referral, actor: Actor, action: str, chains: tuple[UUID, ...]) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="referral",
            object_id=referral.pk,
            chains=chains,
        )
    )
