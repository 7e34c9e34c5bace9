"""Letting an organization in, by its application or by invitation, with its first administrator."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen
from partners.joining.agreements import check_term, draw_up
from partners.joining.applications import entry_of
from partners.models import ApplicationState, Organization, PartnerApplication
from partners.models.organizations import PartnerKind
from partners.notifications import outbox
from partners.people.invitations import invite
from partners.roles import Capability, Role

DECIDED = "application_decided"


@dataclass(frozen=True)
class Newcomer:
    """Who is let in: the listed organization by its id, or else a new one by its names and kind."""

    kind: str
    organization_id: UUID | None = None
    name_en: str = ""
    name_fr: str = ""
    website: str = ""


@dataclass(frozen=True)
class Administrator:
    """The first one, who is invited."""

    full_name: str
    email: str
    language: str


@dataclass(frozen=True)
class Term:
    starts_on: datetime.date
    ends_on: datetime.date


def approve(*, actor: Actor, application_id: UUID, newcomer: Newcomer, term: Term) -> PartnerApplication:
    """Let the organization in, prepare its agreement, invite the contact and answer by letter.

    Raises NotSignedIn, Refused, NotSeen, Invalid, Conflict where it was decided before, or where the
    organization is a partner already.
    """
    actor.require(Capability.ADMIT_PARTNERS)
    with transaction.atomic():
        application = _open(application_id)
        contact = Administrator(application.contact_name, application.contact_email, application.language)
        organization, entries = _admit(actor, newcomer, contact, term)
        application.organization = organization
        _decide(actor, application, ApplicationState.APPROVED)
        outbox.add(organization.pk, DECIDED, application.pk, "")
        audit.record(entry_of(actor, application, "application.approve"), *entries)
    return application


def refuse(*, actor: Actor, application_id: UUID, note: str) -> PartnerApplication:
    """Answered by letter, with what the network says. Raises as ``approve``; Invalid (note)."""
    actor.require(Capability.ADMIT_PARTNERS)
    if not note.strip():
        message = _("Say why, in words that the organization can read.")
        raise Invalid({"note": [message]}, message)
    with transaction.atomic():
        application = _open(application_id)
        application.decision_note = note.strip()
        _decide(actor, application, ApplicationState.REFUSED)
        # The letter goes to the contact; the row belongs to the organization that decided.
        assert actor.organization_id is not None  # noqa: S101 - require() has asked
        outbox.add(actor.organization_id, DECIDED, application.pk, "")
        audit.record(entry_of(actor, application, "application.refuse"))
    return application


def invite_organization(
    *, actor: Actor, newcomer: Newcomer, administrator: Administrator, term: Term
) -> Organization:
    """Without an application. Raises NotSignedIn, Refused, NotSeen, Invalid, Conflict."""
    actor.require(Capability.ADMIT_PARTNERS)
    with transaction.atomic():
        organization, entries = _admit(actor, newcomer, administrator, term)
        audit.record(*entries)
    return organization


def _admit(
    actor: Actor, newcomer: Newcomer, administrator: Administrator, term: Term
) -> tuple[Organization, list[audit.Entry]]:
    """Its row is held first, as by everything that writes into its chain and the network's together."""
    check_term(term.starts_on, term.ends_on)
    organization = _listed(newcomer) if newcomer.organization_id else _made(actor, newcomer)
    if Organization.objects.partners().filter(pk=organization.pk).exists():
        raise Conflict(_("This organization is a partner already."))
    organization.admitted_at = timezone.now()
    organization.save(update_fields=["admitted_at", "last_modified"])
    invite(
        actor,
        organization=organization,
        email=administrator.email,
        full_name=administrator.full_name,
        language=administrator.language,
        roles=[Role.ORGANIZATION_ADMIN],
    )
    _agreement, drawn_up = draw_up(actor, organization, term.starts_on, term.ends_on)
    admitted = audit.Entry(
        actor=actor,
        action="organization.admit",
        object_type="organization",
        object_id=organization.pk,
        chains=(organization.pk, audit.NETWORK_CHAIN),
    )
    return organization, [admitted, drawn_up]


def _listed(newcomer: Newcomer) -> Organization:
    rows = Organization.objects.select_for_update(no_key=True)
    found = rows.filter(pk=newcomer.organization_id).first()
    if found is None:
        raise NotSeen
    return found


def _made(actor: Actor, newcomer: Newcomer) -> Organization:
    """What a demo's network lets in belongs to the demo. Raises Invalid (name_en, kind)."""
    names = {"name_en": " ".join(newcomer.name_en.split()), "name_fr": " ".join(newcomer.name_fr.split())}
    if not any(names.values()):
        message = _("Give its name in English or French.")
        raise Invalid({"name_en": [message]}, message)
    if newcomer.kind not in PartnerKind.values:
        message = _("Choose what kind of organization it is.")
        raise Invalid({"kind": [message]}, message)
    is_demo = Organization.objects.filter(pk=actor.organization_id, is_demo=True).exists()
    return Organization.objects.create(kind=newcomer.kind, website=newcomer.website, is_demo=is_demo, **names)


def _open(application_id: UUID) -> PartnerApplication:
    rows = PartnerApplication.objects.select_for_update(no_key=True)
    application = rows.filter(pk=application_id).first()
    if application is None:
        raise NotSeen
    if application.state != ApplicationState.OPEN:
        raise Conflict(_("This application was decided already."))
    return application


def _decide(actor: Actor, application: PartnerApplication, state: str) -> None:
    application.state = state
    application.decided_at, application.decided_by_id = timezone.now(), actor.user_id
    application.save()
