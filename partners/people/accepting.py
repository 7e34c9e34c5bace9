"""Taking up an invitation by its link. What no longer opens anything says the same whatever the cause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit, one_time
from partners.access import account_of
from partners.actor import Actor, Channel
from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import Invitation, Membership, User
from partners.notifications import outbox
from partners.people.invitations import entry
from partners.people.members import held_organization

KIND = "member_joined"


class Way(StrEnum):
    """How the invited person goes on: as somebody new, or with the account they have."""

    NEW = "new"
    SIGN_IN = "sign_in"
    ACCEPT = "accept"
    OTHER_ACCOUNT = "other_account"


class InvitationEnded(NotSeen):
    """Used, revoked, run out and guessed links are one and the same."""

    message = _("This invitation does not open any more. Ask for a new one.")


@dataclass(frozen=True)
class Opened:
    invitation: Invitation
    way: Way


def open_invitation(token: str, user: User | None) -> Opened:
    """What stands behind a link, for who holds it. Changes nothing. Raises InvitationEnded."""
    invitation = _behind(token).select_related("organization").first()
    if invitation is None:
        raise InvitationEnded
    account = _account(invitation)
    if user is not None:
        same = account is not None and account.pk == user.pk
        return Opened(invitation, Way.ACCEPT if same else Way.OTHER_ACCOUNT)
    if account is None or _has_left(account):
        return Opened(invitation, Way.NEW)
    if not account.is_active:
        raise InvitationEnded
    return Opened(invitation, Way.SIGN_IN)


def accept_as_new(token: str, *, full_name: str, language: str, password: str) -> User:
    """A new account, or one that had left everywhere and is opened again, with a password of its own.

    A second factor it had stays; what opened it alone does not. Raises InvitationEnded, Refused (who has
    an account signs in first), Invalid (full_name, password).
    """
    try:
        with transaction.atomic():
            invitation = _held(token)
            if open_invitation(token, None).way is not Way.NEW:
                raise Refused(_("Sign in first, then open the link again."))
            user = _account(invitation) or User(email=invitation.email)
            user.full_name, user.language, user.is_active = " ".join(full_name.split()), language, True
            _check_password(password, user)
            user.set_password(password)
            user.save()
            _forget_ways_in(user)
            _join(invitation, user)
    except IntegrityError:  # the address became an account in the meantime
        raise Conflict from None
    return user


def accept_as_member(token: str, user: User) -> Invitation:
    """With the account that is signed in, if it is the invited one. Raises InvitationEnded, Refused."""
    with transaction.atomic():
        invitation = _held(token)
        # Locked, as by who leaves: an account that was closed since takes up nothing.
        held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if open_invitation(token, held).way is not Way.ACCEPT or not held.is_active:
            raise Refused(_("This invitation is for another account."))
        _join(invitation, user)
    return invitation


def _behind(token: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        digest=one_time.digest_of(token),
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    )


def _held(token: str) -> Invitation:
    """Locked until it is used up, so that of two at once one finds it used; first the organization.

    Whoever changes roles, invites or leaves holds the organization before anything else.
    """
    found = _behind(token).first()
    if found is not None:
        held_organization(found.organization_id)
    invitation = _behind(token).select_for_update(no_key=True).first()
    if invitation is None:
        raise InvitationEnded
    return invitation


def _account(invitation: Invitation) -> User | None:
    return account_of(invitation.email)


def _has_left(account: User) -> bool:
    """Closed because its last membership ended, and not by anybody's decision about the account."""
    return not account.is_active and not account.memberships.filter(ended_at__isnull=True).exists()


def _forget_ways_in(user: User) -> None:
    """A passkey or the sign-on of another issuer opens an account without its password.

    The address may have another reader since, and whoever left must not come in by what they kept. Codes
    of recovery stand for a second factor: without one they would let nobody in.
    """
    held = Authenticator.objects.filter(user=user)
    held.filter(type=Authenticator.Type.WEBAUTHN).delete()
    if not held.filter(type=Authenticator.Type.TOTP).exists():
        held.delete()
    SocialAccount.objects.filter(user=user).delete()


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"password": list(error.messages)}) from None


def _join(invitation: Invitation, user: User) -> None:
    """The roles of the invitation that they don't have yet; it is used up."""
    organization_id = invitation.organization_id
    here = Membership.objects.filter(user=user, organization_id=organization_id, ended_at__isnull=True)
    had = set(here.values_list("role", flat=True))
    for role in invitation.roles:
        if role not in had:
            Membership.objects.create(user=user, organization_id=organization_id, role=role)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    outbox.add(organization_id, KIND, invitation.pk, "")
    actor = Actor(channel=Channel.SESSION, user_id=user.pk, organization_id=organization_id)
    audit.record(entry(actor, invitation, "member.join", roles=invitation.roles))
