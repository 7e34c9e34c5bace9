"""The list of partners, and the public page on which an organization asks to join."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from partners.actor import ANONYMOUS
from partners.bilingual import reader_language
from partners.errors import Invalid
from partners.joining import applications
from partners.joining.forms import ApplyForm, PartnerFilter
from partners.joining.partner_list import partner_page
from partners.middleware import actor_of
from partners.own_page import require_own_page
from partners.page_links import page_links
from partners.rate_limit import within_limit
from partners.roles import Capability

TOO_MANY = 429
HOUR = 60 * 60
FROM_ONE_ADDRESS = 5
LATER = _("Too many applications came from here in a short time. Nothing was kept. Try in an hour.")


@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = PartnerFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    name = given.get("q", "").strip()
    page = partner_page(actor, kind=given.get("kind", ""), name=name, page=request.GET.get("page", "1"))
    context = {
        "form": form,
        "page": page,
        "keeps": actor.can(Capability.ADMIT_PARTNERS),
        "with_figures": any(row.figures for row in page.object_list),
        **page_links(request, page),
    }
    return render(request, "partners/list.html", context, status=200 if form.is_valid() else 400)


# Without a cookie there is no form token; what another site sends is known by what the browser says.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The answer is the same whoever asks: nothing says whether an address or an organization is known."""
    if request.method != "POST":
        initial = {"language": reader_language(), "organization": request.GET.get("organization", "")}
        return _form(request, ApplyForm(initial=initial))
    require_own_page(request)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=400)
    if not within_limit(request, "apply", attempts=FROM_ONE_ADDRESS, seconds=HOUR):
        return _form(request, form, status=TOO_MANY, problem=str(LATER))
    try:
        applications.apply(actor=ANONYMOUS, **form.for_core())
    except Invalid as error:
        form.refuse(error)
        return _form(request, form, status=400)
    return render(request, "partners/apply_sent.html")


def _form(request: HttpRequest, form: ApplyForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    return render(request, "partners/apply.html", {"form": form, "problem": problem}, status=status)
