"""What becomes of referrals when their listing is merged with another one, or is to be deleted."""

from __future__ import annotations

from uuid import UUID

from directory.upkeep.errors import ReferralsKept, ReferralsOpen
from referrals.models import Introduction, Referral
from referrals.workflow import OPEN


def move_to_kept(kept_id: UUID, dropped_id: UUID) -> None:
    """Both listings are of one organization, so sender, receiver and consent stay what they are."""
    Referral.objects.filter(service_id=dropped_id).update(service_id=kept_id)
    Introduction.objects.filter(service_id=dropped_id).update(service_id=kept_id)


def count_open(service_id: UUID) -> int:
    """Drafts count too: somebody is about to send them."""
    return Referral.objects.filter(service_id=service_id, status__in=[s.value for s in OPEN]).count()


def refuse_while_needed(service_id: UUID) -> None:
    """Raises ReferralsOpen, and ReferralsKept for those that have ended."""
    if count := count_open(service_id):
        raise ReferralsOpen(count)
    if Referral.objects.filter(service_id=service_id).exists():
        raise ReferralsKept
