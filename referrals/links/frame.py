"""What the pages of a referral need where they are read by one-time link, and what they never have there.

Nobody is signed in, no form token is set (its cookie would loosen the referrer policy), and no address
holds the link's token once the code was given: a cookie of ``PATH`` alone stands for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from partners.actor import ANONYMOUS
from partners.bilingual import LANGUAGES, other_than, reader_language
from partners.own_page import quiet
from referrals.links.opening import actor_of, visit_of
from referrals.models import LinkVisit

PATH, COOKIE, SPACE = "/r/", "relais_visit", "by_link"
MISSING = 404
type_of_view = Callable[..., HttpResponse]


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page that is read under two addresses, by a member or by one-time link."""
    visit: LinkVisit | None = getattr(request, "link_visit", None)
    own: dict[str, Any] = {"by_link": visit is not None}
    if visit is not None:
        home = reverse("referrals:detail", args=[visit.link.referral_id], current_app=SPACE)
        own |= {"visit": visit, **bare(home)}
    return render(request, template, {**context, **own}, status=status)


def bare(home: str = "") -> dict[str, Any]:
    """The frame without an account and without a form token; ``home`` is read again in the other language."""
    return {
        "signed_in": False,
        "csrf_token": "",
        "other_language_url": f"{home}?language={other_than(reader_language())}",
    }


def outside(view: type_of_view) -> type_of_view:
    """A view for everybody who has the address: nothing is stored, indexed or told to the next page."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.actor = ANONYMOUS  # type: ignore[attr-defined]  # whoever is signed in here is not who answers
        chosen = request.GET.get("language")
        if chosen in LANGUAGES:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        response = view(request, *args, **kwargs)
        if chosen in LANGUAGES:
            _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, chosen)
        return quiet(response, "no-referrer")

    return shown


def by_link(view: type_of_view) -> type_of_view:
    """The member's own view for who is on a visit: to its one referral, as its receiver."""

    @wraps(view)
    def visited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visit = visit_of(request.COOKIES.get(COOKIE, ""))
        if visit is None or visit.link.referral_id != kwargs["referral_id"]:
            return shut(request)
        request.actor = actor_of(visit)  # type: ignore[attr-defined]
        request.link_visit = visit  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return outside(visited)


def shut(request: HttpRequest, status: int = MISSING) -> HttpResponse:
    """Unknown, guessed, run out in the middle, closed, no longer shared: one page for all of them."""
    return render(request, "referrals/answer_link_shut.html", bare(), status=status)


def keep_visit(response: HttpResponse, secret: str) -> None:
    _set_cookie(response, COOKIE, secret)


def forget_visit(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH, samesite="Strict")


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    """Gone with the browser at the latest, sent to these pages alone, and never from another site."""
    response.set_cookie(
        name, value, path=PATH, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Strict"
    )
