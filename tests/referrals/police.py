"""The world of the pages with a police liaison in it: Mo answers, Nadia asks, Paula checks and sends."""

from __future__ import annotations

from typing import Any

from partners.actor import SYSTEM
from partners.police_channel import switch
from referrals.actions import apply_action
from referrals.calls import answer_call
from referrals.consent_acts import record_consent
from referrals.consent_texts import POLICE_VERSION
from referrals.drafts import create_draft
from referrals.models import Client, Consent, Referral
from tests.factories.listings import make_service
from tests.referrals.pages import World, admitted, member

AREA, NEED = "north-end", "treatment-day"


class PoliceWorld(World):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.police = admitted("City police (demo)", "police_liaison")
        self.mo = member("Mo", self.police, "police_liaison")
        self.sam = member("Sam", self.lantern, "worker")
        self.unit = make_service(
            organization=self.police,
            name_en="Liaison unit",
            accepts_referrals=True,
            categories=["treatment-day"],
        )
        switch(actor=SYSTEM, on=True, organization_id=self.lantern.pk)

    def client(self, **given: Any) -> Client:
        return super().client(safe_area=AREA, justice="Planted justice", **given)

    def agreed(self, person: Client | None = None, groups: tuple[str, ...] = ("identity",)) -> Consent:
        return record_consent(
            actor=self.actor(self.nadia),
            client_id=(person or self.person).pk,
            recipient_id=self.police.pk,
            text_version=POLICE_VERSION,
            field_groups=groups,
            how="written",
            language="en",
        )

    def asked(self, person: Client | None = None, **given: Any) -> Referral:
        """A draft to police with its own consent, made by Nadia."""
        groups = given.pop("groups", ("identity",))
        consent = given.pop("consent", None) or self.agreed(person, groups)
        return create_draft(
            actor=self.actor(self.nadia),
            client_id=(person or self.person).pk,
            service_id=self.unit.pk,
            consent_id=consent.pk,
            **{"category": NEED, "urgency": "urgent", "note": "Planted note", **given},
        )

    def called(self, person: Client | None = None, **given: Any) -> Referral:
        """Sent by a second worker."""
        draft = self.asked(person, **given)
        return apply_action(referral_id=draft.pk, action="send", actor=self.actor(self.sam))

    def answered(self, person: Client | None = None, **given: Any) -> Referral:
        call = self.called(person, **given)
        answer_call(actor=self.actor(self.mo), referral_id=call.pk, will_call=True)
        return Referral.objects.get(pk=call.pk)
