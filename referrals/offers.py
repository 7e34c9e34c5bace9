"""A need offered to one service, to a list of them one after another, or to several at once (ADR 008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from directory.models import Service
from partners import audit
from partners.actor import Actor, Side
from partners.errors import Conflict, DomainError, Invalid, NotSeen, type_of_message
from partners.roles import Capability
from referrals import actions, turns
from referrals.access import access_referral
from referrals.drafts import create_draft, kind_of
from referrals.models import Need, OfferMode, Referral, ReferralKind
from referrals.needs import access_need
from referrals.workflow import OPEN, Status

MOST = 10
_TAKEN = [Status.ACCEPTED.value, Status.IN_SERVICE.value]


@dataclass(frozen=True)
class Sent:
    """What became of one draft: sent, or why not, in a code and in words."""

    referral: Referral
    sent: bool
    code: str = ""
    problem: type_of_message = ""


def offer_need(
    *, actor: Actor, need_id: UUID, services: Sequence[UUID], mode: str, consents: Sequence[UUID | None] = ()
) -> list[Referral]:
    """A draft for each service, all of them or none; in the given order where they are asked in turn.

    Each stands on its own consent, given here or the newest live one for its partner. Nothing is sent.
    Raises NotSeen, ListingNotOpen, Conflict (need closed, or accepted by a partner already), Invalid
    (services, mode).
    """
    actor.require(Capability.SEND)
    need = access_need(need_id, actor)
    _check(services, mode)
    with transaction.atomic():
        need = turns.hold(need.pk)
        if need.referrals.filter(status__in=_TAKEN).exists():
            raise Conflict(_("A partner has accepted this need already."))
        last = need.referrals.aggregate(Max("position"))["position__max"] or 0
        drafts = []
        for index, service_id in enumerate(services):
            position = last + 1 + index if mode == OfferMode.IN_TURN else None
            consent_id = consents[index] if index < len(consents) else None
            drafts.append(
                _draft(actor, need, service_id, position, consent_id, alone=mode == OfferMode.SINGLE)
            )
        # One more beside others is no reason to stop a list.
        if mode != OfferMode.SINGLE or not last:
            Need.objects.filter(pk=need.pk).update(offer_mode=mode)
        _audit(actor, need, mode, len(drafts))
    return drafts


def send_offers(*, actor: Actor, need_id: UUID) -> list[Sent]:
    """Send what is ready, each by itself, and say of each draft what became of it.

    One after another: the first of the list alone, and only while nobody else is being asked. Each needs
    its own live consent, agreement, listing and age, as for any other referral.
    """
    actor.require(Capability.SEND)
    need = access_need(need_id, actor)
    rows = Referral.objects.visible_to(actor).filter(need=need).order_by(*turns.IN_ORDER)
    drafts = [row for row in rows if row.status == Status.DRAFT.value]
    if need.offer_mode == OfferMode.IN_TURN:
        asked = any(Status(row.status) in OPEN and row.status != Status.DRAFT.value for row in rows)
        drafts = [] if asked else drafts[:1]
    return [_send(actor, draft) for draft in drafts]


def _check(services: Sequence[UUID], mode: str) -> None:
    errors: dict[str, list[type_of_message]] = {}
    if mode not in OfferMode.values:
        errors["mode"] = [_("Choose how the partners are asked.")]
    if not services:
        errors["services"] = [_("Choose at least one service.")]
    elif len(services) > MOST:
        errors["services"] = [_("Choose at most %(most)s services.") % {"most": MOST}]
    elif len(set(services)) != len(services):
        errors["services"] = [_("Choose each service once.")]
    elif mode == OfferMode.SINGLE and len(services) > 1:
        errors["mode"] = [_("Several services are asked one after another, or at once.")]
    if errors:
        raise Invalid(errors)


def _draft(
    actor: Actor, need: Need, service_id: UUID, position: int | None, consent_id: UUID | None, *, alone: bool
) -> Referral:
    """What goes outside the network is logged, and asked by itself: nobody but the sender can act on it."""
    service = Service.objects.visible_to(actor).filter(pk=service_id).first()
    if service is None:
        raise NotSeen
    kind = kind_of(service)
    if kind == ReferralKind.LOGGED and not alone:
        raise Invalid({"services": [_("A service outside the network is asked by itself, and logged.")]})
    return create_draft(
        actor=actor,
        client_id=need.client_id,
        service_id=service_id,
        need_id=need.pk,
        position=position,
        consent_id=consent_id,
        kind=kind,
    )


def _send(actor: Actor, draft: Referral) -> Sent:
    acting = actor.acting(Side.SENDER) if draft.sender_id == draft.receiver_id else actor
    try:
        sent = actions.attempt(referral_id=draft.pk, action="send", actor=acting)
    except DomainError as error:
        return Sent(access_referral(draft.pk, actor), False, error.code, error.message)
    return Sent(sent, True)


def _audit(actor: Actor, need: Need, mode: str, count: int) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action="need.offer",
            object_type="need",
            object_id=need.pk,
            chains=(actor.organization_id,),
            details={"mode": mode, "count": count},
        )
    )
