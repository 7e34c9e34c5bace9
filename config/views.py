"""Error pages, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from api import errors
from config.context import LANGUAGE_PREFIX
from partners.bilingual import HTML_LANGUAGES, reader_language

PAGES = frozenset({400, 403, 404, 409, 422})


@login_not_required
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the first screen, in the language the browser asks for."""
    return HttpResponseRedirect(f"/{reader_language()}/")


def refusal(request: HttpRequest, status: int, message: str = "", **extra: Any) -> HttpResponse:
    """The page of that status; ``message`` says what happened, ``extra`` goes into the template."""
    template = f"errors/{status if status in PAGES else 400}.html"
    return render(request, template, {"message": message, **extra}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, 400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, 403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The reason an Http404 carries is for the log, never for the page: it may name what exists."""
    return refusal(request, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return refusal(
        request, 429, _("Too many attempts. Wait five minutes and try again."), code="rate_limited"
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refusal(
        request,
        403,
        _("This form stood open too long, or your browser refuses cookies. Nothing was sent."),
        code="csrf",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """A problem below /api/, else a page.

    Drawn without session, database, hashed file names or context processors: they may be what broke."""
    if request.path.startswith("/api/"):
        return errors.plain_answer(500)
    match = LANGUAGE_PREFIX.match(request.path)
    language = match[1] if match else (translation.get_language() or "en")[:2]
    with translation.override(language):
        page = render_to_string(
            "errors/500.html",
            {
                "html_language": HTML_LANGUAGES.get(language, "en-CA"),
                "language": language,
                "static_url": settings.STATIC_URL,
            },
        )
    return HttpResponse(page, status=500)
