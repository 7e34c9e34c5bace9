"""The plan of a person: support of the own program beside the referrals; and outreach without a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners.errors import Invalid
from partners.roles import Capability
from referrals import plans
from referrals.access import access_client
from referrals.forms.base import PlainForm
from referrals.forms.plans import EndStayForm, OutreachForm, SupportForm
from referrals.plan_page import plan_page
from referrals.views.shared import actor_of

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def plan(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """GET shows the plan; POST adds one entry."""
    actor = actor_of(request)
    access_client(client_id, actor)
    form = SupportForm(request.POST if request.method == "POST" else None, auto_id="support-%s")
    if form.is_valid():
        try:
            plans.add_support(actor=actor, client_id=client_id, **form.for_core())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("referrals:plan", client_id)
    return _plan(request, client_id, form, EndStayForm(auto_id="end-%s"))


@require_POST
def plan_end(request: HttpRequest, client_id: UUID, entry_id: UUID) -> HttpResponse:
    """The end of a stay that was open."""
    actor = actor_of(request)
    access_client(client_id, actor)
    form = EndStayForm(request.POST, auto_id="end-%s")
    if form.is_valid():
        try:
            plans.end_stay(actor=actor, client_id=client_id, entry_id=entry_id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("referrals:plan", client_id)
    return _plan(request, client_id, SupportForm(auto_id="support-%s"), form)


@form_methods
def outreach(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.CLIENTS)
    form = OutreachForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            plans.record_outreach(actor=actor, **form.for_core())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("referrals:outreach")
    context = {"form": form, "months": plans.outreach_by_month(actor)}
    return render(request, "referrals/outreach.html", context, status=400 if form.is_bound else 200)


def _plan(request: HttpRequest, client_id: UUID, form: SupportForm, end: EndStayForm) -> HttpResponse:
    actor = actor_of(request)
    bound: list[PlainForm] = [one for one in (form, end) if one.is_bound]
    context = {
        "page": plan_page(plans.open_plan(actor=actor, client_id=client_id)),
        "form": form,
        "end_form": end,
        "refused": bound[0] if bound else None,
    }
    return render(request, "referrals/plan.html", context, status=400 if bound else 200)
