"""Which roles may be given, by whom and where, and what each of them may do in one line."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor
from partners.errors import Invalid, Refused, Suspended, type_of_message
from partners.models import Membership, Organization
from partners.police_channel import is_police
from partners.roles import Capability, Role, roles_with

LINES: dict[Role, Promise] = {
    Role.WORKER: _("Keeps client files, sends referrals and answers those that come in."),
    Role.RECEIVER_INTAKE: _("Answers referrals that come in. Opens no client files of your own."),
    Role.MANAGER: _("As a worker; also opens restricted files with a reason and decides on sharing."),
    Role.LISTING_EDITOR: _("Keeps your listings and your capacity true. Sees no client data."),
    Role.ORGANIZATION_ADMIN: _("Invites members, gives roles, signs the agreement. Sees no client data."),
    Role.PRIVACY_OFFICER: _("Reads the audit log and answers who saw a file."),
    Role.POLICE_LIAISON: _("Sees and answers the calls that workers ask of police, and nothing else."),
    Role.EVALUATOR: _("Reads numbers without names about the whole network."),
    Role.NETWORK_ADMIN: _("Admits partners and keeps the catalogue of the network. Sees no client data."),
}
OF_POLICE = (Role.POLICE_LIAISON, Role.LISTING_EDITOR, Role.ORGANIZATION_ADMIN)
OF_THE_NETWORK = (Role.EVALUATOR, Role.NETWORK_ADMIN)
OF_PARTNERS = tuple(role for role in LINES if role not in (*OF_THE_NETWORK, Role.POLICE_LIAISON))


def has_administrator(organization_id: UUID) -> bool:
    return Membership.objects.filter(
        organization_id=organization_id,
        role=Role.ORGANIZATION_ADMIN,
        ended_at__isnull=True,
        user__is_active=True,
    ).exists()


def choosable(actor: Actor, organization: Organization) -> tuple[Role, ...]:
    """The roles that the actor may give there. Raises Refused where they may give none.

    Of another organization a network administrator names the first administrator alone, who gives every
    other role. The network's own roles are given by a network administrator, in the network's own body.
    """
    own = actor.organization_id == organization.pk
    if actor.is_system:
        return tuple(LINES)
    actor.require(Capability.MANAGE_MEMBERS)
    if not own:
        if not actor.can(Capability.ADMIT_PARTNERS) or has_administrator(organization.pk):
            raise Refused
        return (Role.ORGANIZATION_ADMIN,)
    if is_police(organization):
        return OF_POLICE
    return (*OF_PARTNERS, *OF_THE_NETWORK) if actor.can(Capability.ADMIT_PARTNERS) else OF_PARTNERS


def require_still(actor: Actor) -> None:
    """Asked again once the organization is held: a request that began before its member was dismissed, or
    before a suspension, gives nobody anything any more. Raises Refused, Suspended.
    """
    if actor.is_system:
        return
    managing = Membership.objects.filter(
        user_id=actor.user_id,
        organization_id=actor.organization_id,
        role__in=roles_with(Capability.MANAGE_MEMBERS),
        ended_at__isnull=True,
    )
    held = managing.select_related("organization").first()
    if held is None:
        raise Refused
    if held.organization.suspended_at is not None:
        raise Suspended


def checked(wanted: Collection[str], allowed: Collection[Role]) -> list[Role]:
    """The roles asked for, each once, in the order of the table. Raises Invalid (roles)."""
    message: type_of_message
    if not wanted:
        message = _("Choose at least one role.")
    elif set(wanted) - set(allowed):
        message = _("Choose roles that can be given here.")
    else:
        return [role for role in LINES if role in set(wanted)]
    raise Invalid({"roles": [message]}, message)
