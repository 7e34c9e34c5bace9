"""Where a partner is written to of referrals, if nobody of it has a sign-in to answer them with."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.errors import Invalid, NotSeen, Refused
from partners.form_words import AN_ADDRESS
from partners.models import Organization
from partners.police_channel import is_police
from partners.roles import Capability

CHANGED = "organization.referral_address"


def set_referral_email(*, actor: Actor, organization_id: UUID, email: str) -> Organization:
    """By the network, or by who signs for the partner; empty takes it away.

    What is owed by then goes to the new address. Raises NotSignedIn, Refused (police have a channel of
    their own), NotSeen, Invalid (email).
    """
    if not actor.can(Capability.ADMIT_PARTNERS):
        actor.require(Capability.SIGN_AGREEMENT)
        if actor.organization_id != organization_id:
            raise NotSeen
    address = _checked(email)
    with transaction.atomic():
        rows = Organization.objects.select_for_update(no_key=True)
        organization = rows.filter(pk=organization_id).first()
        if organization is None:
            raise NotSeen
        if is_police(organization):
            raise Refused(_("Police are told in their own channel."))
        if organization.referral_email != address:
            organization.referral_email = address
            organization.save(update_fields=["referral_email", "last_modified"])
            _record(actor, organization)
    return organization


def _checked(email: str) -> str:
    address = email.strip().lower()
    try:
        if address:
            validate_email(address)
    except ValidationError:
        raise Invalid({"email": [AN_ADDRESS]}) from None
    return address


def _record(actor: Actor, organization: Organization) -> None:
    """That it was changed, never to what."""
    audit.record(
        audit.Entry(
            actor=actor,
            action=CHANGED,
            object_type="organization",
            object_id=organization.pk,
            chains=(organization.pk, audit.NETWORK_CHAIN),
        )
    )
