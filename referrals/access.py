"""You cannot hold an object you may not touch: each function answers it, or raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db.models import Manager, Model, QuerySet

from partners.actor import Actor, Channel, Side
from partners.errors import NotSeen, NotSignedIn, Refused
from partners.police_channel import is_police
from partners.roles import Capability
from referrals.models import Client, Consent, Referral, ReferralKind
from referrals.querysets import ReferralQuerySet

Row = TypeVar("Row", bound=Model)
Known = TypeVar("Known")


def access_referral(referral_id: UUID, actor: Actor) -> Referral:
    """401 without a sign-in; missing and foreign ids answer the same 404."""
    return _of(Referral.objects.visible_to(actor).for_list(), referral_id, actor)


def page_referral(referral_id: UUID, actor: Actor) -> Referral:
    """As ``access_referral``, with what the referral's own page asks of it (``known``)."""
    return _of(Referral.objects.visible_to(actor).for_page(), referral_id, actor)


def _of(rows: ReferralQuerySet, referral_id: UUID, actor: Actor) -> Referral:
    if actor.is_anonymous:
        raise NotSignedIn
    referral = rows.filter(pk=referral_id).first()
    if referral is None:
        raise NotSeen
    return referral


def known(referral: Referral, name: str, ask: Callable[[], Known]) -> Known:
    """What the query of the referral's page brought along, or else what is asked now."""
    brought: dict[str, Known] = vars(referral)
    return brought[name] if name in brought else ask()


def access_client(client_id: UUID, actor: Actor) -> Client:
    """Own organization's clients only. 403 for a member who does not work with clients."""
    actor.require(Capability.CLIENTS)
    client = Client.objects.visible_to(actor).select_related("safe_area").filter(pk=client_id).first()
    if client is None:
        raise NotSeen
    return client


def access_consent(consent_id: UUID, actor: Actor) -> Consent:
    """A consent of one of the own organization's clients."""
    actor.require(Capability.CLIENTS)
    consent = (
        Consent.objects.visible_to(actor).select_related("client", "recipient").filter(pk=consent_id).first()
    )
    if consent is None:
        raise NotSeen
    return consent


def held(rows: QuerySet[Row] | Manager[Row], pk: UUID) -> Row:
    """The row, held until the transaction ends, or NotSeen where it went since it was last seen.

    Whoever writes something that hangs on a row holds that row first, or one above it that a deletion
    holds too. The key is left free: what only points to the row need not wait.
    """
    row = rows.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        raise NotSeen
    return row


def sides_of(referral: Referral, actor: Actor) -> frozenset[Side]:
    """The sides the actor may stand on, by organization and capability; a link is the receiver.

    What is logged for a body outside the network has a sender only.
    """
    logged = referral.kind == ReferralKind.LOGGED
    if actor.channel is Channel.LINK and not logged:
        opens = actor.referral_id == referral.pk and not is_police(referral.receiver)
        return frozenset({Side.RECEIVER} if opens else ())
    sides = set()
    if referral.sender_id == actor.organization_id and actor.can(Capability.SEND):
        sides.add(Side.SENDER)
    if referral.receiver_id == actor.organization_id and not logged and _answers(referral, actor):
        sides.add(Side.RECEIVER)
    return frozenset(sides)


def _answers(referral: Referral, actor: Actor) -> bool:
    """Police answer through their own channel (``referrals.calls``), and nobody else does there."""
    if actor.can(Capability.POLICE_CHANNEL):
        return is_police(referral.receiver)
    return actor.can(Capability.ANSWER)


def side_of(referral: Referral, actor: Actor) -> Side:
    """The side the actor acts on: the one they have, or the one they said where they have both.

    Who has both and says neither reads as the sender, whose view is the fuller one they own anyway.
    """
    sides = sides_of(referral, actor)
    if not sides:
        raise NotSeen
    if actor.acting_as is not None:
        if actor.acting_as not in sides:
            raise Refused
        return actor.acting_as
    return Side.SENDER if Side.SENDER in sides else Side.RECEIVER
