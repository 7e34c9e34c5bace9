"""The page of a need, in words: what she looks for, and each referral made for it with its state."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from directory.models import Taxonomy, TaxonomyTerm
from partners.actor import Actor
from partners.bilingual import localized
from referrals import turns
from referrals.consent import live_consent
from referrals.models import Need, OfferMode, Referral, Urgency
from referrals.presenting import PHASE_LABELS
from referrals.workflow import OPEN, STATUS_LABELS, Status


@dataclass(frozen=True)
class OfferRow:
    """One referral of the need. ``needs_consent``: a draft that nothing is sent of before."""

    referral: Referral
    status_label: Promise
    is_draft: bool
    needs_consent: bool
    is_next: bool


@dataclass(frozen=True)
class NeedPage:
    id: UUID
    client_id: UUID
    category: str
    urgency: str
    urgency_label: str
    phase_label: str
    matters: str
    barriers: list[str]
    closed: bool
    in_turn: bool
    mode_label: str
    offers: list[OfferRow]

    @property
    def has_drafts(self) -> bool:
        return any(row.is_draft for row in self.offers)

    @property
    def may_close(self) -> bool:
        return not any(Status(row.referral.status) in OPEN for row in self.offers)


def need_page(need: Need, actor: Actor) -> NeedPage:
    rows = list(Referral.objects.visible_to(actor).filter(need=need).for_list().order_by(*turns.IN_ORDER))
    following = turns.next_in_turn(need)
    return NeedPage(
        id=need.pk,
        client_id=need.client_id,
        category=localized(need.category, "name").text,
        urgency=need.urgency,
        urgency_label=str(Urgency(need.urgency).label),
        phase_label=str(PHASE_LABELS[need.phase]) if need.phase else "",
        matters=need.matters,
        barriers=_barriers(need),
        closed=need.closed_at is not None,
        in_turn=need.offer_mode == OfferMode.IN_TURN,
        mode_label=str(OfferMode(need.offer_mode).label) if rows else "",
        offers=[_row(row, following) for row in rows],
    )


def _row(referral: Referral, following: Referral | None) -> OfferRow:
    draft = referral.status == Status.DRAFT.value
    return OfferRow(
        referral=referral,
        status_label=STATUS_LABELS[Status(referral.status)],
        is_draft=draft,
        needs_consent=draft and live_consent(referral) is None,
        is_next=following is not None and following.pk == referral.pk,
    )


def _barriers(need: Need) -> list[str]:
    terms = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.BARRIER, code__in=need.barriers or [])
    return [localized(term, "name").text for term in terms]


@dataclass(frozen=True)
class NeedLine:
    """A need on the client's page."""

    id: UUID
    category: str
    urgency: str
    urgency_label: str
    closed: bool


def lines_of(client_id: UUID, actor: Actor) -> list[NeedLine]:
    """The client's needs, open ones first, without her words."""
    needs = Need.objects.visible_to(actor).filter(client_id=client_id).select_related("category")
    lines = [
        NeedLine(
            need.pk,
            localized(need.category, "name").text,
            need.urgency,
            str(Urgency(need.urgency).label),
            need.closed_at is not None,
        )
        for need in needs.defer("matters", "barriers")
    ]
    return sorted(lines, key=lambda line: line.closed)
