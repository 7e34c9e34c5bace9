"""Search results. What was typed never stands in an address: the form posts and is sent on, sealed."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from directory import facet_groups, refine
from directory.cards import Card, card
from directory.category_links import category_code
from directory.filters import criteria_from
from directory.found import listings
from directory.highlight import telling
from directory.page_map import page_map
from directory.places import Ambiguous, Unknown
from directory.sealed import Expired, unseal
from directory.search import Criteria, FacetCount, SearchPage, search_services
from directory.search_form import KEPT, SearchForm, as_query, search_params, type_of_params
from directory.vocabulary import vocabulary
from directory.wording import quoted
from partners.actor import ANONYMOUS
from partners.errors import Invalid, NotSeen

SEE_OTHER, GONE = 303, 410


class Turn(NamedTuple):
    """Which page of the answer. ``after``: the last listing of the page before, from a sealed address."""

    page: int = 1
    after: UUID | None = None


def turn_to(page: str, after: str = "") -> Turn:
    number = int(page) if page.isdecimal() and len(page) < 6 else 1
    return Turn(max(number, 1), UUID(after) if after else None)


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
        return answer(request, search_params(request.GET), turn_to(request.GET.get(refine.PAGE, "")))
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
    query = as_query(params)
    turn = turn_to(query.get(refine.PAGE, ""), query.get(refine.AFTER, ""))
    return answer(request, search_params(query), turn)


@login_not_required
@require_safe
@gzip_page
def category(request: HttpRequest, short: str) -> HttpResponse:
    code = category_code(short)
    if code is None:
        raise NotSeen
    return answer(request, {"category": [code]}, Turn())


def answer(request: HttpRequest, params: type_of_params, turn: Turn) -> HttpResponse:
    try:
        criteria = criteria_from(as_query(params))
        # Listings are the same for everybody here: a member's own drafts stand on the listings page.
        found = search_services(
            actor=ANONYMOUS, criteria=criteria, page=turn.page, facets=True, after=turn.after
        )
        if found.page > found.pages:  # a sealed address outlives listings: show the last page there is
            found = search_services(actor=ANONYMOUS, criteria=criteria, page=found.pages, facets=True)
    except Invalid as problem:
        return page(request, params, problem=problem, status=400)
    return page(request, understood(params, found), found=found)


def understood(params: type_of_params, found: SearchPage) -> type_of_params:
    """Where the text named a place, the two boxes say what was made of it."""
    if not found.near or "near" in params:
        return params
    words = {"q": [found.criteria.q]} if found.criteria.q else {}
    return {**words, "near": [found.criteria.near], **refine.without(params, "q")}


def page(
    request: HttpRequest,
    params: type_of_params,
    *,
    found: SearchPage | None = None,
    problem: Invalid | None = None,
    status: int = 200,
) -> HttpResponse:
    """The one results page: with an answer, with what is wrong, or with an address that has run out."""
    form = SearchForm(params, problem)
    counts = (found.facets if found else every_value()) or {}
    cards = cards_of(found) if found else []
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "expired": status == GONE,
        "groups": facet_groups.groups(params, form, counts, counted=found is not None),
        "switches": facet_groups.switches(params, counts, counted=found is not None),
        "kept": [(name, value) for name in KEPT for value in params.get(name, [])],
        "chips": refine.chips(params),
        "clear": refine.link({name: params[name] for name in ("q", "near") if name in params}),
        "places": refine.places_meant(params, problem.candidates)
        if isinstance(problem, Ambiguous | Unknown)
        else [],
        "cards": cards,
        "map": page_map(cards, found.near) if found else None,
        "loosenings": refine.loosenings(params) if found and not found.count else [],
        "ways": ways(params, found) if found else {},
    }
    return render(request, "directory/results.html", context, status=status)


def every_value() -> dict[str, list[FacetCount]] | None:
    """What can be chosen where there is no answer to count."""
    return search_services(actor=ANONYMOUS, criteria=Criteria(), page_size=1, facets=True).facets


def cards_of(found: SearchPage) -> list[Card]:
    """Numbered as they stand in the whole list."""
    first = (found.page - 1) * found.page_size + 1
    shown, looked_for = listings(found, ANONYMOUS), telling(found.stems)
    return [card(one, vocabulary(), number, looked_for) for number, one in enumerate(shown, first)]


def ways(params: type_of_params, found: SearchPage) -> dict[str, Any]:
    """Links to the other order and the neighbouring pages, where this page stands, how it was read."""
    start = (found.page - 1) * found.page_size
    after = {refine.PAGE: [str(found.page + 1)], refine.AFTER: [str(hit.id) for hit in found.hits[-1:]]}
    return {
        # Without words the best match is the nearest.
        "orders": bool(found.near and found.criteria.q and found.count > 1),
        "by_distance": found.criteria.ordering == "distance",
        "nearest_first": refine.link(params, ordering=["distance"]),
        "best_first": refine.link(params, ordering=["relevance"]),
        "previous": refine.link(params, page=[str(found.page - 1)]) if found.page > 1 else "",
        "next": refine.link(params, **after) if found.page < found.pages else "",
        "first": start + 1,
        "last": start + len(found.hits),
        "typed": quoted(one.typed for one in found.respelled),
        "meant": quoted(one.meant for one in found.respelled),
    }
