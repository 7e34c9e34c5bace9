"""What of the client may be shown: consent ∩ profile of the receiver's kind ∩ stage.

``disclose`` is the one door. It records the release and commits that row before it answers; when the
row can't be written, nothing is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import TaxonomyTerm
from partners import audit
from partners.actor import Actor, Side
from partners.bilingual import localized
from partners.models import Organization
from partners.models.organizations import PartnerKind
from referrals.access import known, side_of
from referrals.ages import current_band
from referrals.client_view import FIELD_GROUPS, GROUP_FIELDS, ClientView, Offer, Stage
from referrals.models import Consent, Referral, Urgency
from referrals.partnership import in_force, why_not
from referrals.safe_contact import shown
from referrals.workflow import TOMBSTONED, Status

ALL_GROUPS = frozenset(FIELD_GROUPS)
_BASE = frozenset({"identity", "contact"})
POLICE = PartnerKind.POLICE_LIAISON.value
# What each kind of partner may ever be told, however wide the consent. A kind that is not named
# here is told nothing.
PROFILES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "community_health_centre": _BASE | {"situation", "health", "family", "indigenous_identity"},
        "addiction_service": _BASE | {"situation", "health", "family"},
        "training_program": _BASE | {"situation"},
        "housing_shelter": _BASE | {"situation", "family", "housing"},
        "counselling_mental_health": _BASE | {"situation", "health", "family"},
        "womens_centre": _BASE | {"situation", "family", "housing", "indigenous_identity"},
        "indigenous_cultural": _BASE | {"situation", "family", "indigenous_identity"},
        "legal_justice": _BASE | {"situation", "family", "justice"},
        "basic_needs": _BASE,
        "family_child_care": _BASE | {"situation", "family"},
        "outreach_peer": _BASE | {"situation"},
        "income_employment": _BASE | {"situation"},
        "government": _BASE,
        "other": _BASE,
        # Of this group the chosen name alone: ``call_view``.
        POLICE: frozenset({"identity"}),
    }
)
NOTICE = _("Do not pass this on without new consent.")
TOMBSTONE = _("No longer shared. Contact the sender.")


def live_consent(referral: Referral) -> Consent | None:
    """The consent the referral stands on, if it is in force now and names this receiver."""
    consent = referral.consent
    if consent is None or not is_live(consent) or consent.recipient_id != referral.receiver_id:
        return None
    return consent if consent.client_id == referral.client_id else None


def is_live(consent: Consent) -> bool:
    """In force now: given, not refused, not ended in any way. Agrees with ``ConsentQuerySet.live``."""
    if consent.refused or consent.withdrawn_at or consent.superseded_at:
        return False
    return consent.given_at <= timezone.now() < consent.expires_at


def may_share(referral: Referral) -> bool:
    """The person has agreed, and both sides have an agreement with the network in force."""
    return live_consent(referral) is not None and in_force(referral)


def stage_of(referral: Referral, side: Side) -> Stage:
    """The stage table of domain.md 5, for a referral that this side sees at all."""
    if side is Side.SENDER:
        return Stage.OWN
    status = Status(referral.status)
    if status in TOMBSTONED or not may_share(referral):
        return Stage.TOMBSTONE
    if status is Status.SENT or (status is Status.WAITLISTED and referral.accepted_at is None):
        return Stage.PREVIEW
    if status in (Status.ACCEPTED, Status.IN_SERVICE, Status.WAITLISTED, Status.CLOSED):
        # Closed from the waitlist without ever having been accepted: nothing more opens.
        return Stage.DISCLOSED if referral.accepted_at else Stage.PREVIEW
    return Stage.TOMBSTONE


def groups_for(consent: Consent | None, receiver: Organization) -> frozenset[str]:
    """Consent ∩ profile of the receiver's kind."""
    if consent is None or not is_live(consent):
        return frozenset()
    return frozenset(consent.field_groups) & PROFILES.get(receiver.kind, frozenset())


def tells_how_to_reach(referral: Referral) -> bool:
    """Whether the receiver may know how the person is reached, and with it how others tried."""
    disclosed = stage_of(referral, Side.RECEIVER) is Stage.DISCLOSED
    return disclosed and "contact" in groups_for(referral.consent, referral.receiver)


def disclose(referral: Referral, actor: Actor) -> ClientView:
    """What this actor may see of the person, with the release recorded and committed first.

    Raises NotSeen for somebody who is on neither side. A preview and a tombstone hold nothing of the
    person, so they are no release.
    """
    stage = stage_of(referral, side_of(referral, actor))
    if stage is Stage.TOMBSTONE:
        withheld = _all_withheld("no_longer_shared")
        return ClientView(stage, referral.code, withheld=withheld, notice=tombstone_words(referral))
    if stage is not Stage.OWN and referral.receiver.kind not in PROFILES:
        return ClientView(stage, referral.code, withheld=_all_withheld("not_for_this_partner"))
    offer = offer_of(referral)
    if stage is Stage.PREVIEW:
        return preview(offer)
    if stage is Stage.OWN:
        view = full(offer, ALL_GROUPS, stage=Stage.OWN, limits=ALL_GROUPS)
    else:
        view = disclosed(offer, groups_for(referral.consent, referral.receiver))
    _record_release(referral, actor, view)
    return view


def tombstone_words(referral: Referral) -> Promise:
    """Why the receiver sees nothing: for want of an agreement the same words, whatever the consent is."""
    return why_not(referral, Side.RECEIVER) or TOMBSTONE


def offer_of(referral: Referral) -> Offer:
    phases = referral.client.phases.filter(left_on__isnull=True).values_list("phase", flat=True)
    return Offer(
        client=referral.client,
        service=referral.service,
        receiver=referral.receiver,
        category=referral.need.category,
        urgency=referral.need.urgency,
        code=referral.code,
        note=referral.note,
        phase=known(referral, "current_phase", phases.first),
        asks_language=known(referral, "asks_language", lambda: None),
    )


def preview(offer: Offer) -> ClientView:
    """Before acceptance: code, the need's top category in neutral words, urgency, city.

    Age band and language only where the service's eligibility depends on them. To police the code alone.
    """
    if offer.receiver.kind == POLICE:
        return call_view(offer, Stage.PREVIEW, frozenset())
    return ClientView(
        stage=Stage.PREVIEW,
        code=offer.code,
        urgency=offer.urgency,
        urgency_label=str(Urgency(offer.urgency).label),
        withheld=_all_withheld("before_acceptance"),
        notice=NOTICE,
        **_opening(offer, frozenset()),
    )


def _opening(offer: Offer, groups: frozenset[str]) -> dict[str, Any]:
    """What stands above the groups: neutral and needed only, until its own group is open.

    The exact need opens with the situation, the age band with the identity, the language with the
    contact; without them age and language show only where the service's eligibility depends on them.
    """
    ages = offer.service.minimum_age is not None or offer.service.maximum_age is not None
    spoken = "contact" in groups or offer.asks_language
    if offer.asks_language is None and not spoken:
        spoken = offer.service.languages.exists()
    area = offer.client.safe_area
    exact = "situation" in groups
    return {
        "need": localized(offer.category, "name").text if exact else _neutral(offer.category),
        "need_code": offer.category.code if exact else None,
        "age_band": current_band(offer.client) if ages or "identity" in groups else None,
        "language": offer.client.language if spoken else None,
        # Her safe area is the sender's to know; the other side is told the city.
        "area": area.city if area else None,
    }


def _neutral(category: TaxonomyTerm) -> str:
    """The top category in its neutral wording."""
    while category.parent is not None:
        category = category.parent
    return localized(category, "neutral").text or localized(category, "name").text


def disclosed(offer: Offer, groups: frozenset[str]) -> ClientView:
    """After acceptance: what the consent and the receiver's kind both allow."""
    if offer.receiver.kind == POLICE:
        return call_view(offer, Stage.DISCLOSED, groups)
    limits = PROFILES.get(offer.receiver.kind, frozenset())
    return full(offer, groups & limits, stage=Stage.DISCLOSED, limits=limits)


def call_view(offer: Offer, stage: Stage, groups: frozenset[str]) -> ClientView:
    """What police see: the code, and once they have accepted the chosen name, if that was consented to.

    Made apart from every other view, so that nothing added to those ever reaches police.
    """
    withheld = _all_withheld("not_for_this_partner")
    name = offer.client.chosen_name if stage is Stage.DISCLOSED and "identity" in groups else None
    if name:
        del withheld["chosen_name"]
    else:
        withheld["chosen_name"] = "before_acceptance" if stage is Stage.PREVIEW else "not_consented"
    return ClientView(stage, offer.code, chosen_name=name, withheld=withheld, notice=NOTICE)


def full(offer: Offer, groups: frozenset[str], *, stage: Stage, limits: frozenset[str]) -> ClientView:
    """A view with the fields of ``groups``; every other field is None with its reason."""
    shown: dict[str, Any] = {}
    withheld: dict[str, str] = {}
    for group, names in GROUP_FIELDS.items():
        for name in names:
            value = _value(offer, name)
            if group not in limits:
                withheld[name] = "not_for_this_partner"
            elif group not in groups:
                withheld[name] = "not_consented"
            elif value in (None, "", {}):
                withheld[name] = "not_given"
            else:
                shown[name] = value
    opening = _opening(offer, groups)
    if stage is Stage.OWN and offer.client.safe_area:
        opening["area"] = localized(offer.client.safe_area, "name").text
    return ClientView(
        stage=stage,
        code=offer.code,
        urgency=offer.urgency,
        urgency_label=str(Urgency(offer.urgency).label),
        withheld=withheld,
        notice="" if stage is Stage.OWN else NOTICE,
        **opening,
        **shown,
    )


def _value(offer: Offer, name: str) -> Any:
    if name == "note":
        return offer.note
    if name == "phase":
        return offer.phase
    if name == "safe_contact":
        return shown(offer.client.safe_contact)
    return getattr(offer.client, name)


def _all_withheld(reason: str) -> dict[str, str]:
    return {name: reason for names in GROUP_FIELDS.values() for name in names}


def _record_release(referral: Referral, actor: Actor, view: ClientView) -> None:
    audit.release(
        audit.Entry(
            actor=actor,
            action="disclose",
            object_type="client",
            object_id=referral.client_id,
            chains=(referral.sender_id, actor.organization_id),
            details={
                "stage": view.stage.value,
                "field_groups": view.groups_shown,
                "referral": str(referral.pk),
            },
        )
    )
