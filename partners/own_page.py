"""Forms of pages that set no cookie, and so have no token: only our own pages may send them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from partners.errors import Refused


def require_own_page(request: HttpRequest) -> None:
    """Raises Refused for a form that another site sent.

    Browsers say where a form comes from in one of two ways; what says neither is no browser that
    somebody else could have sent.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        own = site == "same-origin"
    else:
        own = origin is None or _host_of(origin) == request.get_host()
    if not own:
        raise Refused(_("This form came from another site. Nothing was sent."))


def quiet(response: HttpResponse, referrer: str = "same-origin") -> HttpResponse:
    """Kept nowhere, found by no search engine; and its form says that it comes from here (ADR 004)."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = referrer
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _host_of(origin: str) -> str:
    """Empty for what is no origin at all."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
