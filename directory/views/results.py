"""Search results. What was typed never stands in an address: the form posts and is sent on, sealed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from directory import refine
from directory.category_links import category_code
from directory.filters import criteria_from
from directory.found import listings
from directory.presentation import card
from directory.sealed import Expired, unseal
from directory.search import Criteria, SearchPage, search_services
from directory.search_form import SearchForm, as_query, search_params, type_of_params
from directory.vocabulary import in_use, vocabulary
from partners.actor import ANONYMOUS
from partners.errors import Invalid, NotSeen

SEE_OTHER, GONE = 303, 410


# A search changes nothing and sets no cookie, so there is nothing that a forged one could do.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@gzip_page
def results(request: HttpRequest) -> HttpResponse:
    """GET with plain parameters answers; POST is sent on to the sealed address of what it asked.

    A search that cannot be read is answered at once, so that no address carries it.
    """
    if request.method != "POST":
        return answer(request, search_params(request.GET), request.GET.get(refine.PAGE, ""))
    params = search_params(request.POST)
    try:
        criteria_from(as_query(params))
    except Invalid as problem:
        return page(request, params, problem=problem, status=400)
    return HttpResponseRedirect(refine.link(params), status=SEE_OTHER)


@login_not_required
@require_safe
@gzip_page
def sealed(request: HttpRequest, sealed: str) -> HttpResponse:
    try:
        params = unseal(sealed)
    except Expired:
        return page(request, {}, status=GONE)
    return answer(request, search_params(as_query(params)), "".join(params.get(refine.PAGE, [])))


@login_not_required
@require_safe
@gzip_page
def category(request: HttpRequest, short: str) -> HttpResponse:
    code = category_code(short)
    if code is None:
        raise NotSeen
    return answer(request, {"category": [code]}, "")


def answer(request: HttpRequest, params: type_of_params, wanted_page: str) -> HttpResponse:
    number = int(wanted_page) if wanted_page.isdecimal() and len(wanted_page) < 6 else 1
    try:
        criteria = in_order(criteria_from(as_query(params)), params)
        # Listings are the same for everybody here: a member's own drafts stand on the listings page.
        found = search_services(actor=ANONYMOUS, criteria=criteria, page=max(number, 1))
        if found.page > found.pages:  # a sealed address outlives listings: show the last page there is
            found = search_services(actor=ANONYMOUS, criteria=criteria, page=found.pages)
    except Invalid as problem:
        return page(request, params, problem=problem, status=400)
    return page(request, params, found=found)


def in_order(criteria: Criteria, params: type_of_params) -> Criteria:
    """Who names a place wants the nearest first, unless another order was asked for."""
    asked = "ordering" in params or not criteria.near
    return criteria if asked else replace(criteria, ordering="distance")


def page(
    request: HttpRequest,
    params: type_of_params,
    *,
    found: SearchPage | None = None,
    problem: Invalid | None = None,
    status: int = 200,
) -> HttpResponse:
    """The one results page: with an answer, with what is wrong, or with an address that has run out."""
    terms = vocabulary()
    form = SearchForm(params, problem)
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "expired": status == GONE,
        "groups": refine.groups(params, form, terms, in_use()),
        "chips": refine.chips(params),
        "clear": refine.link({name: params[name] for name in ("q", "near") if name in params}),
        "cards": [card(one, terms) for one in listings(found, ANONYMOUS)] if found else [],
        "loosenings": refine.loosenings(params) if found and not found.count else [],
        "ways": ways(params, found) if found else {},
    }
    return render(request, "directory/results.html", context, status=status)


def ways(params: type_of_params, found: SearchPage) -> dict[str, Any]:
    """Links to the other order and the neighbouring pages, and where this page stands."""
    start = (found.page - 1) * found.page_size
    return {
        "near": params.get("near", [""])[0],
        "by_distance": found.criteria.ordering == "distance",
        "nearest_first": refine.link(params, ordering=["distance"]),
        "best_first": refine.link(params, ordering=["relevance"]),
        "previous": refine.link(params, page=[str(found.page - 1)]) if found.page > 1 else "",
        "next": refine.link(params, page=[str(found.page + 1)]) if found.page < found.pages else "",
        "first": start + 1,
        "last": start + len(found.hits),
    }
