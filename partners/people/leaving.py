"""Leaving an organization: access ends at once, and open work finds somebody else."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from partners import audit
from partners.actor import Actor
from partners.errors import NotSeen, NotSignedIn, Refused
from partners.models import ApiToken, Membership, Notification, NotificationChoice, User
from partners.notifications import outbox
from partners.people.choices import OF_THE_NETWORK, choosable, require_still
from partners.people.members import access_member, entry, held_organization, take_away
from partners.signing import sessions

KIND = "member_left"


def end_membership(*, actor: Actor, user_id: UUID, successor_id: UUID | None = None) -> None:
    """End all that a member is in the own organization, and revoke what opened it.

    Sessions and tokens are nothing from the next request on. Raises NotSignedIn, Refused, NotSeen,
    Invalid (successor), LastAdministrator.
    """
    access_member(actor, user_id)
    with transaction.atomic():
        organization = held_organization(actor.organization_id)
        require_still(actor)
        roles = set(_rows(organization.pk, user_id).values_list("role", flat=True))
        if roles & set(OF_THE_NETWORK) - set(choosable(actor, organization)):
            raise Refused
        _end(actor, organization.pk, user_id, successor_id)


def leave(*, actor: Actor, successor_id: UUID | None = None) -> None:
    """The member ends it by themself, in the organization for which they act.

    Raises NotSignedIn, NotSeen (no membership), Invalid (successor), LastAdministrator.
    """
    if actor.user_id is None:
        raise NotSignedIn
    if actor.organization_id is None:
        raise NotSeen
    with transaction.atomic():
        organization = held_organization(actor.organization_id)
        _end(actor, organization.pk, actor.user_id, successor_id)


def _end(actor: Actor, organization_id: UUID, user_id: UUID, successor_id: UUID | None) -> None:
    rows = list(_rows(organization_id, user_id))
    if not rows:
        raise NotSeen
    entries = take_away(actor, rows, successor_id)
    tokens = ApiToken.objects.filter(
        user_id=user_id, organization_id=organization_id, revoked_at__isnull=True
    ).update(revoked_at=timezone.now())
    of_member = {"user_id": user_id, "organization_id": organization_id}
    Notification.objects.filter(**of_member).delete()
    NotificationChoice.objects.filter(**of_member).delete()
    _close_without_membership(user_id)
    outbox.add(organization_id, KIND, user_id, "")
    left = {"taken": sorted(row.role for row in rows), "tokens": tokens}
    audit.record(*entries, entry(actor, organization_id, user_id, "member.leave", **left))


def _close_without_membership(user_id: UUID) -> None:
    """An account that belongs nowhere signs in to nothing. A new invitation opens it again.

    Its row is locked: of two organizations that it leaves at once, the second finds the first one done.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not Membership.objects.filter(user_id=user_id, ended_at__isnull=True).exists():
        user.is_active = False
        user.save(update_fields=["is_active"])
        sessions.end_all(user_id)


def _rows(organization_id: UUID, user_id: UUID):  # type: ignore[no-untyped-def]  # a queryset
    return Membership.objects.filter(
        organization_id=organization_id, user_id=user_id, ended_at__isnull=True
    ).order_by("role")
