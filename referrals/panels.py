"""What referrals add to a listing: the ways to send somebody there, or to be contacted."""

from __future__ import annotations

from django.http import HttpRequest

from directory.hooks import Panel
from directory.models import Service, Taxonomy
from directory.presentation import codes
from directory.querysets import takes_referrals
from partners.middleware import actor_of
from partners.police_channel import is_police, uses_channel
from partners.roles import Capability
from referrals.drafts import kind_of
from referrals.introductions import takers
from referrals.models import ReferralKind
from referrals.service_record import answer_words, confirmed_words, help_words, records_of


def ask_panel(service: Service) -> Panel | None:
    """For everybody: the way to be contacted, where the program takes such requests."""
    if "self_referral" not in codes(service, Taxonomy.INTAKE) or service.status != "active":
        return None
    if not takers().filter(pk=service.organization_id).exists():
        return None
    return Panel("referrals/ask_panel.html", {"service_id": service.pk})


def send_panel(request: HttpRequest, service: Service) -> Panel | None:
    """For members who send; police only where the organization uses their channel."""
    actor = actor_of(request)
    police = is_police(service.organization)
    if not actor.can(Capability.SEND) or (police and not uses_channel(actor.organization_id)):
        return None
    return Panel(
        "referrals/listing_panel.html",
        {
            "open": takes_referrals(service),
            "police": police,
            "outside": not police and kind_of(service) == ReferralKind.LOGGED and service.status == "active",
            "service_id": service.pk,
            "response_days": service.response_days,
        },
    )


def record_panel(request: HttpRequest, service: Service) -> Panel | None:
    """How it answered and helped so far, for members who send. Nothing where nobody can be sent."""
    actor = actor_of(request)
    record = records_of(actor, [service.pk]).get(service.pk)
    if record is None or not service.accepts_referrals:
        return None
    lines = [words for words in (answer_words(record), help_words(record), confirmed_words(record)) if words]
    return Panel("referrals/record_panel.html", {"lines": lines})
