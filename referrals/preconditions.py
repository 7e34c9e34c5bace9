"""What must hold before an action beyond side and state. Each raises its own 422."""

from __future__ import annotations

from django.utils import timezone

from directory.models import TaxonomyTerm
from partners.errors import (
    AgreementRequired,
    ChannelNotBuilt,
    ChildProtectionRequired,
    ConsentRequired,
    ListingNotOpen,
)
from partners.models import Organization
from referrals.ages import is_minor
from referrals.consent import live_consent
from referrals.models import ChildProtectionRecord, Consent, Referral, ReferralKind
from referrals.workflow import Action

POLICE = "police_liaison"
# A person under 18 may be taken in here while the report is being made this very hour.
EMERGENCY_CATEGORIES = frozenset(
    {"emergency-shelter", "safe-home", "youth-homes", "health", "after-harm-care", "withdrawal-medical"}
)


def check(referral: Referral, action: Action) -> None:
    """Raises the first precondition that does not hold: channel, consent, partner, listing, age."""
    if action.opens_partner_duty and referral.receiver.kind == POLICE:
        raise ChannelNotBuilt
    if action.consent:
        require_consent(referral)
    if action.opens_partner_duty:
        if referral.kind != ReferralKind.LOGGED:
            require_partner(referral)
        require_listing(referral)
        require_protection(referral)


def require_consent(referral: Referral) -> None:
    """A live consent for this receiver. Its row is locked, so that it can't end between check and act."""
    if referral.consent_id:
        referral.consent = Consent.objects.select_for_update().get(pk=referral.consent_id)
    if live_consent(referral) is None:
        raise ConsentRequired


def require_partner(referral: Referral) -> None:
    """Both sides have an agreement with the network in force."""
    wanted = {referral.sender_id, referral.receiver_id}
    held = set(Organization.objects.with_agreement().filter(pk__in=wanted).values_list("pk", flat=True))
    if held != wanted:
        raise AgreementRequired


def require_listing(referral: Referral) -> None:
    """Published, active and taking referrals: neither archived nor lapsed.

    What is only logged goes outside the network, where nobody has to take referrals through it.
    """
    service = referral.service
    taken = service.accepts_referrals or referral.kind == ReferralKind.LOGGED
    if (service.publication, service.status, taken) != ("published", "active", True):
        raise ListingNotOpen


def require_protection(referral: Referral) -> None:
    """Under 18 needs a child-protection record; an age that nobody knows is asked first.

    "Being reported now" counts for emergency shelter and medical care only, and only until its
    follow-up is due.
    """
    minor = is_minor(referral.client)
    if minor is False:
        return
    if minor is None:
        raise ChildProtectionRequired
    records = ChildProtectionRecord.objects.filter(client_id=referral.client_id)
    if records.filter(state="reported").exists():
        return
    pending = records.filter(state="being_reported", follow_up_at__gt=timezone.now()).exists()
    if not (pending and _is_emergency(referral)):
        raise ChildProtectionRequired


def _is_emergency(referral: Referral) -> bool:
    """The listing itself is emergency shelter or medical care, by its categories or one above them."""
    terms = TaxonomyTerm.objects.filter(taxonomy="category", attributes__service_id=referral.service_id)
    for term in terms.select_related("parent__parent"):
        line = {term.code}
        while term.parent is not None:
            term = term.parent
            line.add(term.code)
        if line & EMERGENCY_CATEGORIES:
            return True
    return False
