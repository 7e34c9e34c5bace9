"""What waits for somebody, as a number beside an item of the menu: a query or two, however much it is."""

from __future__ import annotations

from partners.actor import Actor
from partners.models import PartnerApplication
from partners.models.agreements import ApplicationState
from partners.people import invitations
from partners.roles import Capability
from referrals.care_team import breaks_for_review
from referrals.legal_basis import shares_for_review


def open_invitations(actor: Actor) -> int:
    return invitations.open_invitations(actor.organization_id).count()


def applications(actor: Actor) -> int:
    return PartnerApplication.objects.filter(state=ApplicationState.OPEN).count()


def reviews(actor: Actor) -> int:
    """Requests and openings that nobody has looked at, and that are somebody else's."""
    waiting = 0
    if actor.can(Capability.REVIEW_SHARING):
        asked = shares_for_review(actor).filter(decision="")
        waiting += asked.exclude(requested_by_id=actor.user_id).count()
    if actor.can(Capability.READ_AUDIT):
        opened = breaks_for_review(actor).filter(reviewed_at__isnull=True)
        waiting += opened.exclude(user_id=actor.user_id).count()
    return waiting
