"""Who keeps the network: the organizations whose members admit partners."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from partners.bilingual import localized
from partners.models import Membership, Organization
from partners.notifications import outbox
from partners.roles import Capability, roles_with

KEEPERS = tuple(roles_with(Capability.ADMIT_PARTNERS))


@dataclass(frozen=True)
class Contact:
    name: str
    email: str


def keepers() -> list[UUID]:
    """The organizations in which somebody admits partners today, in a stable order."""
    held = Membership.objects.filter(role__in=KEEPERS, ended_at__isnull=True, user__is_active=True)
    held = held.filter(organization__suspended_at__isnull=True)
    return list(held.order_by("organization_id").values_list("organization_id", flat=True).distinct())


def network_contacts() -> list[Contact]:
    """Where to ask the network; an organization without an address is named alone."""
    rows = Organization.objects.filter(pk__in=keepers())
    return [Contact(localized(row, "name").text, row.email) for row in rows]


def tell_network(kind: str, object_id: UUID) -> None:
    """Owe every keeper of the network a notice. Call it in the act's own transaction."""
    for organization_id in keepers():
        outbox.add(organization_id, kind, object_id, "")
