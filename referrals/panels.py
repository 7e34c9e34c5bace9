"""What referrals add to a listing: the way to send somebody there."""

from __future__ import annotations

from django.http import HttpRequest

from directory.hooks import Panel
from directory.models import Service
from partners.actor import Actor
from partners.roles import Capability

POLICE = "police_liaison"


def send_panel(request: HttpRequest, service: Service) -> Panel | None:
    """For members who send. Police are not offered: their channel is not built."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    if not actor.can(Capability.SEND) or service.organization.kind == POLICE:
        return None
    open_to_referrals = (service.publication, service.status, service.accepts_referrals) == (
        "published",
        "active",
        True,
    )
    return Panel(
        "referrals/listing_panel.html",
        {"open": open_to_referrals, "service_id": service.pk, "response_days": service.response_days},
    )
