"""The list of kept listings: which ones, in which state, and what waits on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import ListingProposal, ListingReport, ProposalState, Publication, Service
from directory.proposals.access import keeps_all, reports_of
from directory.upkeep.lapse import has_lapsed, is_lapsed
from directory.upkeep.pages import CapacityPanel, capacity_panels
from partners.actor import Actor
from partners.paging import LongPage, LongPaginator
from partners.roles import Capability

ROWS_A_PAGE = 25
NETWORK = "network"
OWN_FILTERS: list[tuple[str, Promise]] = [
    ("draft", _("Drafts")),
    ("waiting", _("A change waits")),
    ("reports", _("Reported as wrong")),
    ("lapsed", _("Check overdue")),
    ("archived", _("Archived")),
]
STATES = {Publication.DRAFT.value: _("Draft"), Publication.PUBLISHED.value: _("Published")}


@dataclass(frozen=True)
class Row:
    service: Service
    state: str | Promise
    lapsed: bool
    can_change: bool
    proposals: list[ListingProposal]
    reports: list[ListingReport]
    capacity: CapacityPanel | None


def filters(actor: Actor) -> list[tuple[str, Promise]]:
    return [*OWN_FILTERS, (NETWORK, _("Waits for the network"))] if keeps_all(actor) else OWN_FILTERS


def page(actor: Actor, state: str, number: str | None) -> LongPage:
    rows = _rows(actor, state).select_related("organization", "capacity").order_by("sort_en", "pk")
    return LongPaginator(rows, ROWS_A_PAGE).get_page(number)


def rows(services: Sequence[Service], actor: Actor) -> list[Row]:
    """One page, with what waits on each; as many queries however many there are."""
    reports = reports_of(actor).filter(handled_at__isnull=True)
    prefetch_related_objects(
        services,
        Prefetch("proposals", _open_proposals(), to_attr="open_proposals"),
        Prefetch("reports", reports, to_attr="open_reports"),
    )
    panels = capacity_panels(actor, [one for one in services if one.publication == Publication.PUBLISHED])
    return [_row(service, panels.get(service.pk)) for service in services]


def _row(service: Any, capacity: CapacityPanel | None) -> Row:
    can_change = service.publication in STATES
    state = STATES.get(service.publication, _("Archived"))
    lapsed = service.publication == Publication.PUBLISHED and is_lapsed(service)
    return Row(service, state, lapsed, can_change, service.open_proposals, service.open_reports, capacity)


def _rows(actor: Actor, state: str) -> QuerySet[Service]:
    if state == NETWORK and keeps_all(actor):
        passed_on = ListingReport.objects.filter(
            service=OuterRef("pk"), handled_at__isnull=True, passed_on_at__isnull=False
        )
        return Service.objects.filter(Exists(_waits()) | Exists(passed_on))
    if not keeps_all(actor):
        actor.require(Capability.EDIT_LISTINGS)
    own = Service.objects.filter(organization_id=actor.organization_id)
    return own.filter(_narrowed(state))


def _narrowed(state: str) -> Q:
    if state == "draft":
        return Q(publication=Publication.DRAFT)
    if state == "waiting":
        return Q(Exists(_waits()))
    if state == "reports":
        return Q(Exists(ListingReport.objects.filter(service=OuterRef("pk"), handled_at__isnull=True)))
    if state == "lapsed":
        return Q(publication=Publication.PUBLISHED) & has_lapsed()
    if state == "archived":
        return ~Q(publication__in=list(STATES))
    return Q()


def _waits() -> QuerySet[ListingProposal]:
    return _open_proposals().filter(service=OuterRef("pk"))


def _open_proposals() -> QuerySet[ListingProposal]:
    return ListingProposal.objects.filter(state=ProposalState.PROPOSED)
