"""What is read of clients and referrals: visibility first, always by Actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from partners.actor import Actor, Channel, Side
from partners.models.organizations import PartnerKind
from partners.roles import Capability, roles_with
from referrals.partnership import LACKING, between_partners, lacking, left_open
from referrals.workflow import OPEN, TOMBSTONED, Status

if TYPE_CHECKING:
    from referrals.models import Client, Consent, Introduction, Need, Referral  # noqa: F401 - only for annotations


NOT_SUSPENDED = {"sender__suspended_at__isnull": True, "receiver__suspended_at__isnull": True}


def live_now(prefix: str = "") -> models.Q:
    """A consent in force, as ``consent.is_live`` says it; ``prefix`` leads to it from another table."""
    now = timezone.now()
    wanted = {
        "refused": False,
        "withdrawn_at__isnull": True,
        "superseded_at__isnull": True,
        "given_at__lte": now,
        "expires_at__gt": now,
    }
    return models.Q(**{f"{prefix}{name}": value for name, value in wanted.items()})


def still_shared() -> models.Q:
    """Referrals of which the receiver sees more than a tombstone, as ``consent.stage_of`` says it."""
    ended = models.Q(status__in=[status.value for status in TOMBSTONED])
    whose = models.Q(consent__recipient=models.F("receiver"), consent__client=models.F("client"))
    return ~ended & whose & live_now("consent__") & between_partners()


def answerers() -> models.QuerySet[Any]:
    """Memberships of those who can sign in and answer a referral for their organization."""
    return apps.get_model("partners.Membership")._default_manager.filter(
        ended_at__isnull=True, user__is_active=True, role__in=roles_with(Capability.ANSWER)
    )


def logged() -> models.Q:
    """Written down for a body outside the network, which never sees it, also once it has joined."""
    return models.Q(kind="logged")


def open_file(actor: Actor, client: str = "client") -> models.Q:
    """Leaves out whatever hangs on a restricted file that is closed to the actor.

    A restricted file is open to its care team, and to a manager for as long as a broken glass lasts.
    ``client`` leads to the client from the table that is asked. The few closed files are looked up by
    themselves, so that the table keeps its own indexes.
    """
    closed = apps.get_model("referrals.Client").objects.filter(
        ~_on_file(actor, "CareTeamMember"), organization_id=actor.organization_id, is_restricted=True
    )
    if actor.can(Capability.BREAK_GLASS):
        closed = closed.exclude(_on_file(actor, "GlassBreak", until__gt=timezone.now()))
    return ~models.Q(**{f"{client}__in": closed.values("pk")})


def _on_file(actor: Actor, model: str, **criteria: object) -> models.Exists:
    rows = apps.get_model(f"referrals.{model}")._default_manager
    return models.Exists(rows.filter(client=models.OuterRef("pk"), user_id=actor.user_id, **criteria))


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, actor: Actor) -> ClientQuerySet:
        """The own organization's clients, for those who work with clients. Nobody else, ever.

        A restricted file is there for its care team alone; the same holds for all that hangs on it.
        """
        if actor.organization_id is None or not actor.can(Capability.CLIENTS):
            return self.none()
        return self.filter(open_file(actor, "pk"), organization_id=actor.organization_id)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, actor: Actor) -> ConsentQuerySet:
        """Consents of the own organization's clients."""
        if actor.organization_id is None or not actor.can(Capability.CLIENTS):
            return self.none()
        return self.filter(open_file(actor), client__organization_id=actor.organization_id)

    def live(self) -> ConsentQuerySet:
        """In force now: given, not refused, not ended in any way."""
        return self.filter(live_now())


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, actor: Actor) -> NeedQuerySet:
        """Needs of the own organization's clients."""
        if actor.organization_id is None or not actor.can(Capability.CLIENTS):
            return self.none()
        return self.filter(open_file(actor), client__organization_id=actor.organization_id)


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def visible_to(self, actor: Actor) -> IntroductionQuerySet:
        """What was left for the own program, for those who work with clients. Nobody else, ever."""
        if actor.organization_id is None or not actor.can(Capability.CLIENTS):
            return self.none()
        return self.filter(open_file(actor), left_open(), receiver_id=actor.organization_id)


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, actor: Actor) -> ReferralQuerySet:
        """The sender's own, and what was sent to the receiver; a one-time link sees its single one.

        A draft does not exist for the receiver, nor does one that was withdrawn before it was sent, nor
        what the sender logs for a body outside the network.
        Police have a door of their own, ``asked_of_police``, and no link leads to a call. A link is dead
        while either side is suspended.
        Of a restricted file the own organization's other members see none, on either side.
        """
        if actor.channel is Channel.LINK:
            linked = self.filter(pk=actor.referral_id, sent_at__isnull=False, **NOT_SUSPENDED)
            return linked.exclude(logged()).exclude(receiver__kind=PartnerKind.POLICE_LIAISON)
        if actor.is_system:
            return self.all()
        sent = models.Q(sender_id=actor.organization_id)
        received = models.Q(receiver_id=actor.organization_id, sent_at__isnull=False) & ~logged()
        sides = models.Q(pk__in=[])
        if actor.organization_id and actor.can(Capability.SEND):
            sides |= sent
        if actor.organization_id and actor.can(Capability.ANSWER):
            sides |= received
        return self.filter(sides, open_file(actor))

    def asked_of_police(self, actor: Actor) -> ReferralQuerySet:
        """The calls that were asked of the actor's police liaison: the only rows police see at all.

        They are apart from ``visible_to``, so that whatever is opened to receivers stays shut to police.
        """
        if actor.organization_id is None or not actor.can(Capability.POLICE_CHANNEL):
            return self.none()
        asked = self.filter(receiver_id=actor.organization_id, sent_at__isnull=False, kind="outgoing")
        return asked.filter(receiver__kind=PartnerKind.POLICE_LIAISON)

    def box(self, actor: Actor, side: Side) -> ReferralQuerySet:
        """The inbox (receiver) or the sent box (sender) of the actor's organization."""
        seen = self.visible_to(actor)
        if side is Side.RECEIVER:
            return seen.filter(~logged(), receiver_id=actor.organization_id, sent_at__isnull=False)
        return seen.filter(sender_id=actor.organization_id)

    def shared(self) -> ReferralQuerySet:
        """Those of which the receiver sees more than a tombstone."""
        return self.filter(still_shared())

    def told_as(self, status: str, actor: Actor) -> ReferralQuerySet:
        """Those that stand at this status as far as the actor's side may know (``telling.told_status``)."""
        ends = {Status.CLOSED.value: ("outcomes", {}), Status.DECLINED.value: ("events", {"kind": "decline"})}
        told = models.Q(still_shared(), status=status)
        if status in ends:
            told = models.Q(self._has(*ends[status]))
        own = models.Q(sender_id=actor.organization_id)
        if actor.acting_as is Side.RECEIVER or not actor.can(Capability.SEND):
            own = models.Q(pk__in=[])
        return self.filter(models.Q(own, status=status) | (~own & told))

    def _has(self, relation: str, criteria: dict[str, str]) -> models.Exists:
        rows = self.model._meta.get_field(relation).related_model._default_manager
        return models.Exists(rows.filter(referral=models.OuterRef("pk"), **criteria))

    def for_page(self) -> ReferralQuerySet:
        """With what a referral's own page asks of it, beside what it lists (``access.known``)."""
        phases = apps.get_model("referrals.ClientPhase").objects.filter(
            client=models.OuterRef("client"), left_on__isnull=True
        )
        languages = apps.get_model("directory.Language").objects.filter(service=models.OuterRef("service"))
        further = self.model._default_manager.filter(
            continues=models.OuterRef("pk"), status__in=[status.value for status in OPEN]
        )
        return (
            self.for_list()
            .select_related(
                "client__safe_area", "need__category__parent__parent", "service__organization", "continues"
            )
            .annotate(
                current_phase=models.Subquery(phases.values("phase")[:1]),
                is_continued=models.Exists(further),
                asks_language=models.Exists(languages),
                receiver_answers=models.Exists(answerers().filter(organization=models.OuterRef("receiver"))),
                was_asked_to_go_on=self._has("events", {"kind": "continue_asked"}),
            )
        )

    def for_list(self) -> ReferralQuerySet:
        """With what a row of a list shows."""
        seen = self.select_related("service", "sender", "receiver", "need__category__parent", "consent")
        return seen.annotate(**{LACKING: lacking()})
