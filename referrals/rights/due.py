"""What is due to be deleted: the rows, by kind, as the database finds them.

Nothing with a legal hold on its file is ever due.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import DateTimeField, Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.clock_marks import marked
from referrals.models import (
    ChildProtectionRecord,
    Client,
    ClientCorrection,
    Consent,
    ContactAttempt,
    Document,
    Handoff,
    Introduction,
    IntroductionState,
    LegalBasisShare,
    LegalHold,
    Message,
    Need,
    Outcome,
    Referral,
    SupportEntry,
    SupportKind,
)
from referrals.workflow import FINAL, OPEN, Status

STRIPPED = "retention.strip"
KINDS: dict[str, Promise] = {
    "draft": _("Draft"),
    "introduction": _("Closed introduction"),
    "client": _("Client file"),
    "referral": _("Texts and documents of an ended referral"),
}
_OPEN = [status.value for status in OPEN]
_STARTED = [status.value for status in OPEN - {Status.DRAFT}]
_FINAL = [status.value for status in FINAL]
# Where an act leaves its time, on a referral and on a file.
_ON_REFERRAL: tuple[tuple[type[Model], str], ...] = (
    (Outcome, "recorded_at"),
    (Handoff, "recorded_at"),
    (ContactAttempt, "recorded_at"),
    (Message, "sent_at"),
    (Document, "sent_at"),
)
_ON_FILE: tuple[tuple[type[Model], str], ...] = (
    (Referral, "last_modified"),
    (Need, "created_at"),
    (Consent, "recorded_at"),
    (SupportEntry, "recorded_at"),
    (ChildProtectionRecord, "recorded_at"),
    (ClientCorrection, "at"),
    (LegalBasisShare, "requested_at"),
    (Introduction, "created_at"),
)


@dataclass(frozen=True)
class Due:
    """One thing that is due: its code and the time of its last act, no names."""

    kind: str
    object_id: UUID
    organization_id: UUID
    code: str
    last_act: datetime.datetime

    @property
    def label(self) -> Promise:
        return KINDS[self.kind]


def drafts() -> QuerySet[Referral]:
    """Drafts, and what ended before it was ever sent. One that waits for its turn is not forgotten."""
    turn = Referral.objects.filter(need=OuterRef("need"), status__in=_STARTED)
    never_sent = Q(status=Status.DRAFT.value) | Q(status__in=_FINAL, sent_at__isnull=True)
    rows = Referral.objects.filter(never_sent, ~Exists(turn), _not_held("client"))
    return rows.annotate(last_act=F("last_modified")).filter(last_act__lt=_ago(settings.RETENTION_DRAFT_DAYS))


def introductions() -> QuerySet[Introduction]:
    """Closed without being taken up. One that was taken up goes with the file."""
    rows = Introduction.objects.filter(state=IntroductionState.CLOSED, client__isnull=True)
    return rows.annotate(last_act=F("ended_at")).filter(
        last_act__lt=_ago(settings.RETENTION_INTRODUCTION_DAYS)
    )


def clients() -> QuerySet[Client]:
    """Files of which every referral has ended and on which nobody has acted for long."""
    still_open = Referral.objects.filter(client=OuterRef("pk"), status__in=_OPEN)
    at_home = SupportEntry.objects.filter(
        client=OuterRef("pk"), kind=SupportKind.TRANSITIONAL_HOUSING, until__isnull=True
    )
    acts = [_latest(model, "client", name) for model, name in _ON_FILE]
    acts += [_latest(model, "referral__client", name) for model, name in _ON_REFERRAL]
    before = _ago(settings.RETENTION_CLOSED_DAYS)
    rows = Client.objects.filter(
        ~Exists(still_open), ~Exists(at_home), _not_held("pk"), last_act_at__lt=before
    )
    return rows.annotate(last_act=_greatest("last_act_at", acts)).filter(last_act__lt=before)


def referrals() -> QuerySet[Referral]:
    """Ended referrals of files that go on: what was written in them is due, what happened stays."""
    acts = [_latest(model, "referral", name) for model, name in _ON_REFERRAL]
    before = _ago(settings.RETENTION_CLOSED_DAYS)
    rows = Referral.objects.filter(
        ~marked(STRIPPED),
        _not_held("client"),
        status__in=_FINAL,
        sent_at__isnull=False,
        last_modified__lt=before,
    )
    rows = rows.filter(~Exists(clients().filter(pk=OuterRef("client"))))
    return rows.annotate(last_act=_greatest("last_modified", acts)).filter(last_act__lt=before)


def days() -> dict[str, int]:
    """How long each kind is kept here."""
    return {
        "draft": settings.RETENTION_DRAFT_DAYS,
        "introduction": settings.RETENTION_INTRODUCTION_DAYS,
        "closed": settings.RETENTION_CLOSED_DAYS,
    }


def due(organization_id: UUID | None = None) -> list[Due]:
    """A dry run: everything that is due now, of one organization or of all, the oldest first."""
    found = [
        Due(kind, *row)
        for kind, rows, owner in (
            ("draft", drafts(), "sender_id"),
            ("introduction", introductions(), "receiver_id"),
            ("client", clients(), "organization_id"),
            ("referral", referrals(), "sender_id"),
        )
        for row in _of(rows, owner, organization_id).values_list("pk", owner, "code", "last_act")
    ]
    return sorted(found, key=lambda one: (one.last_act, one.code))


def _of(rows: QuerySet, owner: str, organization_id: UUID | None) -> QuerySet:
    return rows.filter(**{owner: organization_id}) if organization_id else rows


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def _not_held(client: str) -> Any:
    return ~Exists(LegalHold.objects.filter(client=OuterRef(client), ended_at__isnull=True))


def _latest(model: type[Model], path: str, name: str) -> Subquery:
    rows = model._default_manager.filter(**{path: OuterRef("pk")}).order_by(f"-{name}")
    return Subquery(rows.values(name)[:1], output_field=DateTimeField())


def _greatest(own: str, acts: list[Subquery]) -> Greatest:
    return Greatest(own, *(Coalesce(act, F(own)) for act in acts))
