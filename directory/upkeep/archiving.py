"""Taking a listing out: archived it is in no search any more, deleted it is gone."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from directory.hooks import before_service_delete, open_referrals
from directory.models import Location, Publication, Service
from directory.search import index
from directory.upkeep.access import held_service
from directory.upkeep.errors import ReferralsKept
from partners import audit
from partners.actor import Actor


@transaction.atomic
def archive(actor: Actor, service_id: UUID) -> Service:
    """Never refused: what is open goes on, and nothing new begins. Raises NotSeen and Refused."""
    service = held_service(actor, service_id)
    if service.publication != Publication.ARCHIVED:
        set_archived(service)
        _audit(actor, "archive_listing", service)
    return service


def set_archived(service: Service) -> None:
    """In the caller's transaction, which records it."""
    service.publication = Publication.ARCHIVED
    Service.objects.filter(pk=service.pk).update(publication=Publication.ARCHIVED)
    index.refresh(service)


@transaction.atomic
def delete(actor: Actor, service_id: UUID) -> None:
    """With everything that hangs on it, its places included. Raises NotSeen, Refused, and an Unmet with its
    reason as long as referrals need the listing."""
    service = held_service(actor, service_id)
    for _name, check in before_service_delete:
        check(service.pk)
    _audit(actor, "delete_listing", service)
    here = list(service.at_locations.order_by("pk").values_list("location_id", flat=True))
    try:
        service.delete()
    except ProtectedError as error:  # made since it was looked for
        raise ReferralsKept from error
    Location.objects.filter(pk__in=here, services_here__isnull=True).delete()


def count_open_referrals(service_id: UUID) -> int:
    return sum(count(service_id) for _name, count in open_referrals)


def _audit(actor: Actor, action: str, service: Service) -> None:
    audit.record(audit.Entry(actor, action, "service", service.pk, chains=(service.organization_id,)))
