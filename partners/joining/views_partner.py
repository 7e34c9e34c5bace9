"""One partner, for who admits partners: its agreements, members and standing, and the acts on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners import audit, audit_log
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen
from partners.joining import agreements, suspension
from partners.joining.agreements import STATE_LABELS, State, state_of
from partners.joining.forms import ReferralAddressForm, SuspendForm, TermForm
from partners.joining.partner_list import in_rows
from partners.joining.referral_address import set_referral_email
from partners.middleware import actor_of
from partners.models import AuditEvent, Membership, Organization
from partners.plain_forms import PlainForm
from partners.police_channel import is_police
from partners.roles import Capability, Role

HISTORY = 20


@require_safe
def partner(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    return _page(request, _partner(actor_of(request), organization_id))


@require_POST
def agreement_prepare(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = _partner(actor, organization_id)
    form = TermForm(request.POST, auto_id="term-%s")
    if not form.is_valid():
        return _page(request, found, term=form, status=400)
    try:
        agreements.prepare(actor=actor, organization_id=found.pk, **form.cleaned_data)
    except Invalid as error:
        form.refuse(error)
        return _page(request, found, term=form, status=400)
    except Conflict as error:
        return _page(request, found, status=error.status, problem=str(error))
    messages.success(request, _("Prepared. The partner is asked to sign it."))
    return redirect("partners:partner", found.pk)


@require_POST
def agreement_terminate(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    try:
        ended = agreements.terminate(actor=actor_of(request), agreement_id=agreement_id)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("partners:list")
    messages.success(request, _("Terminated, from now on."))
    return redirect("partners:partner", ended.organization_id)


@require_POST
def referral_address(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = _partner(actor, organization_id)
    form = ReferralAddressForm(request.POST, auto_id="address-%s")
    if not form.is_valid():
        return _page(request, found, address=form, status=400)
    set_referral_email(actor=actor, organization_id=found.pk, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("partners:partner", found.pk)


@require_POST
def suspend(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = _partner(actor, organization_id)
    form = SuspendForm(request.POST, auto_id="suspend-%s")
    if not form.is_valid():
        return _page(request, found, suspend=form, status=400)
    try:
        suspension.suspend(actor=actor, organization_id=found.pk, reason=form.cleaned_data["reason"])
    except Conflict as error:
        return _page(request, found, status=error.status, problem=str(error))
    messages.success(request, _("Suspended, from the next request on."))
    return redirect("partners:partner", found.pk)


@require_POST
def lift(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = _partner(actor, organization_id)
    try:
        suspension.lift(actor=actor, organization_id=found.pk)
    except Conflict as error:
        return _page(request, found, status=error.status, problem=str(error))
    messages.success(request, _("The suspension is lifted."))
    return redirect("partners:partner", found.pk)


def _partner(actor: Actor, organization_id: UUID) -> Organization:
    actor.require(Capability.ADMIT_PARTNERS)
    found = Organization.objects.partners().filter(pk=organization_id).first()
    if found is None:
        raise NotSeen
    return found


def _page(
    request: HttpRequest,
    found: Organization,
    *,
    term: TermForm | None = None,
    address: ReferralAddressForm | None = None,
    suspend: SuspendForm | None = None,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    actor = actor_of(request)
    rows = list(agreements.agreements_of(found.pk))
    states = [(row, state_of(row).value, STATE_LABELS[state_of(row)]) for row in rows]
    refused: list[PlainForm] = [form for form in (term, address, suspend) if form is not None and form.errors]
    context = {
        "row": in_rows(actor, [found])[0],
        "organization": found,
        "agreements": states,
        "open_states": [State.TO_SIGN.value, State.IN_FORCE.value, State.COMING.value],
        "waits_for_signature": any(state == State.TO_SIGN for _row, state, _label in states),
        "term_form": term or TermForm.proposed(agreements.next_term(found.pk)),
        "address_form": None if is_police(found) else address or ReferralAddressForm.of(found),
        "suspend_form": suspend or SuspendForm(auto_id="suspend-%s"),
        "may_suspend": found.pk != actor.organization_id,
        "why_suspended": suspension.REASONS.get(suspension.reason_of(found), ""),
        "applications": list(found.applications.order_by("-created_at", "pk")),
        "history": _history(actor, found),
        "refused": refused[0] if refused else None,
        "problem": problem,
        **_people(found),
    }
    return render(request, "partners/partner.html", context, status=status)


def _people(found: Organization) -> dict[str, Any]:
    """How many; who they are is the organization's own to know, but for who administers it."""
    held = Membership.objects.filter(organization=found, ended_at__isnull=True, user__is_active=True)
    administrators = held.filter(role=Role.ORGANIZATION_ADMIN).select_related("user").order_by("user__email")
    return {
        "members": held.order_by().values("user").distinct().count(),
        "administrators": [row.user for row in administrators],
        "invited": found.invitations.filter(accepted_at__isnull=True, revoked_at__isnull=True).count(),
    }


def _history(actor: Actor, found: Organization) -> list[audit_log.Line]:
    """What the network has done with it, as its own chain tells it, the newest first."""
    own = [str(found.pk), *map(str, found.agreements.order_by().values_list("pk", flat=True))]
    rows = AuditEvent.objects.filter(chain=audit.NETWORK_CHAIN, object_id__in=own).order_by("-sequence")
    return audit_log.page_of(actor, rows, page_size=HISTORY).lines
