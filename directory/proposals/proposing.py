"""A change of a listing: of a draft it is made at once, of a published one it is proposed.

What could not be published is not proposed: the one writer of listings makes the change and takes it back
before the proposal is kept. So nothing stands in a proposal that the listing itself may not hold.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from directory import placing
from directory.editing import save_service
from directory.listing_shape import EDITED_KEYS, Shape, normal, shape_of
from directory.models import (
    ListingProposal,
    ListingReport,
    LocationPolicy,
    Program,
    ProposalState,
    Publication,
    Service,
)
from directory.place_policy import scan_text
from directory.proposals.access import access_listing, access_report, has_editors
from directory.proposals.blockers import NotPublishable, blockers
from directory.proposals.difference import changes, shows_more
from partners import audit
from partners.actor import Actor
from partners.errors import Conflict, Invalid
from partners.joining.network import tell_network
from partners.models import Organization
from partners.notifications import outbox
from partners.roles import Capability

LONGEST_NOTE = 500
NUMBER_LENGTH = 8
NOT_PUBLISHED = _("This listing is not published: it is changed without a proposal, or not at all any more.")
SOURCE: dict[str, Any] = {
    "type": "partner",
    "url": None,
    "date": None,
    "other_urls": [],
    "source_says": False,
    "note_en": None,
    "note_fr": None,
}


def number_of(service_id: UUID) -> str:
    """What a listing is called in notices."""
    return str(service_id)[:NUMBER_LENGTH]


@transaction.atomic
def propose(
    *, actor: Actor, service_id: UUID, wanted: Shape, note: str = "", report_id: UUID | None = None
) -> ListingProposal:
    """Keep what differs until somebody approves it. ``report_id``: the report that it answers.

    Raises Invalid, field by field and where nothing differs; Conflict for what is not published.
    """
    service = access_listing(service_id, actor)
    if service.publication != Publication.PUBLISHED:
        raise Conflict(NOT_PUBLISHED, code="not_published")
    current = shape_of(service)
    data, before = changes(current, _normal(wanted))
    if not data:
        raise Invalid({"changes": [_("Nothing differs from the listing.")]})
    check_note(note, current)
    _try(actor, service, current, data)
    proposal = ListingProposal.objects.create(
        service=service, data=data, before=before, note=note.strip(), proposed_by_id=actor.user_id
    )
    if report_id:
        report = access_report(report_id, actor)
        rows = ListingReport.objects.filter(pk=report.pk, service=service, handled_at__isnull=True)
        rows.update(proposal=proposal)
    if needs_second_person(current, data):
        _ask_somebody_else(proposal, actor)
    record(actor, "propose_listing", proposal, service)
    return proposal


@transaction.atomic
def create_draft(*, actor: Actor, wanted: Shape) -> Service:
    """A new listing of the own organization, which nobody else sees until it is published."""
    actor.require(Capability.EDIT_LISTINGS)
    data = _normal(wanted)
    _check_whole(data)
    organization = Organization.objects.get(pk=actor.organization_id)
    bare = Service(organization=organization)
    given = {**to_save(bare, data), "organization": organization, "source": SOURCE}
    given["is_demo"] = organization.is_demo
    return save_service(actor, given, publish=False)


@transaction.atomic
def change_draft(*, actor: Actor, service_id: UUID, wanted: Shape) -> Service:
    """Raises Conflict for a listing that is published, or was."""
    service = access_listing(service_id, actor)
    if service.publication != Publication.DRAFT:
        raise Conflict
    current = shape_of(service)
    data = {key: value for key, value in _normal(wanted).items() if value != current[key]}
    _check_whole(current | data)
    return save_service(actor, to_save(service, data), publish=False, service=service)


@transaction.atomic
def publish(*, actor: Actor, service_id: UUID) -> Service:
    """Show a draft to everybody. Raises NotPublishable with what is in the way."""
    access_listing(service_id, actor)
    Service.objects.select_for_update(of=("self",), no_key=True).get(pk=service_id)
    service = access_listing(service_id, actor)
    if service.publication != Publication.DRAFT:
        raise Conflict
    if in_the_way := [one for one in blockers(shape_of(service)) if not one.is_warning]:
        raise NotPublishable(in_the_way)
    saved = save_service(actor, {}, publish=True, service=service)
    chains = (service.organization_id,)
    audit.record(audit.Entry(actor, "publish_listing", "service", service.pk, chains=chains))
    return saved


def needs_second_person(current: Shape, data: Shape) -> bool:
    """It shows more of a place than before: nobody decides that alone."""
    return "location" in data and shows_more(current["location"], data["location"])


def to_save(service: Service, data: Shape) -> dict[str, Any]:
    """The change as ``save_service`` takes it: a program is one of the own organization's."""
    if data.get("program") is None:
        return data
    own = Program.objects.filter(organization_id=service.organization_id)
    program = own.filter(pk=data["program"]).first() if _is_id(data["program"]) else None
    if program is None:
        raise Invalid({"program": [_("This is not a program of the organization.")]})
    return {**data, "program": program}


def check_note(note: str, current: Shape) -> None:
    """A note is kept beside the listing, and tells no more of the place than the listing does."""
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": [_("At most 500 characters.")]})
    if current["location"]["policy"] != LocationPolicy.PUBLIC and (found := scan_text(note)):
        raise Invalid({"note": [str(placing.NAMES_ONE).format(found="; ".join(found))]})


def record(actor: Actor, action: str, proposal: ListingProposal, service: Service) -> None:
    chains = (service.organization_id,)
    audit.record(audit.Entry(actor, action, "listing_proposal", proposal.pk, chains=chains))


def _normal(wanted: Shape) -> Shape:
    if unknown := sorted(set(wanted) - set(EDITED_KEYS)):
        raise Invalid({key: [_("This field is not known.")] for key in unknown})
    if "location" in wanted:
        placing.check_place(wanted["location"])
    return {key: normal(key, value) for key, value in wanted.items()}


def _check_whole(shape: Shape) -> None:
    """What the database itself would refuse, in words."""
    if not (shape.get("name_en") or shape.get("name_fr")):
        raise Invalid({"name_en": [_("Give a name in at least one language.")]})
    youngest, oldest = shape.get("minimum_age"), shape.get("maximum_age")
    if youngest is not None and oldest is not None and youngest > oldest:
        raise Invalid({"maximum_age": [_("This age is below the first one.")]})


def _try(actor: Actor, service: Service, current: Shape, data: Shape) -> None:
    """Raises Invalid where the listing could not be so.

    A change that shows more of the place is tried without it as well: until then its texts may not tell it.
    """
    _check_whole(current | data)
    _make_and_take_back(actor, service, data)
    rest = {key: value for key, value in data.items() if key != "location"}
    if rest and needs_second_person(current, data):
        _make_and_take_back(actor, service, rest)


def _make_and_take_back(actor: Actor, service: Service, data: Shape) -> None:
    with transaction.atomic():
        tried = access_listing(service.pk, actor)
        save_service(actor, to_save(tried, data), publish=False, service=tried)
        transaction.set_rollback(True)


def _ask_somebody_else(proposal: ListingProposal, actor: Actor) -> None:
    """Another editor of the owner, or the network where there is none."""
    owner_id = proposal.service.organization_id
    if has_editors(owner_id, but=actor.user_id):
        outbox.add(owner_id, "listing_proposal", proposal.pk, number_of(proposal.service_id))
    else:
        tell_network("listing_proposal_network", proposal.pk)


def _is_id(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def is_open(proposal: ListingProposal) -> bool:
    return proposal.state == ProposalState.PROPOSED
