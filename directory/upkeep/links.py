"""The link of a reminder mail: it opens one listing, to say that it is true and to tell its capacity.

The secret is made when the mail is sent and stands in it alone. It holds for 30 days, or until a newer mail
brings another one. Those of one notice, which several editors may get, hold side by side.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from directory.models import ListingLink, Service
from directory.upkeep.access import is_published
from partners.actor import Actor, Channel
from partners.audit import Entry
from partners.hooks import Departure
from partners.models import Membership
from partners.one_time import digest_of, mint
from partners.roles import Capability, roles_with

DAYS = 30
WRITTEN_TO = roles_with(Capability.EDIT_LISTINGS, Capability.MANAGE_MEMBERS)


@transaction.atomic
def new_link(service: Service, noticed_at: datetime) -> str:
    """A new secret. Links from before ``noticed_at``, when the notice was made, hold no longer."""
    secret, digest = mint()
    now = timezone.now()
    older = ListingLink.objects.filter(service=service, replaced_at__isnull=True, created_at__lt=noticed_at)
    older.update(replaced_at=now)
    ListingLink.objects.create(service=service, digest=digest, expires_at=now + timedelta(days=DAYS))
    return secret


def address_of(secret: str) -> str:
    """In the language that is active."""
    return str(settings.BASE_URL) + reverse("directory:verify", args=[secret])


def find(secret: str) -> ListingLink | None:
    """The link of this secret, whether it still holds or not; None for what never was one."""
    links = ListingLink.objects.select_related("service__organization")
    return links.filter(digest=digest_of(secret)).first()


def holds(link: ListingLink) -> bool:
    """Neither run out nor replaced, and the listing still stands."""
    in_time = link.replaced_at is None and link.expires_at > timezone.now()
    return in_time and stands(link.service)


def end_of_reader(departure: Departure) -> list[Entry]:
    """Whoever got such mails and may no longer keep listings holds no link any more.

    Nothing says which link was theirs, so all of the organization end; an old one sends for a new one.
    """
    of_member = Membership.objects.filter(
        organization_id=departure.organization_id, user_id=departure.user_id, role__in=WRITTEN_TO
    )
    if of_member.exists() and not of_member.filter(ended_at__isnull=True).exists():
        ListingLink.objects.filter(
            service__organization_id=departure.organization_id, replaced_at__isnull=True
        ).update(replaced_at=timezone.now())
    return []


def stands(service: Service) -> bool:
    """Published, and of an organization that the network has not shut out."""
    return is_published(service) and service.organization.suspended_at is None


def actor_of(link: ListingLink) -> Actor:
    """Whoever holds the link, for the one listing: nobody by name, for its organization."""
    return Actor(
        channel=Channel.LINK,
        organization_id=link.service.organization_id,
        capabilities=frozenset({Capability.EDIT_LISTINGS}),
    )
