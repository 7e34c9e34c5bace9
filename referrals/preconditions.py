"""What must hold before an action beyond side and state. Each raises its own 422."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import TaxonomyTerm
from directory.querysets import takes_referrals
from partners.actor import Actor, Side
from partners.errors import (
    AgreementRequired,
    ChannelOff,
    ChildProtectionRequired,
    Conflict,
    ConsentRequired,
    ListingNotOpen,
    PoliceAlone,
    Refused,
    SecondWorkerRequired,
)
from partners.models import Organization
from partners.police_channel import is_police, uses_channel
from referrals.access import held, side_of
from referrals.ages import is_minor
from referrals.consent import POLICE, TOMBSTONE, live_consent
from referrals.models import ChildProtectionRecord, Consent, Referral, ReferralKind
from referrals.partnership import in_force, why_not
from referrals.workflow import OPEN, Action

# A person under 18 may be taken in here while the report is being made this very hour.
EMERGENCY_CATEGORIES = frozenset(
    {"emergency-shelter", "safe-home", "youth-homes", "health", "after-harm-care", "withdrawal-medical"}
)


def check(referral: Referral, action: Action, actor: Actor) -> None:
    """Raises the first precondition that does not hold.

    In this order: police channel, consent, alone with police, partner, listing, age, second worker.
    """
    to_police = action.opens_partner_duty and is_police(referral.receiver)
    if to_police:
        require_channel(referral)
    if action.consent:
        _require_live(referral, actor)
    if action.opens_partner_duty:
        require_alone(referral)
        if referral.kind != ReferralKind.LOGGED:
            require_partner(referral)
        require_listing(referral)
        require_protection(referral)
    elif action.consent:
        require_sharing(referral, actor)
    if to_police:
        require_second_worker(referral, actor)


def require_consent(referral: Referral, actor: Actor) -> None:
    """For every step beside the status: what sharing needs, and no police, whose channel holds no steps."""
    if is_police(referral.receiver):
        raise Refused(_("The police channel holds no messages, documents or handoffs."))
    _require_live(referral, actor)
    require_sharing(referral, actor)


def require_sharing(referral: Referral, actor: Actor) -> None:
    """Both sides still have their agreement: what was sent before it ended rests until there is one."""
    if not in_force(referral):
        reader = Side.SENDER if actor.is_system else side_of(referral, actor)
        raise AgreementRequired(why_not(referral, reader))


def require_channel(referral: Referral) -> None:
    """The sender has switched the channel on, and this consent was given for this one call."""
    if not uses_channel(referral.sender_id):
        raise ChannelOff
    sent = Referral.objects.filter(consent_id=referral.consent_id, sent_at__isnull=False)
    if referral.consent_id and sent.exclude(pk=referral.pk).exists():
        raise ConsentRequired(_("Police need a consent of its own for each call."))


def require_alone(referral: Referral) -> None:
    """Police are never one of several. The act holds the need, so no other offer comes in between."""
    others = Referral.objects.filter(need_id=referral.need_id, status__in=[s.value for s in OPEN])
    others = others.exclude(pk=referral.pk)
    if not is_police(referral.receiver):
        others = others.filter(receiver__kind=POLICE)
    if others.exists():
        raise PoliceAlone


def require_second_worker(referral: Referral, actor: Actor) -> None:
    """Who made the draft, and who changed it last, are not who sends it. The system never does."""
    if is_first_worker(referral, actor):
        raise SecondWorkerRequired


def is_first_worker(referral: Referral, actor: Actor) -> bool:
    """Whether somebody else has to send it, where police are asked to call."""
    return actor.user_id is None or actor.user_id in {referral.created_by_id, referral.written_by}


def _require_live(referral: Referral, actor: Actor) -> None:
    """A live consent for this receiver. Its row is locked, so that it can't end between check and act.

    A receiver is told what every end tells it: that nothing is shared any more, and not that it was she
    who took it back.
    """
    if referral.consent_id:
        referral.consent = held(Consent.objects, referral.consent_id)
    if live_consent(referral) is None:
        own = actor.is_system or side_of(referral, actor) is Side.SENDER
        raise ConsentRequired if own else Conflict(TOMBSTONE)


def require_partner(referral: Referral) -> None:
    """Both sides have an agreement with the network in force."""
    wanted = {referral.sender_id, referral.receiver_id}
    held = set(Organization.objects.with_agreement().filter(pk__in=wanted).values_list("pk", flat=True))
    if held != wanted:
        raise AgreementRequired


def require_listing(referral: Referral) -> None:
    """Published, active and taking referrals: neither archived nor left unchecked for too long.

    What is only logged goes outside the network, where nobody has to take referrals through it.
    """
    service = referral.service
    is_logged = referral.kind == ReferralKind.LOGGED
    stands = (service.publication, service.status) == ("published", "active")
    if not (stands if is_logged else takes_referrals(service)):
        raise ListingNotOpen


def require_protection(referral: Referral) -> None:
    """Under 18 needs a child-protection record; an age that nobody knows is asked first.

    Who consented, and why it was for that one to consent, is recorded with the consent itself.
    "Being reported now" counts for emergency shelter and medical care only, and only until its
    follow-up is due.
    """
    minor = is_minor(referral.client)
    if minor is False:
        return
    if minor is None:
        raise ChildProtectionRequired
    records = ChildProtectionRecord.objects.filter(client_id=referral.client_id)
    reported = records.filter(state="reported").exists()
    pending = records.filter(state="being_reported", follow_up_at__gt=timezone.now()).exists()
    if not reported and not (pending and _is_emergency(referral)):
        raise ChildProtectionRequired
    if referral.consent is not None and not referral.consent.given_by_reason:
        raise ChildProtectionRequired(_("Record first who consents for this person under 18, and why."))


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
