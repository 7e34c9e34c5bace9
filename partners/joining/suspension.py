"""Shutting a partner out at once, and letting it in again. Both stand in its chain and in the network's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import AuditEvent, Organization
from partners.notifications import outbox
from partners.roles import Capability

REASONS: Mapping[str, Promise] = MappingProxyType(
    {
        "privacy_incident": _("Client data was seen or passed on wrongly"),
        "account_taken": _("Somebody else may have an account or a device of theirs"),
        "agreement_broken": _("The agreement is not kept"),
        "person_at_risk": _("A person could be harmed"),
        "asked_for": _("The organization asked for it"),
        "another_cause": _("Another reason"),
    }
)
SUSPEND, LIFT = "organization.suspend", "organization.lift"


def suspend(*, actor: Actor, organization_id: UUID, reason: str) -> Organization:
    """From the next request on nobody of the organization may do anything, by whatever door.

    Raises NotSignedIn, Refused, NotSeen, Invalid (reason), Conflict where it is suspended already.
    """
    actor.require(Capability.ADMIT_PARTNERS)
    if reason not in REASONS:
        message = _("Say why.")
        raise Invalid({"reason": [message]}, message)
    if organization_id == actor.organization_id:
        raise Refused(_("You cannot suspend the organization you act for."))
    with transaction.atomic():
        organization = _held(organization_id)
        if organization.suspended_at is not None:
            raise Conflict(_("This organization is suspended already."))
        organization.suspended_at = timezone.now()
        _save(actor, organization, SUSPEND, "organization_suspended", reason=reason)
    return organization


def lift(*, actor: Actor, organization_id: UUID) -> Organization:
    """Everything is as it was before: members, tokens, agreements. Raises as ``suspend``."""
    actor.require(Capability.ADMIT_PARTNERS)
    with transaction.atomic():
        organization = _held(organization_id)
        if organization.suspended_at is None:
            raise Conflict(_("This organization is not suspended."))
        organization.suspended_at = None
        _save(actor, organization, LIFT, "organization_lifted")
    return organization


def reason_of(organization: Organization) -> str:
    """Why it is suspended now, as a code; the audit log alone keeps it."""
    if organization.suspended_at is None:
        return ""
    rows = AuditEvent.objects.filter(
        chain=audit.NETWORK_CHAIN,
        object_type="organization",
        object_id=str(organization.pk),
        action=SUSPEND,
        result=audit.DONE,
    )
    row = rows.order_by("-sequence").first()
    return str(row.details.get("reason", "")) if row else ""


def _held(organization_id: UUID) -> Organization:
    organization = Organization.objects.select_for_update(no_key=True).filter(pk=organization_id).first()
    if organization is None:
        raise NotSeen
    return organization


def _save(actor: Actor, organization: Organization, action: str, notice: str, **details: str) -> None:
    organization.save(update_fields=["suspended_at", "last_modified"])
    outbox.add(organization.pk, notice, organization.pk, "")
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="organization",
            object_id=organization.pk,
            chains=(organization.pk, audit.NETWORK_CHAIN),
            details=details,
        )
    )
