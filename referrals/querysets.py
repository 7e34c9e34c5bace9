"""What is read of clients and referrals: visibility first, always by Actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from partners.actor import Actor, Channel, Side
from partners.roles import Capability

if TYPE_CHECKING:
    from referrals.models import Client, Consent, Need, Referral  # noqa: F401 - only for annotations


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, actor: Actor) -> ClientQuerySet:
        """The own organization's clients, for those who work with clients. Nobody else, ever."""
        if actor.organization_id is None or not actor.can(Capability.CLIENTS):
            return self.none()
        return self.filter(organization_id=actor.organization_id)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, actor: Actor) -> ConsentQuerySet:
        """Consents of the own organization's clients."""
        if actor.organization_id is None or not actor.can(Capability.CLIENTS):
            return self.none()
        return self.filter(client__organization_id=actor.organization_id)

    def live(self) -> ConsentQuerySet:
        """In force now: given, not refused, not ended in any way."""
        now = timezone.now()
        return self.filter(
            refused=False,
            withdrawn_at__isnull=True,
            superseded_at__isnull=True,
            given_at__lte=now,
            expires_at__gt=now,
        )


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, actor: Actor) -> NeedQuerySet:
        """Needs of the own organization's clients."""
        if actor.organization_id is None or not actor.can(Capability.CLIENTS):
            return self.none()
        return self.filter(client__organization_id=actor.organization_id)


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, actor: Actor) -> ReferralQuerySet:
        """The sender's own, and what was sent to the receiver; a one-time link sees its single one.

        A draft does not exist for the receiver, nor does one that was withdrawn before it was sent.
        """
        if actor.channel is Channel.LINK:
            return self.filter(pk=actor.referral_id).exclude(sent_at__isnull=True)
        if actor.is_system:
            return self.all()
        sent = models.Q(sender_id=actor.organization_id)
        received = models.Q(receiver_id=actor.organization_id, sent_at__isnull=False)
        sides = models.Q(pk__in=[])
        if actor.organization_id and actor.can(Capability.SEND):
            sides |= sent
        if actor.organization_id and actor.can(Capability.ANSWER):
            sides |= received
        return self.filter(sides)

    def box(self, actor: Actor, side: Side) -> ReferralQuerySet:
        """The inbox (receiver) or the sent box (sender) of the actor's organization."""
        seen = self.visible_to(actor)
        if side is Side.RECEIVER:
            return seen.filter(receiver_id=actor.organization_id, sent_at__isnull=False)
        return seen.filter(sender_id=actor.organization_id)

    def for_list(self) -> ReferralQuerySet:
        """With what a row of a list shows."""
        return self.select_related("service", "sender", "receiver", "need__category__parent", "consent")
