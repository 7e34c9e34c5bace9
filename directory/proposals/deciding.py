"""What becomes of a proposal: approved, not accepted, or taken back. Once, whoever comes first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.editing import save_service
from directory.listing_shape import Shape, normal_place, shape_of
from directory.models import (
    ListingProposal,
    ListingReport,
    LocationPolicy,
    ProposalState,
    Publication,
    Service,
)
from directory.models.locations import LocationKind
from directory.places import postal_area_point
from directory.placing import check_place
from directory.proposals.access import access_listing, access_proposal
from directory.proposals.blockers import Blocker, NotPublishable, blockers
from directory.proposals.difference import conflicts
from directory.proposals.proposing import (
    NOT_PUBLISHED,
    check_note,
    is_open,
    needs_second_person,
    number_of,
    record,
    to_save,
)
from directory.proposals.words import LABELS
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.form_words import REQUIRED
from partners.notifications import outbox

ALREADY = _("This proposal has been decided already.")
CHANGED = _("The listing has changed since, in: {fields}. Nothing was overwritten.")
ANOTHER = _("This shows more of the place than before. Somebody else than who proposed it has to approve it.")
TYPED = ("address_1", "city", "province", "postal_code")


@transaction.atomic
def approve(*, actor: Actor, proposal_id: UUID, place: Shape | None = None) -> ListingProposal:
    """The listing becomes as proposed, with its history, and the reports that the change answers are closed.

    ``place``: the address or the area, where more of the place is shown than before; the proposal does
    not hold it. Raises Conflict, Refused where a second person is needed, NotPublishable, Invalid.
    """
    proposal, service = _locked(proposal_id, actor)
    if service.publication != Publication.PUBLISHED:  # archived or merged away since
        raise Conflict(NOT_PUBLISHED, code="not_published")
    current = shape_of(service)
    if found := conflicts(current, proposal.data, proposal.before):
        fields = ", ".join(str(LABELS[key]) for key in found)
        raise Conflict(str(CHANGED).format(fields=fields), code="listing_changed", fields=found)
    data = dict(proposal.data)
    if needs_second_person(current, data):
        if actor.user_id is None or actor.user_id == proposal.proposed_by_id:
            raise Refused(ANOTHER)
        data["location"] = full_place(data["location"], place or {})
    if in_the_way := new_blockers(current, current | data):
        raise NotPublishable(in_the_way)
    save_service(actor, to_save(service, data), publish=True, service=service)
    _decide(proposal, actor, ProposalState.PUBLISHED)
    ListingReport.objects.filter(proposal=proposal, handled_at__isnull=True).update(
        handled_at=timezone.now(), handled_by_id=actor.user_id, result="changed"
    )
    _tell_owner(proposal, service, actor)
    record(actor, "approve_listing_change", proposal, service)
    return proposal


@transaction.atomic
def reject(*, actor: Actor, proposal_id: UUID, note: str) -> ListingProposal:
    """Needs a word of why. What it answered waits again."""
    proposal, service = _locked(proposal_id, actor)
    if not note.strip():
        raise Invalid({"note": [_("Say in a few words why.")]})
    check_note(note, shape_of(service))
    _decide(proposal, actor, ProposalState.REJECTED, note.strip())
    ListingReport.objects.filter(proposal=proposal, handled_at__isnull=True).update(proposal=None)
    _tell_owner(proposal, service, actor)
    record(actor, "reject_listing_change", proposal, service)
    return proposal


@transaction.atomic
def withdraw(*, actor: Actor, proposal_id: UUID) -> ListingProposal:
    """For who proposed it."""
    proposal, service = _locked(proposal_id, actor)
    if actor.user_id is None or proposal.proposed_by_id != actor.user_id:
        raise Refused(_("Only who proposed a change takes it back."))
    _decide(proposal, actor, ProposalState.WITHDRAWN)
    ListingReport.objects.filter(proposal=proposal, handled_at__isnull=True).update(proposal=None)
    record(actor, "withdraw_listing_change", proposal, service)
    return proposal


def new_blockers(before: Shape, after: Shape) -> list[Blocker]:
    """What the change itself would bring: what was missing before keeps nothing from being put right."""
    stood = {one.code for one in blockers(before)}
    return [one for one in blockers(after) if not one.is_warning and one.code not in stood]


def full_place(place: Shape, given: Shape) -> Shape:
    """The policy of the proposal with the address or the area that the second person gives."""
    public = place["policy"] == LocationPolicy.PUBLIC
    fields = TYPED if public else ("area", "city", "province")
    kept = {field: (given.get(field) or "").strip() for field in fields}
    if public and place["kind"] == LocationKind.PHYSICAL and not (kept["address_1"] and kept["city"]):
        raise Invalid({"address_1": [_("Give the street address and the city.")]})
    if public and kept["address_1"] and not kept["province"]:
        raise Invalid({"province": [REQUIRED]})
    if not public and not (kept["area"] or kept["city"]):
        raise Invalid({"area": [_("Choose an area, or give the city.")]})
    full = with_position({"policy": place["policy"], "kind": place["kind"], **kept})
    check_place(full)
    return normal_place(full)


def with_position(place: Shape, current: Shape | None = None) -> Shape:
    """The same address keeps its point; another one has that of its postal area, where it is known."""
    if current and all((place.get(field) or "") == (current.get(field) or "") for field in TYPED):
        kept = ("latitude", "longitude", "postal_area")
        place |= {field: current[field] for field in kept if field in current}
        return place
    code = (place.get("postal_code") or "")[:3].upper()
    return place | {"postal_area": code} if code and postal_area_point(code) else place


def _locked(proposal_id: UUID, actor: Actor) -> tuple[ListingProposal, Service]:
    """The listing's row first, then the proposal's, as they stand now."""
    seen = access_proposal(proposal_id, actor)
    Service.objects.select_for_update(of=("self",), no_key=True).get(pk=seen.service_id)
    proposal = ListingProposal.objects.select_for_update(of=("self",), no_key=True).filter(pk=seen.pk).first()
    if proposal is None:
        raise NotSeen
    if not is_open(proposal):
        raise Conflict(ALREADY, code="already_decided")
    return proposal, access_listing(seen.service_id, actor)


def _decide(proposal: ListingProposal, actor: Actor, state: ProposalState, note: str = "") -> None:
    """Only its own columns: hiding a place may have taken something out of the others meanwhile."""
    decided: dict[str, Any] = {"state": state.value, "decided_at": timezone.now(), "decision_note": note}
    decided["decided_by_id"] = actor.user_id
    ListingProposal.objects.filter(pk=proposal.pk).update(**decided)
    proposal.refresh_from_db()


def _tell_owner(proposal: ListingProposal, service: Service, actor: Actor) -> None:
    """Of a decision by the network, and to somebody's proposal by a colleague."""
    if actor.user_id != proposal.proposed_by_id:
        outbox.add(service.organization_id, "listing_decided", proposal.pk, number_of(service.pk))
