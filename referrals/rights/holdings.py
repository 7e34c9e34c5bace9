"""Everything that Relais holds about a person, model by model: read by the export and by deletion.

A model that refers to a client or to a referral stands in ``HOLDINGS``, or a test fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals.models import (
    AnswerLink,
    CareTeamMember,
    ChildProtectionRecord,
    Client,
    ClientCorrection,
    ClientPhase,
    ConfirmationCode,
    Consent,
    ContactAttempt,
    Document,
    GlassBreak,
    Handoff,
    Introduction,
    LegalBasisShare,
    LegalHold,
    LinkVisit,
    Message,
    Need,
    Outcome,
    ReadMark,
    Referral,
    SupportEntry,
    TimelineEvent,
)

OF_REFERRAL = "referral__client"


@dataclass(frozen=True)
class Holding:
    """One model; ``path`` leads from its rows to the client."""

    model: type[models.Model]
    label: Promise
    path: str = "client"

    def rows(self, client_id: UUID) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(**{self.path: client_id})


HOLDINGS: tuple[Holding, ...] = (
    Holding(Client, _("Client file"), "pk"),
    Holding(ClientPhase, _("Program phases")),
    Holding(SupportEntry, _("Support given")),
    Holding(ChildProtectionRecord, _("Reports to child protection")),
    Holding(Consent, _("Consents")),
    Holding(Need, _("Needs")),
    Holding(Referral, _("Referrals")),
    Holding(TimelineEvent, _("What happened to the referrals"), OF_REFERRAL),
    Holding(Handoff, _("Handoffs"), OF_REFERRAL),
    Holding(ContactAttempt, _("Attempts to reach the person"), OF_REFERRAL),
    Holding(Message, _("Messages between the organizations"), OF_REFERRAL),
    Holding(Document, _("Documents"), OF_REFERRAL),
    Holding(ReadMark, _("What was read until when"), OF_REFERRAL),
    Holding(Outcome, _("Outcomes"), OF_REFERRAL),
    Holding(ConfirmationCode, _("Codes for the person’s own word"), OF_REFERRAL),
    Holding(AnswerLink, _("Links for an answer without an account"), OF_REFERRAL),
    Holding(LinkVisit, _("Answers by such a link"), "link__referral__client"),
    Holding(Introduction, _("Introductions")),
    Holding(ClientCorrection, _("What the file held before")),
    Holding(LegalBasisShare, _("Sharing without consent")),
    Holding(LegalHold, _("Legal holds")),
    Holding(CareTeamMember, _("Care team")),
    Holding(GlassBreak, _("Openings of a restricted file by a manager")),
)
# Fields that the export leaves out, and why. Keys and what leads back to the file go without saying.
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "referrals.Client.name_index": "a keyed digest for the search, nobody can read it",
        "referrals.Client.is_demo": "marks invented people",
        "referrals.Client.organization": "said once, above everything",
        "referrals.AnswerLink.code": "opens the referral to who has the link",
        "referrals.AnswerLink.digest": "a digest of a link, nobody can read it",
        "referrals.LinkVisit.digest": "the same of a visit",
        "referrals.LinkVisit.link": "an internal reference",
        "referrals.ConfirmationCode.digest": "a digest of a code, nobody can read it",
        "referrals.Document.content": "stands beside the export as a file of its own",
        "referrals.Referral.box_order": "a place in a list, told by status and urgency",
        "referrals.Referral.sender_news_at": "told by messages, files and marks",
        "referrals.Referral.receiver_news_at": "told by messages, files and marks",
        "referrals.Referral.handoff_due_at": "told by the handoffs",
        "referrals.Referral.consent": "an internal reference; the consents are listed with their recipients",
    }
)


def counts(client_id: UUID) -> list[tuple[Promise, int]]:
    """How many rows of each kind stand, without the kinds that have none."""
    found = [(holding.label, holding.rows(client_id).count()) for holding in HOLDINGS]
    return [(label, count) for label, count in found if count]


def ids_of(client_id: UUID) -> set[UUID]:
    """The ids of all rows that have one, for what is kept beside them by id."""
    with_ids = [h for h in HOLDINGS if isinstance(h.model._meta.pk, models.UUIDField)]
    return {pk for holding in with_ids for pk in holding.rows(client_id).values_list("pk", flat=True)}
