"""What a network administrator does with applications, and inviting an organization without one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.bilingual import reader_language
from partners.errors import Conflict, Invalid
from partners.joining import admission
from partners.joining.agreements import YEAR
from partners.joining.applications import access_application
from partners.joining.applications import applications as applications_of
from partners.joining.forms import AdmitForm, InviteOrganizationForm, RefuseForm
from partners.middleware import actor_of
from partners.models import ApplicationState, PartnerApplication
from partners.page_links import page_links
from partners.paging import LongPaginator
from partners.plain_forms import PlainForm
from partners.roles import Capability

PAGE_SIZE = 25


@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("status", "")
    rows = applications_of(actor_of(request), state)
    page = LongPaginator(rows, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "status": state,
        "filters": ApplicationState.choices,
        **page_links(request, page),
    }
    return render(request, "partners/applications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """A POST approves it."""
    actor = actor_of(request)
    found = access_application(actor, application_id)
    if request.method != "POST":
        return _application(request, found)
    form = AdmitForm(request.POST, auto_id="admit-%s")
    if not form.is_valid():
        return _application(request, found, admit=form, status=400)
    try:
        approved = admission.approve(
            actor=actor,
            application_id=application_id,
            newcomer=form.newcomer(found.website),
            term=form.term(),
        )
    except Invalid as error:
        form.refuse(error)
        return _application(request, found, admit=form, status=400)
    except Conflict as error:
        found = access_application(actor, application_id)
        return _application(request, found, admit=form, status=error.status, problem=str(error))
    messages.success(request, _("Approved. The invitation and the answer are on their way."))
    return redirect("partners:partner", approved.organization_id)


@require_POST
def application_refuse(request: HttpRequest, application_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = access_application(actor, application_id)
    form = RefuseForm(request.POST, auto_id="refuse-%s")
    if not form.is_valid():
        return _application(request, found, refuse=form, status=400)
    try:
        admission.refuse(actor=actor, application_id=application_id, note=form.cleaned_data["note"])
    except Conflict as error:
        found = access_application(actor, application_id)
        return _application(request, found, refuse=form, status=error.status, problem=str(error))
    messages.success(request, _("Refused. The answer is on its way."))
    return redirect("partners:applications")


def _application(
    request: HttpRequest,
    found: PartnerApplication,
    *,
    admit: PlainForm | None = None,
    refuse: PlainForm | None = None,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    french = found.language == "fr"
    proposed = {
        "organization": found.organization_id,
        "name_fr" if french else "name_en": found.name,
        "kind": found.kind,
        **_first_term(),
    }
    context = {
        "application": found,
        "is_open": found.state == ApplicationState.OPEN,
        "admit_form": admit or AdmitForm(initial=proposed, auto_id="admit-%s"),
        "refuse_form": refuse or RefuseForm(auto_id="refuse-%s"),
        "refused": next((form for form in (admit, refuse) if form is not None and form.errors), None),
        "problem": problem,
    }
    return render(request, "partners/application.html", context, status=status)


def _first_term() -> dict[str, Any]:
    today = timezone.localdate()
    return {"starts_on": today, "ends_on": today + YEAR}


@require_http_methods(["GET", "HEAD", "POST"])
def invite_organization(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.ADMIT_PARTNERS)
    initial = {
        "organization": request.GET.get("organization", ""),
        "language": reader_language(),
        **_first_term(),
    }
    form = InviteOrganizationForm(request.POST if request.method == "POST" else None, initial=initial)
    status, problem = (400 if form.is_bound else 200), ""
    if form.is_valid():
        try:
            invited = admission.invite_organization(
                actor=actor,
                newcomer=form.newcomer(),
                administrator=form.administrator(),
                term=form.term(),
            )
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            status, problem = error.status, str(error)
        else:
            messages.success(request, _("Admitted. The invitation is on its way."))
            return redirect("partners:partner", invited.pk)
    context = {"form": form, "problem": problem}
    return render(request, "partners/invite_organization.html", context, status=status)
