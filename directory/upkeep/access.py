"""One listing in the hands of who keeps it true: an editor of its owner, the network, or a mail's link."""

from __future__ import annotations

from uuid import UUID

from directory.models import CheckMethod, Publication, Service
from directory.proposals.access import listings_of
from partners.actor import Actor, Channel
from partners.errors import NotSeen

METHODS = {Channel.LINK: CheckMethod.LINK, Channel.TOKEN: CheckMethod.TOKEN}


def kept_service(actor: Actor, service_id: UUID) -> Service:
    """With its organization. Raises NotSignedIn, Refused, and NotSeen for any other."""
    rows = listings_of(actor).select_related("organization", "capacity")
    service: Service | None = rows.filter(pk=service_id).first()
    if service is None:
        raise NotSeen
    return service


def held_service(actor: Actor, service_id: UUID) -> Service:
    """The same, and nobody else changes it until the transaction ends."""
    rows = listings_of(actor).select_for_update(of=("self",), no_key=True)
    service: Service | None = rows.filter(pk=service_id).first()
    if service is None:
        raise NotSeen
    return service


def method_of(actor: Actor) -> CheckMethod:
    return METHODS.get(actor.channel, CheckMethod.SESSION)


def is_published(service: Service) -> bool:
    return service.publication == Publication.PUBLISHED
