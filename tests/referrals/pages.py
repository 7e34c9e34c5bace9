"""A small network for the tests of the pages: who sends, who receives, who must stay outside."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone, translation

from partners.access import actor_for
from partners.actor import Actor
from partners.models import Agreement, Membership, Organization, User
from referrals.actions import apply_action
from referrals.clients import create_client
from referrals.consent_acts import record_consent
from referrals.consent_texts import CURRENT_VERSION
from referrals.drafts import create_draft
from referrals.models import Client, Consent, Referral
from tests.factories.listings import make_organization, make_service

NAME, NUMBER, WORD = "Wren Planted", "204-555-0188", "library card"
SECRETS = (NAME, NUMBER, "204 555-0188", WORD, "Planted health", "Planted family", "Planted situation")
SAFE_CONTACT = {
    "methods": ["text"],
    "phone": NUMBER,
    "email": "",
    "hours": "After 1 pm",
    "voicemail": False,
    "text": True,
    "code_word": WORD,
    "do_not_contact": False,
}
WHY = "She decides for herself"
GROUPS = ("identity", "contact", "situation", "health")


def address(name: str, *args: Any, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"referrals:{name}", args=args)


def member(name: str, organization: Organization, *roles: str) -> User:
    user = User.objects.create_user(f"{name.lower()}@pages.example", full_name=name)
    for role in roles:
        Membership.objects.create(user=user, organization=organization, role=role)
    return user


def browser(user: User, language: str = "en", **options: Any) -> Browser:
    made = Browser(headers={"accept-language": language}, **options)
    made.force_login(user)
    return made


def admitted(name: str, kind: str) -> Organization:
    organization = make_organization(name_en=name, kind=kind)
    today = timezone.localdate()
    Agreement.objects.create(
        organization=organization,
        starts_on=datetime.date(2020, 1, 1),  # before any day to which a test travels
        ends_on=today + datetime.timedelta(days=400),
        signed_at=timezone.now(),
    )
    return organization


@dataclass
class World:
    """Nadia sends for Lantern, Tom answers for Northern; Pat, Eva and Ines must stay outside."""

    lantern: Organization = field(default_factory=lambda: admitted("Lantern (demo)", "womens_centre"))
    northern: Organization = field(default_factory=lambda: admitted("Northern (demo)", "addiction_service"))
    elsewhere: Organization = field(default_factory=lambda: admitted("Elsewhere (demo)", "training_program"))

    def __post_init__(self) -> None:
        self.nadia = member("Nadia", self.lantern, "worker")
        self.paula = member("Paula", self.lantern, "manager", "privacy_officer")
        self.tom = member("Tom", self.northern, "worker", "receiver_intake")
        self.pat = member("Pat", self.elsewhere, "worker", "receiver_intake")
        self.eva = member("Eva", self.elsewhere, "evaluator")
        self.service = make_service(
            organization=self.northern,
            name_en="Day program",
            name_fr="Programme de jour",
            accepts_referrals=True,
            minimum_age=18,
            categories=["treatment-day"],
        )
        self.person = self.client()

    def actor(self, user: User) -> Actor:
        return actor_for(user, None)

    def client(self, **given: Any) -> Client:
        data = {
            "chosen_name": NAME,
            "age_band": "25_34",
            "language": "en",
            "safe_contact": SAFE_CONTACT,
            "health": "Planted health",
            "family": "Planted family",
            "situation": "Planted situation",
            **given,
        }
        return create_client(actor=self.actor(self.nadia), **data)

    def consent(self, person: Client | None = None, **given: Any) -> Consent:
        data = {"field_groups": GROUPS, "how": "written", "language": "en", "given_by_reason": WHY, **given}
        return record_consent(
            actor=self.actor(self.nadia),
            client_id=(person or self.person).pk,
            recipient_id=self.northern.pk,
            text_version=CURRENT_VERSION,
            **data,
        )

    def draft(self, person: Client | None = None, **given: Any) -> Referral:
        return create_draft(
            actor=self.actor(self.nadia),
            client_id=(person or self.person).pk,
            service_id=self.service.pk,
            category="treatment-day",
            **given,
        )

    def sent(self, person: Client | None = None, **given: Any) -> Referral:
        consent_id = given.pop("consent_id", None) or self.consent(person).pk
        draft = self.draft(person, consent_id=consent_id, **given)
        return apply_action(referral_id=draft.pk, action="send", actor=self.actor(self.nadia))

    def accepted(self, person: Client | None = None) -> Referral:
        return self.act(self.sent(person), "accept")

    def act(self, referral: Referral, action: str, user: User | None = None, **details: Any) -> Referral:
        actor = self.actor(user or self.tom)
        return apply_action(referral_id=referral.pk, action=action, actor=actor, **details)

    def take_back(self, referral: Referral) -> None:
        """The consent it stands on, by the page, as told by phone."""
        told = {"how": "phone", "told_by": "Wren"}
        browser(self.nadia).post(address("consent_withdraw", referral.consent_id), told)
