"""What waits for somebody, as a number beside an item of the menu: one query each."""

from __future__ import annotations

from partners.actor import Actor
from partners.models import PartnerApplication
from partners.models.agreements import ApplicationState
from partners.people import invitations
from partners.roles import Capability
from referrals.models import GlassBreak, LegalBasisShare


def open_invitations(actor: Actor) -> int:
    return invitations.open_invitations(actor.organization_id).count()


def applications(actor: Actor) -> int:
    return PartnerApplication.objects.filter(state=ApplicationState.OPEN).count()


def reviews(actor: Actor) -> int:
    """Requests and openings that nobody has looked at, as far as the actor looks at them; not one's own."""
    own = {"client__organization_id": actor.organization_id}
    waiting = 0
    if actor.can(Capability.REVIEW_SHARING):
        asked = LegalBasisShare.objects.filter(decision="", **own)
        waiting += asked.exclude(requested_by_id=actor.user_id).count()
    if actor.can(Capability.READ_AUDIT):
        opened = GlassBreak.objects.filter(reviewed_at__isnull=True, **own)
        waiting += opened.exclude(user_id=actor.user_id).count()
    return waiting
