"""The page behind the link of a reminder mail: no account, no cookie, nothing done by opening it.

Mail scanners open links, so a GET changes nothing. Neither the secret nor the path it stands in leaves the
page: no other page is told where its reader came from.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.listing_page import listing_view
from directory.models import ListingLink, Service
from directory.proposals import reports
from directory.proposals.access import has_editors
from directory.proposals.proposing import number_of
from directory.proposals.report_limits import within_limits
from directory.upkeep import checks, links
from directory.upkeep.capacity_acts import set_capacity
from directory.upkeep.forms import CapacityForm, WrongForm
from directory.upkeep.pages import capacity_choices
from directory.vocabulary import vocabulary
from partners.actor import ANONYMOUS
from partners.clock_marks import once
from partners.errors import Invalid, NotSeen
from partners.notifications import outbox
from partners.own_page import quiet, require_own_page

TOO_MANY = 429
# Others learn the site alone, never the path with the secret; under no-referrer older browsers would not say
# that the page's forms are our own.
SITE_ALONE = "strict-origin"


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """404 for what never was a link; an old one says so, and has a new one sent to where it went."""
    request.actor = ANONYMOUS  # type: ignore[attr-defined]  # whoever is signed in here is not who answers
    link = links.find(token)
    if link is None:
        raise NotSeen
    if request.method == "POST":
        require_own_page(request)
    if not links.holds(link):
        return quiet(_old(request, link), SITE_ALONE)
    answer = _act(request, link, token) if request.method == "POST" else _page(request, link)
    return quiet(answer, SITE_ALONE)


def _act(request: HttpRequest, link: ListingLink, token: str) -> HttpResponse:
    """One button: it is true, this is the capacity, or something is wrong."""
    act = request.POST.get("act", "")
    if act == "confirm":
        checks.confirm(links.actor_of(link), link.service)
    elif act == "capacity":
        form = CapacityForm(request.POST)
        if not form.is_valid():
            return _page(request, link, capacity_form=form, status=400)
        try:
            set_capacity(links.actor_of(link), link.service, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
            return _page(request, link, capacity_form=form, status=400)
    elif act == "wrong":
        return _wrong(request, link)
    else:
        raise NotSeen
    return redirect("directory:verify", token=token)


def _wrong(request: HttpRequest, link: ListingLink) -> HttpResponse:
    """A report like anybody's: to the owner's editors, or to the network where there are none."""
    form = WrongForm(request.POST)
    if not form.is_valid():
        return _page(request, link, wrong=form, status=400)
    if not within_limits(request, link.service_id):
        form.add_error(None, _("Too many reports were sent in a short time. Try again in an hour."))
        return _page(request, link, wrong=form, status=TOO_MANY)
    try:
        reports.report(service_id=link.service_id, **form.cleaned_data)
    except Invalid as error:
        form.refuse(error)
        return _page(request, link, wrong=form, status=400)
    return _page(request, link, reported=True)


def _old(request: HttpRequest, link: ListingLink) -> HttpResponse:
    """A new link is sent once a day, to the addresses on file; nothing of the listing is told here."""
    asked, can_ask = False, links.stands(link.service)
    if request.method == "POST" and can_ask:
        asked = True
        with transaction.atomic():
            if once("listing_link", link.service_id, timezone.localdate().isoformat()):
                organization_id = link.service.organization_id
                outbox.add(organization_id, "listing_link", link.service_id, number_of(link.service_id))
    context = {**_bare(), "asked": asked, "can_ask": can_ask}
    return render(request, "directory/verify_old.html", context, status=200 if asked else 410)


def _page(
    request: HttpRequest,
    link: ListingLink,
    *,
    capacity_form: CapacityForm | None = None,
    wrong: WrongForm | None = None,
    reported: bool = False,
    status: int = 200,
) -> HttpResponse:
    service = Service.objects.for_listing().get(pk=link.service_id)
    listing = listing_view(service, vocabulary())
    context = {
        **_bare(),
        "listing": listing,
        "service_id": service.pk,
        "confirmed": service.verified_at is not None and service.verified_at >= link.created_at,
        "capacity_values": capacity_choices(),
        "capacity_form": capacity_form or CapacityForm(),
        "wrong": wrong or WrongForm(),
        "reported": reported,
        "can_edit": has_editors(service.organization_id),
    }
    return render(request, "directory/verify.html", context, status=status)


def _bare() -> dict[str, Any]:
    """The frame without an account and without a form token, which would be a cookie."""
    return {"signed_in": False, "csrf_token": "NOTPROVIDED"}
