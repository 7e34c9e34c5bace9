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
) -> None:
    """The receiver's first view, once. Nothing for the sender, and nothing once it is a tombstone."""
    referral = door(referral_id, actor)
    side = side_of(referral, actor)
    if side is Side.SENDER or referral.opened_at or stage_of(referral, side) is Stage.TOMBSTONE:
        return
    with transaction.atomic():
        first = Referral.objects.filter(pk=referral.pk, opened_at__isnull=True)
        if first.update(opened_at=timezone.now()):
            events.record_event(referral, "opened", actor, side)
            record(referral, actor, "referral.opened", concerned(referral))
