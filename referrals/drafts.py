"""Drafts: made and changed by the sender; for the receiver they do not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Service, TaxonomyTerm
from partners import audit
from partners.actor import Actor, Side
from partners.errors import ChannelOff, Conflict, Invalid, ListingNotOpen, NotSeen, Refused
from partners.fields import sealed
from partners.models import Organization
from partners.police_channel import is_police, uses_channel
from partners.roles import Capability
from referrals import events, turns
from referrals.access import access_client, access_referral, held, side_of
from referrals.consent import POLICE, is_live
from referrals.details import clean_text
from referrals.models import Client, Consent, Need, Referral, ReferralKind, Urgency
from referrals.order import box_order
from referrals.workflow import Status


def create_draft(
    *,
    actor: Actor,
    client_id: UUID,
    service_id: UUID,
    category: str = "",
    urgency: str = Urgency.ROUTINE.value,
    consent_id: UUID | None = None,
    note: str = "",
    need_id: UUID | None = None,
    kind: str = ReferralKind.OUTGOING.value,
    position: int | None = None,
    continues: Referral | None = None,
) -> Referral:
    """A draft for one service. Its need is made with it, or is one of the same client's.

    Without a consent given, the newest live one for this receiver is taken, if there is any; what goes
    on from a referral that has ended waits for one of its own.
    Raises NotSeen (client, service), ListingNotOpen, Conflict (need), Invalid (category, urgency,
    consent, need, note, kind, service).
    """
    actor.require(Capability.SEND)
    client = access_client(client_id, actor)
    service = open_service(actor, service_id, kind)
    text = _note(note)
    with transaction.atomic():
        need = _need(actor, client, need_id, category, urgency)
        held(Client.objects, client.pk)
        turns.require_place(need, service)
        consent = None
        if consent_id is not None or continues is None:
            consent = _consent(actor, client, service.organization_id, consent_id)
        plan = {"kind": kind, "position": position, "continues": continues}
        referral = _made(actor, need, service, consent=consent, note=text, **plan)
        client.save(update_fields=["last_act_at"])
        events.record_event(referral, "drafted", actor, Side.SENDER)
        _audit(actor, referral, "referral.draft")
    return access_referral(referral.pk, actor)


def _made(actor: Actor, need: Need, service: Service, **given: Any) -> Referral:
    return Referral.objects.create(
        need=need,
        box_order=box_order(Status.DRAFT.value, need.urgency),
        client_id=need.client_id,
        service=service,
        sender_id=need.client.organization_id,
        receiver_id=service.organization_id,
        created_by_id=actor.user_id,
        written_by=actor.user_id,
        **given,
    )


def is_outside(service: Service) -> bool:
    """Whether the listing's organization is outside the network: what goes there can only be logged."""
    return not Organization.objects.with_agreement().filter(pk=service.organization_id).exists()


def kind_of(service: Service) -> str:
    """What a referral to this service can be: sent through the network, or logged."""
    return (ReferralKind.LOGGED if is_outside(service) else ReferralKind.OUTGOING).value


def open_service(actor: Actor, service_id: UUID, kind: str = ReferralKind.OUTGOING.value) -> Service:
    """The service, if it takes a referral of this kind.

    Raises NotSeen, ChannelOff, ListingNotOpen, Invalid (kind).
    """
    services = Service.objects.visible_to(actor).select_related("organization")
    service = services.filter(pk=service_id).first()
    if service is None:
        raise NotSeen
    if is_police(service.organization) and not uses_channel(actor.organization_id):
        raise ChannelOff
    if kind == ReferralKind.OUTGOING:
        if not Service.objects.open_to_referrals().filter(pk=service.pk).exists():
            raise ListingNotOpen
    elif kind != ReferralKind.LOGGED or not is_outside(service):
        raise Invalid({"kind": [_("Only what goes outside the network is logged.")]})
    elif (service.publication, service.status) != ("published", "active"):
        raise ListingNotOpen
    return service


def change_draft(
    *,
    referral_id: UUID,
    actor: Actor,
    category: str | None = None,
    urgency: str | None = None,
    note: str | None = None,
    consent_id: UUID | None = None,
) -> Referral:
    """Change what is given; the rest stays. 409 once it is no longer a draft.

    A need that other referrals share is not changed under them: this draft gets a need of its own.
    Raises Refused for the receiver.
    """
    actor.require(Capability.SEND)
    referral = access_referral(referral_id, actor)
    if side_of(referral, actor) is not Side.SENDER:
        raise Refused
    changes: dict[str, Any] = {"last_modified": timezone.now(), "written_by": actor.user_id}
    if note is not None:
        changes["note"] = sealed(Referral, referral.pk, "note", _note(note))
    with transaction.atomic():
        if consent_id is not None:
            changes["consent"] = _consent(actor, referral.client, referral.receiver_id, consent_id)
        if category is not None or urgency is not None:
            changes |= _changed_need(referral, category, urgency)
        drafts = Referral.objects.filter(pk=referral.pk, status=Status.DRAFT.value)
        if not drafts.update(**changes):
            raise Conflict(current_status=referral.status)
        _audit(actor, referral, "referral.change_draft")
    return access_referral(referral_id, actor)


def attach_consent(consent: Consent) -> None:
    """Give a new consent to the client's drafts for its recipient that have no live one."""
    drafts = Referral.objects.filter(
        client_id=consent.client_id, receiver_id=consent.recipient_id, status=Status.DRAFT.value
    ).select_related("consent")
    waiting = [d.pk for d in drafts if d.consent is None or not is_live(d.consent)]
    still = Referral.objects.filter(pk__in=waiting, status=Status.DRAFT.value)
    # Held by id first, in the order in which every act holds referrals.
    list(still.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    still.update(consent=consent)


def category_term(code: str) -> TaxonomyTerm:
    """The category of a code. Raises Invalid."""
    terms = TaxonomyTerm.objects.filter(taxonomy="category").select_related("parent__parent")
    term = terms.filter(code=code).first() if code else None
    if term is None:
        raise Invalid({"category": [_("Choose a category from the list.")]})
    return term


def urgency_code(urgency: str) -> str:
    """The urgency as it stands in the table. Raises Invalid."""
    if urgency not in Urgency.values:
        raise Invalid({"urgency": [_("Choose routine, soon or urgent.")]})
    return urgency


def _need(actor: Actor, client: Client, need_id: UUID | None, category: str, urgency: str) -> Need:
    if need_id is not None:
        if not Need.objects.visible_to(actor).filter(pk=need_id, client=client).exists():
            raise Invalid({"need": [_("This need is not one of this person’s.")]})
        need = turns.hold(need_id)
        if need.closed_at is not None:
            raise Conflict(_("This need is closed. Open it again first."))
        return need
    return Need.objects.create(client=client, category=category_term(category), urgency=urgency_code(urgency))


def _changed_need(referral: Referral, category: str | None, urgency: str | None) -> dict[str, Any]:
    """The need as changed, or one of its own, with which the draft leaves the list that it stood in."""
    need = referral.need
    term = category_term(category) if category is not None else need.category
    level = urgency_code(urgency) if urgency is not None else need.urgency
    if (term.pk, level) == (need.category_id, need.urgency):
        return {}
    if need.referrals.count() > 1:
        fresh = {"category": term, "urgency": level, "phase": need.phase}
        need = Need.objects.create(client_id=referral.client_id, **fresh)
        return {"need": need, "position": None, "box_order": box_order(Status.DRAFT.value, level)}
    need.category, need.urgency = term, level
    need.save()
    return {"need": need, "box_order": box_order(Status.DRAFT.value, level)}


def _consent(actor: Actor, client: Client, recipient_id: UUID, consent_id: UUID | None) -> Consent | None:
    consents = Consent.objects.visible_to(actor).filter(client=client, recipient_id=recipient_id)
    if consent_id is None:
        return consents.exclude(recipient__kind=POLICE).live().first()
    consent = consents.filter(pk=consent_id).first()
    if consent is None:
        raise Invalid({"consent": [_("This consent is not for this person and this partner.")]})
    return consent


def _note(note: str) -> str:
    try:
        return clean_text(note)
    except ValueError as error:
        raise Invalid({"note": [error.args[0]]}) from None


def _audit(actor: Actor, referral: Referral, action: str) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="referral",
            object_id=referral.pk,
            chains=(referral.sender_id,),
        )
    )
