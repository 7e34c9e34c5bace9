"""A proposal with its difference, and what may be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from directory.listing_shape import Shape, shape_of
from directory.models import ListingProposal
from directory.proposals import deciding
from directory.proposals.access import access_listing, access_proposal, names_for
from directory.proposals.blockers import blockers
from directory.proposals.difference import conflicts, difference
from directory.proposals.forms import PlaceForm, RejectForm
from directory.proposals.proposing import is_open, needs_second_person
from directory.proposals.words import LABELS
from partners.actor import Actor
from partners.errors import DomainError, Invalid, NotSeen
from partners.middleware import actor_of


@require_safe
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    return _page(request, access_proposal(proposal_id, actor_of(request)))


@require_POST
def proposal_approve(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = access_proposal(proposal_id, actor)
    form = _place_form(found, shape_of(access_listing(found.service_id, actor)), actor, request)
    if form is not None and not form.is_valid():
        return _page(request, found, place_form=form, status=400)
    try:
        deciding.approve(actor=actor, proposal_id=proposal_id, place=form.cleaned_data if form else None)
    except Invalid as error:
        if form is not None:
            form.refuse(error)
        return _page(request, found, place_form=form, problem=_said(error), status=error.status)
    except NotSeen:
        raise
    except DomainError as error:
        return _page(request, access_proposal(proposal_id, actor), problem=str(error), status=error.status)
    messages.success(request, _("Published."))
    return redirect("directory:proposal", proposal_id)


@require_POST
def proposal_reject(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = access_proposal(proposal_id, actor)
    form = RejectForm(request.POST)
    if form.is_valid():
        try:
            deciding.reject(actor=actor, proposal_id=proposal_id, note=form.cleaned_data["note"])
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Not accepted. The listing stays as it is."))
            return redirect("directory:proposal", proposal_id)
    return _page(request, found, reject_form=form, status=400)


@require_POST
def proposal_withdraw(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    deciding.withdraw(actor=actor_of(request), proposal_id=proposal_id)
    messages.success(request, _("Taken back. The listing stays as it is."))
    return redirect("directory:proposal", proposal_id)


def _page(
    request: HttpRequest,
    found: ListingProposal,
    *,
    place_form: PlaceForm | None = None,
    reject_form: RejectForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    service = access_listing(found.service_id, actor)
    current = shape_of(service)
    opened, own = is_open(found), found.proposed_by_id == actor.user_id
    names = names_for(actor, service, [found.proposed_by_id, found.decided_by_id])
    context: dict[str, Any] = {
        "proposal": found,
        "service": service,
        "is_open": opened,
        "is_own": own,
        "waits_for_second": own and _needs_second(found, current),
        "proposed_by": names[found.proposed_by_id],
        "decided_by": names[found.decided_by_id],
        "differences": difference(found.before, found.data),
        "conflicts": [LABELS[key] for key in conflicts(current, found.data, found.before)] if opened else [],
        "blockers": blockers(current | found.data) if opened else [],
        "place_form": place_form or _place_form(found, current, actor),
        "reject_form": reject_form or RejectForm(),
        "problem": problem,
    }
    form = place_form or reject_form
    context["form"] = form if form is not None and form.is_bound else None
    return render(request, "directory/proposal.html", context, status=status)


def _needs_second(found: ListingProposal, current: Shape) -> bool:
    return is_open(found) and needs_second_person(current, found.data)


def _place_form(
    found: ListingProposal, current: Shape, actor: Actor, request: HttpRequest | None = None
) -> PlaceForm | None:
    """What the second person adds; None where nothing is to be added."""
    if found.proposed_by_id == actor.user_id or not _needs_second(found, current):
        return None
    return PlaceForm(request.POST if request else None, policy=found.data["location"]["policy"])


def _said(error: Invalid) -> str:
    return " ".join(str(message) for messages in error.errors.values() for message in messages)
