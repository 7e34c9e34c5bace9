"""The invented people of the demo: who signs in, whom they accompany, and how far each referral is.

Everything is written by the same acts as in real work, each by the person whose act it is.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from directory.models import Service
from partners.access import actor_for
from partners.actor import Actor
from partners.models import Agreement, Membership, Organization, User
from referrals.actions import apply_action
from referrals.clients import create_client, enter_phase
from referrals.consent_acts import record_consent
from referrals.consent_texts import CURRENT_VERSION
from referrals.drafts import create_draft
from referrals.handoffs import plan_handoff, record_handoff
from referrals.messages import send_message
from referrals.models import Client, Referral
from referrals.opened import mark_opened
from referrals.outcomes import confirm_outcome

STORY = "demo_story.json"
# She stays 17 whenever the demo is made.
SEVENTEEN_KEY = "tess"
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
        """Users, memberships and agreements. Idempotent; the password becomes the one given."""
        for row in self.data["users"]:
            user = User.objects.filter(email=row["email"]).first() or User(email=row["email"])
            user.full_name, user.language = row["full_name"], row["language"]
            if not user.check_password(password):
                user.set_password(password)
            user.save()
            for role in row["roles"]:
                Membership.objects.get_or_create(
                    user=user, organization=self._organization(row["organization"]), role=role, ended_at=None
                )
        for row in self.data["agreements"]:
            Agreement.objects.get_or_create(
                organization=self._organization(row["organization"]),
                starts_on=datetime.date.fromisoformat(row["starts"]),
                ends_on=datetime.date.fromisoformat(row["ends"]),
            )

    @transaction.atomic
    def clients_and_referrals(self) -> bool:
        """Told once: False where there already are clients. All or nothing."""
        if Client.objects.exists():
            return False
        for row in self.data["clients"]:
            self.clients[row["key"]] = self._client(row)
        for tell in TOLD:
            tell(self)
        return True

    def actor(self, name: str) -> Actor:
        """By the part of the address before the @."""
        return actor_for(User.objects.get(email__startswith=f"{name}@"), None)

    def sent(self, client: str, service: str, category: str, **more: Any) -> Referral:
        """A referral of one of the clients, sent with a written consent by the worker who keeps the file."""
        sender = self._worker_of(client)
        groups = more.pop("groups", ("identity", "contact", "situation"))
        listing = Service.objects.get(source_id=f"demo:{service}")
        consent = record_consent(
            actor=sender,
            client_id=self.clients[client].pk,
            recipient_id=listing.organization_id,
            field_groups=groups,
            how="written",
            language=self.clients[client].language,
            text_version=CURRENT_VERSION,
        )
        draft = create_draft(
            actor=sender,
            client_id=self.clients[client].pk,
            service_id=listing.pk,
            consent_id=consent.pk,
            category=category,
            **more,
        )
        return apply_action(referral_id=draft.pk, action="send", actor=sender)

    def act(self, referral: Referral, name: str, action: str, **details: Any) -> None:
        apply_action(referral_id=referral.pk, action=action, actor=self.actor(name), **details)

    def _client(self, row: dict[str, Any]) -> Client:
        given = {field: row[field] for field in CLIENT_FIELDS if row[field] is not None}
        if row["key"] == SEVENTEEN_KEY:
            given["birth_date"] = _seventeen_today().isoformat()
        actor = actor_for(User.objects.get(email=row["worker"]), None)
        client = create_client(actor=actor, **given)
        enter_phase(actor=actor, client_id=client.pk, phase=row["phase"], on=timezone.localdate())
        return client

    def _worker_of(self, client: str) -> Actor:
        row = next(row for row in self.data["clients"] if row["key"] == client)
        return actor_for(User.objects.get(email=row["worker"]), None)

    def _organization(self, key: str) -> Organization:
        return Organization.objects.get(source_id=f"demo:{key}")


def _got_help(story: Story) -> None:
    """The whole loop: met, helped, closed, confirmed by the sender."""
    referral = story.sent("asha", "northern-light-day", "treatment-day", urgency="soon")
    ines = story.actor("ines")
    mark_opened(referral.pk, ines)
    story.act(referral, "ines", "accept")
    handoff = plan_handoff(
        referral_id=referral.pk,
        actor=ines,
        kind="accompanied",
        when=timezone.now() + datetime.timedelta(hours=2),
        companion="Nadia (demo)",
        ride=True,
    )
    record_handoff(handoff_id=handoff.id, actor=ines, result="kept")
    story.act(referral, "ines", "start_service", date=timezone.localdate())
    story.act(referral, "ines", "close", outcome="got_help", date=timezone.localdate())
    confirm_outcome(referral_id=referral.pk, actor=story.actor("nadia"))


def _waits_for_answer(story: Story) -> None:
    story.sent("wren", "northern-light-detox", "withdrawal-community", urgency="urgent")


def _accepted(story: Story) -> None:
    referral = story.sent("june", "two-rivers-pre-employment", "pre-employment")
    pat = story.actor("pat")
    mark_opened(referral.pk, pat)
    story.act(referral, "pat", "accept")
    plan_handoff(
        referral_id=referral.pk, actor=pat, kind="warm", when=timezone.now() + datetime.timedelta(days=2)
    )
    send_message(referral_id=referral.pk, actor=pat, text="We look forward to meeting on the day planned.")


def _waitlisted(story: Story) -> None:
    referral = story.sent("marie", "red-river-counselling", "trauma-therapy", urgency="soon")
    mark_opened(referral.pk, story.actor("tom"))
    expected = timezone.localdate() + datetime.timedelta(weeks=4)
    story.act(referral, "tom", "waitlist", expected_date=expected)


def _declined(story: Story) -> None:
    referral = story.sent("asha", "red-river-primary-care", "community-clinic")
    mark_opened(referral.pk, story.actor("tom"))
    story.act(referral, "tom", "decline", reason="no_capacity")


def _draft(story: Story) -> None:
    """Nobody has asked Dee yet: the draft waits for a consent."""
    service = Service.objects.get(source_id="demo:red-river-stbbi")
    create_draft(
        actor=story.actor("nadia"),
        client_id=story.clients["dee"].pk,
        service_id=service.pk,
        category="stbbi",
        urgency="soon",
    )


def _incoming(story: Story) -> None:
    """From Northern Light to Prairie Lantern: Nadia is the receiver for once."""
    story.sent("robin", "prairie-lantern-program", "new-start-program", urgency="soon")


TOLD: tuple[Callable[[Story], None], ...] = (
    _got_help,
    _waits_for_answer,
    _accepted,
    _waitlisted,
    _declined,
    _draft,
    _incoming,
)


def _seventeen_today() -> datetime.date:
    """Born seventeen years and a month ago."""
    today = timezone.localdate()
    return datetime.date(today.year - 17, today.month, 1) - datetime.timedelta(days=20)
