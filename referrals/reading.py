"""The release of what was written about the person, where it is read by itself."""

from __future__ import annotations

from partners import audit
from partners.actor import Actor
from referrals.access import side_of
from referrals.models import Referral
from referrals.unread import own_id


def record_reading(referral: Referral, actor: Actor, action: str, **details: str) -> None:
    """For both sides to find in their logs. Call it before anything is shown."""
    audit.release(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="client",
            object_id=referral.client_id,
            chains=(referral.sender_id, own_id(referral, side_of(referral, actor))),
            details={"referral": str(referral.pk), **details},
        )
    )
