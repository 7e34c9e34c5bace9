"""Which listings, proposals and reports an actor keeps, and whose names they read there."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from directory.models import ListingProposal, ListingReport, Service
from directory.querysets import ServiceQuerySet
from partners.actor import Actor
from partners.errors import NotSeen
from partners.models import Membership, User
from partners.roles import Capability, roles_with

EDITORS = roles_with(Capability.EDIT_LISTINGS)
KEEPERS = roles_with(Capability.KEEP_CATALOGUE)


def keeps_all(actor: Actor) -> bool:
    return actor.organization_id is not None and actor.can(Capability.KEEP_CATALOGUE)


def kept_by(actor: Actor, prefix: str = "") -> Q:
    """The own organization's listings; all of them for who keeps the catalogue. 401, 403 without either."""
    if keeps_all(actor):
        return Q()
    actor.require(Capability.EDIT_LISTINGS)
    return Q(**{f"{prefix}organization_id": actor.organization_id})


def listings_of(actor: Actor) -> ServiceQuerySet:
    return Service.objects.filter(kept_by(actor))


def access_listing(service_id: UUID, actor: Actor) -> Service:
    """With all that its shape holds. Missing and foreign ones answer the same 404."""
    found = listings_of(actor).for_listing().prefetch_related("service_areas").filter(pk=service_id).first()
    if found is None:
        raise NotSeen
    return found


def proposals_of(actor: Actor) -> QuerySet[ListingProposal]:
    return ListingProposal.objects.filter(kept_by(actor, "service__")).select_related("service__organization")


def access_proposal(proposal_id: UUID, actor: Actor) -> ListingProposal:
    found = proposals_of(actor).filter(pk=proposal_id).first()
    if found is None:
        raise NotSeen
    return found


def reports_of(actor: Actor) -> QuerySet[ListingReport]:
    """The owner's; to the network those alone that were passed on, and those of its own listings."""
    rows = ListingReport.objects.select_related("service__organization")
    if keeps_all(actor):
        own = Q(service__organization_id=actor.organization_id)
        return rows.filter(own | Q(passed_on_at__isnull=False))
    return rows.filter(kept_by(actor, "service__"))


def access_report(report_id: UUID, actor: Actor) -> ListingReport:
    found = reports_of(actor).filter(pk=report_id).first()
    if found is None:
        raise NotSeen
    return found


def has_editors(organization_id: UUID, but: UUID | None = None) -> bool:
    """Whether somebody there can be told of a listing; ``but``: somebody else than this user."""
    active = Membership.objects.filter(organization_id=organization_id, ended_at__isnull=True)
    return active.filter(role__in=EDITORS, user__is_active=True).exclude(user_id=but).exists()


def names_for(actor: Actor, service: Service, user_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Who did something to a listing: the owner's people by name to the owner, all of them to the network."""
    wanted = {user_id for user_id in user_ids if user_id}
    users = {user.pk: user for user in User.objects.filter(pk__in=wanted)}
    own = set(
        Membership.objects.filter(organization_id=service.organization_id, user_id__in=wanted).values_list(
            "user_id", flat=True
        )
    )
    names: dict[UUID | None, str] = {None: _("Relais itself")}
    for user_id in wanted:
        user = users.get(user_id)
        readable = user is not None and (user_id in own or keeps_all(actor))
        names[user_id] = user.full_name or user.email if user and readable else _("The network")
    return names
