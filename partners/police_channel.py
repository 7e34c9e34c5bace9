"""Whether an organization's workers may ask a police liaison to call. Off until the organization decides."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from partners import audit
from partners.actor import Actor
from partners.errors import Refused
from partners.models import Organization
from partners.models.organizations import PartnerKind
from partners.roles import Capability


def is_police(organization: Organization) -> bool:
    return organization.kind == PartnerKind.POLICE_LIAISON


def uses_channel(organization_id: UUID | None) -> bool:
    return Organization.objects.filter(pk=organization_id, uses_police_channel=True).exists()


def switch(*, actor: Actor, on: bool, organization_id: UUID | None = None) -> Organization:
    """Switch the own organization's channel, or as the system any one's. The same state again is no act.

    What was sent before stays sent: its consent ends by itself or is withdrawn. Raises Refused.
    """
    if not actor.is_system:
        actor.require(Capability.SWITCH_POLICE_CHANNEL)
        organization_id = actor.organization_id
    with transaction.atomic():
        # The key stays free: every act that ends at this moment points to its organization.
        organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
        if is_police(organization):
            raise Refused
        if organization.uses_police_channel == on:
            return organization
        organization.uses_police_channel = on
        organization.save(update_fields=["uses_police_channel", "last_modified"])
        audit.record(
            audit.Entry(
                actor=actor,
                action="organization.police_channel",
                object_type="organization",
                object_id=organization.pk,
                chains=(organization.pk,),
                details={"switched": "on" if on else "off"},
            )
        )
    return organization
