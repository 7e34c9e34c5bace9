"""From a signed-in user or a token to an Actor."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from partners.actor import ANONYMOUS, Actor, Channel
from partners.models import ApiToken, Membership, Organization, User
from partners.models.organizations import PartnerKind
from partners.one_time import digest_of
from partners.roles import capabilities_of

SESSION_ORGANIZATION = "organization"  # the key in a session of the one it acts for
TOKEN_PREFIX = "relais_"  # noqa: S105 - the public prefix that secret scanners look for


def memberships_of(user_id: UUID) -> QuerySet[Membership]:
    """What the user is today, with their organizations, these by name."""
    active = Membership.objects.filter(user_id=user_id, ended_at__isnull=True)
    return active.select_related("organization").order_by("organization__name_en", "organization_id", "role")


def account_of(address: str) -> User | None:
    """Whose sign-in has this address, open or closed, in capitals or not.

    PostgreSQL compares capitals, and other letters have the same one as an i or a k: what only looks alike
    is another mailbox.
    """
    folded = address.casefold(), address.isascii()
    alike = User.objects.filter(email__iexact=address)
    return next((user for user in alike if (user.email.casefold(), user.email.isascii()) == folded), None)


def actor_for(user: User, organization_id: UUID | None, channel: Channel = Channel.SESSION) -> Actor:
    """The user in one of their organizations; without one given, the first by name they belong to.

    A user without a membership there is an actor without an organization, who may do nothing.
    """
    return actor_with(list(memberships_of(user.pk)), user, organization_id, channel)


def actor_with(
    memberships: list[Membership],
    user: User,
    organization_id: UUID | None,
    channel: Channel = Channel.SESSION,
) -> Actor:
    """As ``actor_for``, where the memberships have been read already.

    In a suspended organization they may do nothing; without one given, another one goes first.
    """
    open_first = sorted(memberships, key=lambda row: row.organization.suspended_at is not None)
    organizations = [row.organization_id for row in open_first]
    chosen = organization_id if organization_id in organizations else None
    if chosen is None and organization_id is None and organizations:
        chosen = organizations[0]
    held = [row for row in memberships if row.organization_id == chosen]
    police = any(row.organization.kind == PartnerKind.POLICE_LIAISON for row in held)
    suspended = any(row.organization.suspended_at is not None for row in held)
    roles = [] if suspended else [row.role for row in held]
    return Actor(
        channel=channel,
        user_id=user.pk,
        organization_id=chosen,
        capabilities=capabilities_of(roles, police=police),
        suspended=suspended,
    )


def create_token(user: User, organization: Organization, scopes: list[str], days: int) -> str:
    """A new token. The answer is the only time it can be read."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user,
        organization=organization,
        scopes=scopes,
        digest=digest_of(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    return secret


def actor_for_token(secret: str) -> Actor:
    """ANONYMOUS for an unknown, expired or revoked token, a member who has left, a suspended organization.

    Scopes are capabilities; a token never has more than its user has today in that organization.
    """
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(secret), revoked_at__isnull=True, expires_at__gt=timezone.now())
        .first()
    )
    if token is None or not token.user.is_active:
        return ANONYMOUS
    actor = actor_for(token.user, token.organization_id, Channel.TOKEN)
    if actor.organization_id is None or actor.suspended:
        return ANONYMOUS
    allowed = frozenset(c for c in actor.capabilities if not token.scopes or c.value in token.scopes)
    return Actor(
        channel=Channel.TOKEN,
        user_id=token.user_id,
        organization_id=token.organization_id,
        capabilities=allowed,
    )
