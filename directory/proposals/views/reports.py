"""“Something is wrong with this listing”: the public page, and the page on which its owner answers.

The public page sets no cookie and so has no form token; a form that another site sent is known by what
the browser says of its origin.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.crisis import crisis_lines
from directory.models import Service
from directory.proposals import reports
from directory.proposals.access import access_report, names_for
from directory.proposals.forms import NoChangeForm, ReportForm
from directory.proposals.report_limits import within_limits
from partners.errors import Invalid
from partners.middleware import actor_of
from partners.own_page import quiet, require_own_page

TOO_MANY = 429
LATER = gettext_lazy("Too many reports were sent in a short time. Nothing was kept. Try again in an hour.")


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """404 for what is not published. Nothing that is typed stands in an address."""
    service = reports.reportable(service_id)
    if request.method != "POST":
        return _public(request, service, ReportForm())
    require_own_page(request)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _public(request, service, form, status=400)
    if not within_limits(request, service.pk):
        return _public(request, service, form, status=TOO_MANY, problem=str(LATER))
    try:
        reports.report(service_id=service.pk, **form.cleaned_data)
    except Invalid as error:
        form.refuse(error)
        return _public(request, service, form, status=400)
    return quiet(render(request, "directory/report_sent.html", {"service": service}))


@require_http_methods(["GET", "HEAD", "POST"])
def report_handle(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Make a change from it, or say that nothing changes and why."""
    actor = actor_of(request)
    found = access_report(report_id, actor)
    form = NoChangeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reports.nothing_to_change(actor=actor, report_id=report_id, reason=form.cleaned_data["reason"])
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("directory:report_handle", report_id)
    names = names_for(actor, found.service, [found.handled_by_id])
    context = {"report": found, "form": form, "handled_by": names[found.handled_by_id]}
    return render(request, "directory/report_handle.html", context, status=400 if form.is_bound else 200)


def _public(
    request: HttpRequest, service: Service, form: ReportForm, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {"service": service, "form": form, "problem": problem, "lines": crisis_lines().first}
    return quiet(render(request, "directory/report.html", context, status=status))
