"""An organization asks to join: what is taken from the public page, and who reads it."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit, hooks
from partners.actor import Actor
from partners.errors import Invalid, NotSeen, type_of_message
from partners.joining.network import tell_network
from partners.models import ApplicationState, Organization, PartnerApplication
from partners.roles import Capability

REASON_LENGTH = 2_000
CONTACT_KEPT = datetime.timedelta(days=180)


def may_be_named() -> QuerySet[Organization]:
    """Organizations that are no partner yet: who admits partners may say that it is one of them."""
    partners = Organization.objects.partners().order_by().values("pk")
    return Organization.objects.exclude(pk__in=partners).order_by("name_en", "name_fr", "pk")


def may_be_named_by_everybody() -> QuerySet[Organization]:
    """Of these the ones that are in the directory for all to see: the public page names no other."""
    rows: QuerySet[Organization] = may_be_named()
    for _name, narrow in hooks.found_by_everybody:
        rows = narrow(rows)
    return rows


def apply(*, actor: Actor, organization_id: UUID | None = None, **given: Any) -> PartnerApplication:
    """Taken down for the network, by whoever asks. Nothing is looked up and nothing is told of an address.

    The same open application again is that one. Raises Invalid (reason).
    """
    if len(given.get("reason", "")) > REASON_LENGTH:
        message: type_of_message = _("This text is too long.")
        raise Invalid({"reason": [message]}, message)
    named = may_be_named_by_everybody().filter(pk=organization_id).first() if organization_id else None
    given["contact_email"] = given["contact_email"].strip().lower()
    for name in ("name", "contact_name"):  # they stand in letters, and make no lines of their own there
        given[name] = " ".join(given[name].split())
    with transaction.atomic():
        same = PartnerApplication.objects.filter(
            state=ApplicationState.OPEN, name=given["name"], contact_email=given["contact_email"]
        ).first()
        if same is not None:
            return same
        application = PartnerApplication.objects.create(organization=named, **given)
        tell_network("application_received", application.pk)
        audit.record(entry_of(actor, application, "application.make"))
    return application


def applications(actor: Actor, state: str = "") -> QuerySet[PartnerApplication]:
    """What waits first, the oldest at the top; then what was decided last. Raises NotSignedIn, Refused."""
    actor.require(Capability.ADMIT_PARTNERS)
    rows = PartnerApplication.objects.select_related("organization", "decided_by")
    if state in ApplicationState.values:
        rows = rows.filter(state=state)
    return rows.order_by(F("decided_at").desc(nulls_first=True), "created_at", "pk")


def access_application(actor: Actor, application_id: UUID) -> PartnerApplication:
    """Raises NotSignedIn, Refused, NotSeen."""
    found = applications(actor).filter(pk=application_id).first()
    if found is None:
        raise NotSeen
    return found


def forget_contacts() -> int:
    """The clock's task: who applied, and their words, leave the database 180 days after the decision.

    Whoever was let in is a member by then. Which organization applied and what became of it stays.
    """
    decided = PartnerApplication.objects.filter(decided_at__lte=timezone.now() - CONTACT_KEPT)
    bare = {"contact_name": "", "contact_email": "", "contact_phone": "", "reason": ""}
    return decided.exclude(contact_email="").update(**bare)


def entry_of(actor: Actor, application: PartnerApplication, action: str, **details: str) -> audit.Entry:
    return audit.Entry(
        actor=actor,
        action=action,
        object_type="application",
        object_id=application.pk,
        chains=(application.organization_id, audit.NETWORK_CHAIN)
        if application.state == ApplicationState.APPROVED
        else (audit.NETWORK_CHAIN,),
        details=details,
    )
