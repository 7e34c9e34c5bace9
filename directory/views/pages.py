"""Public pages that need no account and no database: help lines, the way out, safety, the sources."""

from __future__ import annotations

from contextlib import suppress
from http.cookies import CookieError

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.crisis import crisis_lines
from directory.styleguide import StyleguideForm, samples


@login_not_required
@require_safe
def get_help(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/get_help.html", {"help": crisis_lines()})


@login_not_required
@require_safe
def exit(request: HttpRequest) -> HttpResponse:
    """Ends the session, empties the browser's store for this site and leads to a neutral page.

    The session is looked into only when its cookie came; a visitor without one leaves no trace.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        logout(request)
    response = HttpResponseRedirect(settings.EXIT_URL)
    for name in filter(str.isascii, request.COOKIES):  # not every browser knows Clear-Site-Data
        with suppress(CookieError):  # a name that no server may set, so it is none of ours
            response.delete_cookie(name)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/safety.html")


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/about.html", {"help": crisis_lines()})


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in both languages. Missing unless DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    return render(
        request, "directory/styleguide.html", {"form": StyleguideForm({"witness": ""}), **samples()}
    )
