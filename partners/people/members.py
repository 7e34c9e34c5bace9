"""Who belongs to the own organization, and what they may do in it."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit, hooks
from partners.accounts import SECOND_FACTORS
from partners.actor import Actor
from partners.errors import Invalid, LastAdministrator, NotSeen
from partners.hooks import Departure
from partners.models import Membership, Organization, User
from partners.notifications import outbox
from partners.people import invitations
from partners.people.choices import OF_THE_NETWORK, checked, choosable, require_still
from partners.roles import Capability, Role, roles_with

KIND = "member_roles"
KIND_OVER = "work_handed_over"
# An organization that has somebody in one of these never loses the last one.
KEEPERS = (Role.ORGANIZATION_ADMIN, Role.NETWORK_ADMIN)
INVITERS = frozenset(roles_with(Capability.MANAGE_MEMBERS))


@dataclass(frozen=True)
class Member:
    """``last_month`` is the first day of the month of the last sign-in: the day is nobody's business."""

    id: UUID
    name: str
    email: str
    roles: tuple[Role, ...]
    last_month: datetime.date | None
    second_factor: bool


def members_of(actor: Actor) -> QuerySet[User]:
    """The own organization's, by name. Raises NotSignedIn, Refused."""
    actor.require(Capability.MANAGE_MEMBERS)
    return active_in(actor.organization_id).order_by("full_name", "pk")


def active_in(organization_id: UUID | None) -> QuerySet[User]:
    here = Membership.objects.filter(
        user=OuterRef("pk"), organization_id=organization_id, ended_at__isnull=True
    )
    return User.objects.filter(Exists(here))


def described(actor: Actor, users: Collection[User]) -> list[Member]:
    """What the list says of these, in two queries."""
    roles: dict[UUID, list[str]] = {}
    ids = [user.pk for user in users]
    for row in _held(actor.organization_id, ids):
        roles.setdefault(row.user_id, []).append(row.role)
    secured = set(
        Authenticator.objects.filter(user__in=ids, type__in=SECOND_FACTORS).values_list("user_id", flat=True)
    )
    return [
        Member(
            id=user.pk,
            name=user.full_name,
            email=user.email,
            roles=in_order(roles.get(user.pk, [])),
            last_month=timezone.localtime(user.last_login).date().replace(day=1) if user.last_login else None,
            second_factor=user.pk in secured,
        )
        for user in users
    ]


def access_member(actor: Actor, user_id: UUID) -> User:
    """Missing, foreign and gone answer alike. Raises NotSignedIn, Refused, NotSeen."""
    user = members_of(actor).filter(pk=user_id).first()
    if user is None:
        raise NotSeen
    return user


def successors(organization_id: UUID | None, leaving_id: UUID | None) -> QuerySet[User]:
    """Who can take over: the other members of the organization that work with clients."""
    working = Membership.objects.filter(
        user=OuterRef("pk"),
        organization_id=organization_id,
        ended_at__isnull=True,
        role__in=roles_with(Capability.CLIENTS),
    )
    others = User.objects.filter(Exists(working), is_active=True)
    return others.exclude(pk=leaving_id).order_by("full_name", "pk")


def set_roles(
    *, actor: Actor, user_id: UUID, roles: Collection[str], successor_id: UUID | None = None
) -> list[Role]:
    """Give a member these roles and no others. The network's own ones stay where the actor can't give them.

    ``successor_id`` takes over what hangs on the member where they no longer work with clients.
    Raises NotSignedIn, Refused, NotSeen, Invalid (roles, successor), LastAdministrator.
    """
    access_member(actor, user_id)
    with transaction.atomic():
        organization = held_organization(actor.organization_id)
        require_still(actor)
        allowed = choosable(actor, organization)
        wanted = checked(roles, allowed)
        rows = {row.role: row for row in _held(organization.pk, [user_id])}
        if not rows:
            raise NotSeen
        kept = [role for role in OF_THE_NETWORK if role in rows and role not in allowed]
        given = [role for role in wanted if role not in rows]
        taken = [role for role in rows if role not in (*wanted, *kept)]
        if not given and not taken:
            return [*wanted, *kept]
        for role in given:
            Membership.objects.create(user_id=user_id, organization=organization, role=role)
        entries = take_away(actor, [rows[role] for role in taken], successor_id) if taken else []
        outbox.add(organization.pk, KIND, user_id, "")
        details = {"given": [role.value for role in given], "taken": sorted(taken)}
        audit.record(*entries, entry(actor, organization.pk, user_id, "member.roles", **details))
    return [*wanted, *kept]


def held_organization(organization_id: UUID | None) -> Organization:
    """Locked: roles are given and taken one after another, so that two can't both leave as the last."""
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def take_away(actor: Actor, rows: list[Membership], successor_id: UUID | None) -> list[audit.Entry]:
    """End these roles of one member, and hand over what hangs on them; what is to be recorded of it.

    The caller holds the organization. Raises LastAdministrator, and whatever a hook refuses.
    """
    user_id, organization_id = rows[0].user_id, rows[0].organization_id
    Membership.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=timezone.now())
    left = set(
        Membership.objects.filter(
            organization_id=organization_id, ended_at__isnull=True, user__is_active=True
        ).values_list("role", flat=True)
    )
    if any(row.role in KEEPERS and row.role not in left for row in rows):
        raise LastAdministrator
    entries: list[audit.Entry] = []
    if not _held(organization_id, [user_id]).filter(role__in=INVITERS).exists():
        entries += invitations.end_of_inviter(actor, organization_id, user_id)
    return entries + _handed_over(Departure(actor, user_id, organization_id, successor_id))


def _handed_over(departure: Departure) -> list[audit.Entry]:
    """What the registered hooks hand over; a successor who got something is told by letter."""
    successor_id, organization_id = departure.successor_id, departure.organization_id
    if successor_id:
        fits = successors(organization_id, departure.user_id).filter(pk=successor_id)
        if not fits.exists():
            message = _("Choose somebody who works with clients here.")
            raise Invalid({"successor": [message]}, message)
    entries = [entry for __, hand_over in hooks.member_left for entry in hand_over(departure)]
    if successor_id and entries:
        outbox.add(organization_id, KIND_OVER, successor_id, "")
    return entries


def in_order(roles: Collection[str]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)


def entry(actor: Actor, organization_id: UUID, user_id: UUID, action: str, **details: object) -> audit.Entry:
    return audit.Entry(
        actor=actor,
        action=action,
        object_type="user",
        object_id=user_id,
        chains=(organization_id,),
        details=details,
    )


def _held(organization_id: UUID | None, user_ids: Collection[UUID]) -> QuerySet[Membership]:
    active = Membership.objects.filter(organization_id=organization_id, ended_at__isnull=True)
    return active.filter(user_id__in=user_ids).order_by("role")
