"""The invented people of the demo: who signs in, whom they accompany, and how far each referral is.

Everything is written by the same acts as in real work, each by the person whose act it is. A second
telling leaves alone what stands.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from directory.models import Service
from partners.access import actor_for
from partners.actor import Actor
from partners.models import Membership, Organization, User
from referrals.actions import apply_action
from referrals.clients import create_client, enter_phase
from referrals.consent_acts import record_consent
from referrals.consent_texts import version_for
from referrals.demo import earlier, joining, links, listings, others, program, safety, stages, telling, upkeep
from referrals.drafts import create_draft
from referrals.models import Client, Consent, Referral

STORY = "demo_story.json"
# They stay 17 whenever the demo is made.
SEVENTEEN = {"tess", "mika"}
CHAPTERS = (*joining.TOLD, *earlier.TOLD, *stages.TOLD, *program.TOLD, *others.TOLD, *safety.TOLD)
# What nobody has read of yet.
NEWS = (*joining.NEWS, *listings.TOLD, *upkeep.TOLD, *links.TOLD, *telling.TOLD)
GROUPS = ("identity", "contact", "situation")
CLIENT_FIELDS = (
    "chosen_name",
    "legal_name",
    "birth_date",
    "age_band",
    "gender",
    "pronouns",
    "language",
    "safe_area",
    "safe_contact",
)


class Story:
    """One telling of the story file in one database."""

    def __init__(self, folder: Path) -> None:
        self.data: dict[str, Any] = json.loads((folder / STORY).read_text(encoding="utf-8"))
        self.clients: dict[str, Client] = {}

    @transaction.atomic
    def people(self, password: str) -> None:
        """Users, memberships and signed agreements. Idempotent; the password becomes the one given."""
        same: set[str] = set()  # one hash for all: each costs as much time as a guess
        for row in self.data["users"]:
            user = User.objects.filter(email=row["email"]).first() or User(email=row["email"])
            user.full_name, user.language = row["full_name"], row["language"]
            if user.password not in same and not user.check_password(password):
                user.password = next(iter(same), "") or make_password(password)
            same.add(user.password)
            user.save()
            for role in row["roles"]:
                Membership.objects.get_or_create(
                    user=user, organization=self.organization(row["organization"]), role=role, ended_at=None
                )
        joining.sign_agreements(self)

    @transaction.atomic
    def clients_and_referrals(self) -> bool:
        """Told once: False where there already are clients. All or nothing."""
        if Client.objects.exists():
            return False
        for row in self.data["clients"]:
            self.clients[row["key"]] = self._client(row)
        telling.choose_paces(self)
        for tell in (*CHAPTERS, telling.read_what_was_told, *NEWS):
            tell(self)
        return True

    def user(self, name: str) -> User:
        """By the part of the address before the @."""
        return User.objects.get(email__startswith=f"{name}@")

    def actor(self, name: str) -> Actor:
        """In the first by name of their organizations."""
        return actor_for(self.user(name), None)

    def actor_of(self, user_id: UUID, organization_id: UUID) -> Actor:
        return actor_for(User.objects.get(pk=user_id), organization_id)

    def service(self, key: str) -> Service:
        """One of the demo's listings."""
        return Service.objects.get(source_id=f"demo:{key}")

    def listing(self, key: str) -> Service:
        """The same with all that its shape holds."""
        return Service.objects.for_listing().get(source_id=f"demo:{key}")

    def consent(self, client: str, service: Service, groups: tuple[str, ...], **more: Any) -> Consent:
        """In writing, to the partner of this listing, recorded by the worker who keeps the file."""
        given = {"how": "written", "language": self.clients[client].language} | more
        return record_consent(
            actor=self.worker_of(client),
            client_id=self.clients[client].pk,
            recipient_id=service.organization_id,
            field_groups=groups,
            text_version=version_for(service.organization),
            **given,
        )

    def draft(self, client: str, service: Service, **more: Any) -> Referral:
        """By the worker who keeps the file; without a consent nobody has asked her yet."""
        return create_draft(
            actor=self.worker_of(client),
            client_id=self.clients[client].pk,
            service_id=service.pk,
            **more,
        )

    def sent(self, client: str, service: str, category: str, **more: Any) -> Referral:
        """A referral of one of the clients, sent with a written consent by the worker who keeps the file."""
        listing = self.service(service)
        consent = self.consent(client, listing, more.pop("groups", GROUPS))
        draft = self.draft(client, listing, consent_id=consent.pk, category=category, **more)
        return apply_action(referral_id=draft.pk, action="send", actor=self.worker_of(client))

    def act(self, referral: Referral, name: str, action: str, **details: Any) -> None:
        apply_action(referral_id=referral.pk, action=action, actor=self.actor(name), **details)

    def _client(self, row: dict[str, Any]) -> Client:
        given = {field: row[field] for field in CLIENT_FIELDS if row[field] is not None}
        if row["key"] in SEVENTEEN:
            given["birth_date"] = _seventeen_today().isoformat()
        actor = actor_for(User.objects.get(email=row["worker"]), None)
        client = create_client(actor=actor, **given)
        enter_phase(actor=actor, client_id=client.pk, phase=row["phase"], on=timezone.localdate())
        return client

    def worker_of(self, client: str) -> Actor:
        row = next(row for row in self.data["clients"] if row["key"] == client)
        return actor_for(User.objects.get(email=row["worker"]), None)

    def organization(self, key: str) -> Organization:
        return Organization.objects.get(source_id=f"demo:{key}")


def _seventeen_today() -> datetime.date:
    """Born seventeen years and a month ago."""
    today = timezone.localdate()
    return datetime.date(today.year - 17, today.month, 1) - datetime.timedelta(days=20)
