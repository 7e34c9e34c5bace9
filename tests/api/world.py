"""The cast of the API's tests, and referrals in any state, made by the acts that make them."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from directory.models import Program, Service
from partners.access import actor_for
from partners.actor import SYSTEM, Actor
from partners.models import Agreement, Membership, Organization, User
from partners.police_channel import switch
from referrals import care_team, legal_basis
from referrals.actions import apply_action
from referrals.clients import create_client
from referrals.consent_acts import record_consent
from referrals.consent_texts import CURRENT_VERSION, POLICE_VERSION
from referrals.documents import add_document
from referrals.drafts import create_draft
from referrals.handoffs import plan_handoff
from referrals.introductions import introduce
from referrals.models import (
    Client,
    Consent,
    GlassBreak,
    Introduction,
    LegalBasisShare,
    Referral,
    SupportEntry,
)
from referrals.needs import create_need
from referrals.plans import add_support
from tests.api.network_world import NetworkWorld
from tests.factories.files import picture
from tests.factories.listings import make_organization, make_service

# Planted: what must never be seen by the wrong side.
NAME, PHONE, WORD, HEALTH = "Wren Planted", "204-555-0188", "library card", "Planted illness"
SAFE_CONTACT = {
    "methods": ["text"],
    "phone": PHONE,
    "voicemail": False,
    "text": True,
    "code_word": WORD,
    "do_not_contact": False,
}
WHY = "She decides for herself"
GROUPS = ["contact", "identity", "situation"]
CAST = {
    "nadia": ("lantern", ["worker"]),
    "paula": ("lantern", ["organization_admin", "manager", "privacy_officer", "listing_editor"]),
    "tom": ("red_river", ["worker", "receiver_intake"]),
    "ines": ("northern_light", ["worker", "receiver_intake"]),
    "pat": ("two_rivers", ["worker", "receiver_intake"]),
    "lea": ("network", ["network_admin"]),
    "mo": ("police", ["police_liaison"]),
    "eva": ("evaluator", ["evaluator"]),
}
KINDS = {
    "lantern": "womens_centre",
    "red_river": "community_health_centre",
    "northern_light": "addiction_service",
    "two_rivers": "training_program",
    "police": "police_liaison",
    "network": "other",
    "evaluator": "other",
}
# The acts that lead to a status, each with who does it and its details.
PATHS: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "draft": [],
    "sent": [("nadia", "send", {})],
    "accepted": [("nadia", "send", {}), ("tom", "accept", {})],
    "closed": [
        ("nadia", "send", {}),
        ("tom", "accept", {}),
        ("tom", "close", {"outcome": "got_help", "date": timezone.localdate().isoformat()}),
    ],
    "declined": [("nadia", "send", {}), ("tom", "decline", {"reason": "no_capacity"})],
}


class World(NetworkWorld):
    """Nadia (and Paula) send for Lantern, Tom answers for Red River; everybody else stands outside."""

    def __init__(self) -> None:
        self.organizations: dict[str, Organization] = {}
        for key, kind in KINDS.items():
            made = make_organization(name_en=f"{key.replace('_', ' ').title()} (demo)", kind=kind)
            self.organizations[key] = made
            self.agreement(made)
        for name, (organization, roles) in CAST.items():
            self.member(name, self.organizations[organization], *roles)

    def agreement(self, organization: Organization) -> Agreement:
        today = timezone.localdate()
        return Agreement.objects.create(
            organization=organization,
            starts_on=datetime.date(2020, 1, 1),  # before any day to which a test travels
            ends_on=today + datetime.timedelta(days=300),
            signed_at=timezone.now(),
        )

    def member(self, name: str, organization: Organization, *roles: str) -> Actor:
        user = User.objects.create_user(f"{name}@api.example", full_name=f"{name.title()} (demo)")
        for role in roles:
            Membership.objects.create(user=user, organization=organization, role=role)
        actor = actor_for(user, organization.pk)
        setattr(self, name, actor)
        return actor

    def __getattr__(self, name: str) -> Any:
        """An actor of the cast, or an organization by its key."""
        try:
            return self.__dict__["organizations"][name]
        except KeyError:
            raise AttributeError(name) from None

    @cached_property
    def service(self) -> Service:
        return make_service(
            organization=self.red_river,
            name_en="Health visits",
            name_fr="Visites de santé",
            accepts_referrals=True,
            minimum_age=18,
            categories=["withdrawal-medical"],
        )

    @cached_property
    def person(self) -> Client:
        return self.client()

    def client(self, **given: Any) -> Client:
        actor = given.pop("actor", self.nadia)
        data = {
            "chosen_name": NAME,
            "age_band": "25_34",
            "language": "en",
            "safe_contact": SAFE_CONTACT,
            "health": HEALTH,
            "situation": "Planted situation",
            **given,
        }
        return create_client(actor=actor, **data)

    def consent(self, person: Client | None = None, **given: Any) -> Consent:
        return record_consent(
            actor=self.nadia,
            client_id=(person or self.person).pk,
            recipient_id=given.pop("recipient", self.red_river).pk,
            **{
                "text_version": CURRENT_VERSION,
                "field_groups": GROUPS,
                "how": "written",
                "language": "en",
                "given_by_reason": WHY,
                **given,
            },
        )

    def referral(self, status: str = "sent", person: Client | None = None, **given: Any) -> Referral:
        """A referral from Lantern to Red River, with a consent of its own."""
        who = person or self.client()
        self.consent(who)
        draft = create_draft(
            actor=self.nadia,
            client_id=who.pk,
            service_id=self.service.pk,
            **{"category": "withdrawal-medical", "urgency": "soon", "note": "Planted note", **given},
        )
        for name, action, details in PATHS[status]:
            draft = apply_action(referral_id=draft.pk, action=action, actor=getattr(self, name), **details)
        return draft

    def call(self, person: Client | None = None, **given: Any) -> Referral:
        """A call that Nadia asked of the police and Paula sent."""
        switch(actor=SYSTEM, on=True, organization_id=self.lantern.pk)
        unit = make_service(organization=self.police, accepts_referrals=True, categories=["food-bank"])
        who = person or self.client()
        groups = given.pop("groups", ["identity"])
        consent = self.consent(who, recipient=self.police, text_version=POLICE_VERSION, field_groups=groups)
        draft = create_draft(
            actor=self.nadia,
            client_id=who.pk,
            service_id=unit.pk,
            consent_id=consent.pk,
            **{"category": "food-bank", "urgency": "urgent", "note": "Planted note", **given},
        )
        return apply_action(referral_id=draft.pk, action="send", actor=self.paula)

    def introduction(self) -> Introduction:
        """Left for Lantern by Pat."""
        return introduce(
            actor=self.pat,
            receiver_id=self.lantern.pk,
            chosen_name=NAME,
            safe_contact=SAFE_CONTACT,
            language="en",
            text_version=CURRENT_VERSION,
            consented_on=timezone.localdate(),
            no_consequence_told=True,
        )

    @cached_property
    def stay(self) -> SupportEntry:
        """She is in transitional housing."""
        return add_support(
            actor=self.nadia,
            client_id=self.person.pk,
            kind="transitional_housing",
            on=timezone.localdate() - datetime.timedelta(days=10),
        )

    @cached_property
    def glass_break(self) -> GlassBreak:
        """A restricted file of Lantern's, opened by a manager who is not Paula."""
        person = self.client()
        care_team.set_team(actor=self.nadia, client_id=person.pk, restricted=True)
        boss = self.member("max", self.lantern, "manager")
        return care_team.break_glass(actor=boss, client_id=person.pk, reason="Planted reason")

    def share(self, *, approved: bool = False) -> LegalBasisShare:
        made = legal_basis.request_share(
            actor=self.nadia,
            client_id=self.person.pk,
            basis="court_order",
            reason="Planted reason",
            field_groups=["identity"],
            recipient="A court",
        )
        if approved:
            legal_basis.decide(actor=self.paula, share_id=made.pk, decision="approved")
        return made

    def ids(self) -> dict[str, str]:
        """One of everything, by the name that a path or a body gives it."""
        found = {status: self.referral(status) for status in ("draft", "sent", "accepted", "closed")}
        planned = plan_handoff(referral_id=found["accepted"].pk, actor=self.nadia, kind="information_only")
        document = add_document(
            referral_id=found["accepted"].pk, actor=self.nadia, name="scan.png", content=picture()
        )
        need = create_need(actor=self.nadia, client_id=self.person.pk, category="food-bank")
        check = self.phone_check()
        program = Program.objects.create(organization=self.lantern, name_en="Program", name_fr="Programme")
        return {
            **{status: str(referral.pk) for status, referral in found.items()},
            "handoff": str(planned.id),
            "call": str(self.call().pk),
            "introduction": str(self.introduction().pk),
            "document": str(document.pk),
            "need": str(need.pk),
            "stay": str(self.stay.pk),
            "person": str(self.person.pk),
            "restricted": str(self.glass_break.client_id),
            "glass_break": str(self.glass_break.pk),
            "share": str(self.share().pk),
            "approved": str(self.share(approved=True).pk),
            "consent": str(self.consent().pk),
            "service": str(self.service.pk),
            "receiver": str(self.red_river.pk),
            "member": str(self.nadia.user_id),
            "invitation": str(self.invitation().pk),
            "program": str(program.pk),
            "twin": str(make_service(organization=self.red_river).pk),
            "sample": str(check.sample_id),
            "check": str(check.pk),
            "application": str(self.application().pk),
            "agreement": str(self.red_river.agreements.get().pk),
            "notice": str(self.notice().pk),
            "webhook": str(self.webhook().pk),
            "today": timezone.localdate().isoformat(),
        }
