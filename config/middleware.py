"""Headers that keep pages private, clean text at the door, and the domain's refusals as pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth import middleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from api import errors
from config import views
from config.context import is_public
from config.logs import holds_secret
from partners.errors import DomainError, NotSignedIn

type_of_next = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "usb",
    )
)
API_PATHS = ("/api/", "/hsds/", "/fhir/")
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class PrivacyHeadersMiddleware:
    """No page is kept by a browser or a cache, asks for a device, or is indexed once signed in.

    Whatever sets no rule of its own is not stored either; static files bring their own.
    """

    def __init__(self, get_response: type_of_next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS
        if settings.CSRF_COOKIE_NAME in response.cookies:
            # A page with a form token. Under no-referrer a browser sends "Origin: null" with the form,
            # which the CSRF check refuses; other hosts are told nothing either way.
            # Where the address is itself a secret, not even its own host reads it again.
            secret = holds_secret(request.path)
            response.headers["Referrer-Policy"] = "strict-origin" if secret else "same-origin"
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if html and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Cache-Control", "no-store")
        if html and not is_public(request):
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response


class CleanTextMiddleware:
    """400 for a NUL or bytes that are not UTF-8 in the path, the query, a cookie or a form.

    PostgreSQL refuses a NUL with an error of its own, SQLite keeps it: neither is an answer.
    """

    def __init__(self, get_response: type_of_next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_clean(request):
            return self.get_response(request)
        message = str(errors.UNREADABLE)
        if request.path.startswith(API_PATHS):
            return errors.plain_answer(400, code="unreadable_text", detail=message)
        return views.refusal(request, 400, message)


def is_clean(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    # A quoted cookie may hold a NUL as "\\000".
    if "\0" in request.path + "".join(request.COOKIES.values()) or not is_clean_bytes(query):
        return False
    if request.path.startswith(API_PATHS):  # takes JSON alone, and reads it as strictly itself
        return True
    if request.method != "POST" or request.content_type not in FORM_TYPES:
        return True
    if request.content_type == FORM_TYPES[0]:
        return is_clean_bytes(request.body)
    texts = [text for name, values in request.POST.lists() for text in (name, *values)]
    return not any("\0" in text or UNREADABLE in text for text in texts)


def is_clean_bytes(encoded: bytes) -> bool:
    """Percent-encoded text that decodes to UTF-8 without a NUL."""
    raw = unquote_to_bytes(encoded)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in raw


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's own looks at the session before it asks whether the view is public; this one after."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True):
            return None
        return super().process_view(request, view, args, kwargs)


class DomainErrorMiddleware:
    """The domain's refusals as pages, in the reader's language. The API translates its own."""

    def __init__(self, get_response: type_of_next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError) or request.path.startswith(API_PATHS):
            return None
        if isinstance(exception, NotSignedIn):
            return redirect_to_login(request.get_full_path())
        return views.refusal(
            request, exception.status, str(exception), code=exception.code, **exception.extra
        )
