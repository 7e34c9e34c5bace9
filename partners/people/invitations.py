"""Asking somebody to become a member. The link is made by the letter that takes it, not here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.errors import Invalid, NotSeen, type_of_message
from partners.form_words import AN_ADDRESS, REQUIRED
from partners.models import Invitation, Membership, Organization, User
from partners.notifications import outbox
from partners.people.choices import checked, choosable, require_still
from partners.roles import Capability

KIND = "invitation"
VALID_FOR = timedelta(days=7)
NAME_LENGTH = 150


def invite(
    actor: Actor,
    *,
    organization: Organization,
    email: str,
    full_name: str,
    language: str,
    roles: Collection[str],
) -> Invitation:
    """Invite by mail, in place of an open invitation to the same address, and owe the letter.

    By whoever manages the members there; a network administrator invites the first administrator of an
    organization without one. Whether the address has an account elsewhere is neither asked nor told.
    Raises NotSignedIn, Refused, Invalid (email, full_name, language, roles).
    """
    allowed = choosable(actor, organization)
    address, name = _checked(email, full_name, language)
    given = checked(roles, allowed)
    _not_oneself(actor, organization, address)
    with transaction.atomic():
        # One at a time for each organization: an address has one open invitation at most.
        _hold(actor, organization)
        _not_a_member(organization, address)
        replaced = _end(open_invitations(organization.pk).filter(email__iexact=address))
        invitation = Invitation.objects.create(
            organization=organization,
            email=address,
            full_name=name,
            language=language,
            roles=[role.value for role in given],
            invited_by_id=actor.user_id,
            expires_at=timezone.now() + VALID_FOR,
        )
        outbox.add(organization.pk, KIND, invitation.pk, "")
        audit.record(
            *_taken_back(actor, replaced, "replaced"),
            entry(actor, invitation, "member.invite", roles=invitation.roles),
        )
    return invitation


def open_invitations(organization_id: UUID | None) -> QuerySet[Invitation]:
    """Neither taken up nor taken back, whether their link has run out or not; the newest first."""
    of_organization = Invitation.objects.filter(organization_id=organization_id)
    return of_organization.filter(accepted_at__isnull=True, revoked_at__isnull=True)


def access_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """An open one of the own organization. Raises NotSignedIn, Refused, NotSeen."""
    actor.require(Capability.MANAGE_MEMBERS)
    own = open_invitations(actor.organization_id).select_related("organization")
    found = own.filter(pk=invitation_id).first()
    if found is None:
        raise NotSeen
    return found


def resend(actor: Actor, invitation_id: UUID) -> Invitation:
    """The same invitation anew: a new link for seven days, and the older one is dead."""
    older = access_invitation(actor, invitation_id)
    return invite(
        actor,
        organization=older.organization,
        email=older.email,
        full_name=older.full_name,
        language=older.language,
        roles=older.roles,
    )


def revoke(actor: Actor, invitation_id: UUID) -> None:
    """Take it back: its link opens nothing from now on."""
    access_invitation(actor, invitation_id)
    with transaction.atomic():
        ended = _end(open_invitations(actor.organization_id).filter(pk=invitation_id))
        if not ended:
            raise NotSeen
        audit.record(*_taken_back(actor, ended, "revoked"))


def end_of_inviter(actor: Actor, organization_id: UUID, user_id: UUID) -> list[audit.Entry]:
    """Take back what somebody who can no longer invite has sent; what the caller records of it.

    Otherwise who is about to leave could keep a door open.
    """
    ended = _end(open_invitations(organization_id).filter(invited_by_id=user_id))
    return _taken_back(actor, ended, "inviter_left")


def entry(actor: Actor, invitation: Invitation, action: str, **details: object) -> audit.Entry:
    return audit.Entry(
        actor=actor,
        action=action,
        object_type="invitation",
        object_id=invitation.pk,
        chains=(invitation.organization_id,),
        details=details,
    )


def _end(invitations: QuerySet[Invitation]) -> list[Invitation]:
    ended = list(invitations.select_for_update(no_key=True))
    Invitation.objects.filter(pk__in=[row.pk for row in ended]).update(revoked_at=timezone.now())
    return ended


def _taken_back(actor: Actor, ended: list[Invitation], why: str) -> list[audit.Entry]:
    return [entry(actor, row, "member.uninvite", why=why) for row in ended]


def _hold(actor: Actor, organization: Organization) -> None:
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    require_still(actor)


def _not_a_member(organization: Organization, address: str) -> None:
    here = Membership.objects.filter(organization=organization, ended_at__isnull=True)
    if here.filter(user__email__iexact=address).exists():
        message = _("This person is a member already. Change their roles on the page of members.")
        raise Invalid({"email": [message]}, message)


def _not_oneself(actor: Actor, organization: Organization, address: str) -> None:
    """The network gives nobody a way into a partner by their own hand."""
    elsewhere = actor.organization_id != organization.pk
    if elsewhere and User.objects.filter(pk=actor.user_id, email__iexact=address).exists():
        message = _("Invite somebody of that organization, not yourself.")
        raise Invalid({"email": [message]}, message)


def _checked(email: str, full_name: str, language: str) -> tuple[str, str]:
    """The address as accounts keep it, and the name on one line."""
    errors: dict[str, list[type_of_message]] = {}
    address, name = User.objects.normalize_email(email.strip()).lower(), " ".join(full_name.split())
    try:
        validate_email(address)
    except ValidationError:
        errors["email"] = [AN_ADDRESS]
    if not name:
        errors["full_name"] = [REQUIRED]
    elif len(name) > NAME_LENGTH:
        errors["full_name"] = [_("This name is too long.")]
    if language not in dict(User._meta.get_field("language").choices or ()):
        errors["language"] = [_("Choose English or French.")]
    if errors:
        raise Invalid(errors)
    return address, name
