"""The pages on which editors and keepers of the catalogue keep one listing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.models import Publication, Service
from directory.upkeep import archiving, checks, pages
from directory.upkeep.access import is_published, kept_service
from directory.upkeep.capacity_acts import set_capacity
from directory.upkeep.forms import CapacityForm
from partners.errors import Invalid, Unmet
from partners.middleware import actor_of

FROM_LIST = "listings"  # told in the list of listings, where it leads back to


@require_safe
def upkeep(request: HttpRequest, service_id: UUID) -> HttpResponse:
    return _page(request, kept_service(actor_of(request), service_id))


@require_POST
def listing_confirm(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """One tap: it is still true."""
    actor = actor_of(request)
    checks.confirm(actor, kept_service(actor, service_id))
    messages.success(request, _("Recorded."))
    return _back(request, service_id)


@require_POST
def listing_capacity(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """One tap, from here or from the list of listings."""
    actor = actor_of(request)
    service = kept_service(actor, service_id)
    form = CapacityForm(request.POST)
    if form.is_valid():
        try:
            set_capacity(actor, service, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return _back(request, service_id)
    return _page(request, service, form, status=400)


@require_POST
def listing_archive(request: HttpRequest, service_id: UUID) -> HttpResponse:
    archiving.archive(actor_of(request), service_id)
    messages.success(request, _("Recorded."))
    return redirect("directory:upkeep", service_id=service_id)


@require_http_methods(["GET", "HEAD", "POST"])
def listing_delete(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Asked again before it is done; a reason why not is said on the same page."""
    actor = actor_of(request)
    service = kept_service(actor, service_id)
    problem, status = "", 200
    if request.method == "POST":
        try:
            archiving.delete(actor, service_id)
        except Unmet as error:
            problem, status = str(error), error.status
        else:
            messages.success(request, _("Recorded."))
            return redirect("directory:listings")
    context = {
        "service": service,
        "problem": problem,
        "archived": service.publication == Publication.ARCHIVED,
    }
    return render(request, "directory/listing_delete.html", context, status=status)


def _page(
    request: HttpRequest, service: Service, form: CapacityForm | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "service": service,
        "published": is_published(service),
        "archived": service.publication == Publication.ARCHIVED,
        "standing": pages.standing_of(service),
        "capacity": pages.capacity_panels(actor_of(request), [service])[service.pk],
        "capacity_form": form or CapacityForm(),
        "capacity_said": pages.capacity_said(actor_of(request), service),
        "checks_said": pages.checks_said(actor_of(request), service),
    }
    return render(request, "directory/upkeep.html", context, status=status)


def _back(request: HttpRequest, service_id: UUID) -> HttpResponse:
    if request.POST.get("back") == FROM_LIST:
        return redirect("directory:listings")
    return redirect("directory:upkeep", service_id)
