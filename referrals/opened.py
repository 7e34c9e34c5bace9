"""The receiver’s first view of a referral."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from partners.actor import Actor, Side
from referrals import events
from referrals.access import access_referral, side_of
from referrals.consent import Stage, stage_of
from referrals.happened import record
from referrals.models import Referral
from referrals.telling import concerned


def mark_opened(
    referral_id: UUID, actor: Actor, door: Callable[[UUID, Actor], Referral] = access_referral
) -> Referral:
    """The referral by that door; the receiver's first view is written down, once.

    Nothing is for the sender, and nothing once it is a tombstone.
    """
    referral = door(referral_id, actor)
    side = side_of(referral, actor)
    if side is Side.SENDER or referral.opened_at or stage_of(referral, side) is Stage.TOMBSTONE:
        return referral
    with transaction.atomic():
        first = Referral.objects.filter(pk=referral.pk, opened_at__isnull=True)
        referral.opened_at = timezone.now()
        if first.update(opened_at=referral.opened_at):
            events.record_event(referral, "opened", actor, side)
            record(referral, actor, "referral.opened", concerned(referral))
        else:
            referral.refresh_from_db(fields=["opened_at"])
    return referral
