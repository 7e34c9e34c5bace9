"""The idle lock: a session that nobody uses shows nothing until its member proves to be back.

When the last request was stands in a signed cookie that fits its session alone, so that reading a page
writes nothing to the database. Without the cookie the time of the sign-in counts, which the session knows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from partners.models import User
from partners.signing import kept, sessions
from partners.signing.forms import Unlock

COOKIE = "seen"
HOUR = 60 * 60  # seconds
PROVED_AT = "proved_at"
# The lock itself, the way out, and what tells the page how long it still has.
OPEN_WHILE_LOCKED = frozenset({"account_locked", "account_active", "account_logout", "mfa_passkey_challenge"})


def seconds_left(request: HttpRequest) -> float:
    """Until the session locks; nothing or less: it is locked."""
    last = max(_cookie(request)[0], request.session.get(PROVED_AT, 0))
    return float(last + settings.IDLE_MINUTES * 60 - time.time())


def is_locked(request: HttpRequest) -> bool:
    return seconds_left(request) <= 0


def prove(request: HttpRequest) -> None:
    """Somebody has just shown who they are: the session is open from now on."""
    request.session[PROVED_AT] = int(time.time())
    request.is_active = True  # type: ignore[attr-defined]  # read by the middleware


def count_as_active(request: HttpRequest) -> None:
    request.is_active = True  # type: ignore[attr-defined]  # read by the middleware


def on_sign_in(sender: object, request: HttpRequest, user: User, **_more: Any) -> None:
    """Django's signal, sent for whichever way of signing in."""
    prove(request)
    sessions.open_one(request, user)


def _signer(request: HttpRequest) -> signing.Signer:
    return signing.Signer(salt=f"partners.idle:{request.session.session_key}")


def _cookie(request: HttpRequest) -> tuple[int, int]:
    """The time of the last request, and the hour that its session's row names. Zeros: it does not fit."""
    try:
        last, _dot, hour = _signer(request).unsign(request.COOKIES.get(COOKIE, "")).partition(".")
    except signing.BadSignature:
        return 0, 0
    return int(last), int(hour)


def _renew(request: HttpRequest, response: HttpResponse) -> None:
    """A new hour goes into the session's row with a request that may write: reading a page writes nothing."""
    now = int(time.time())
    written = _cookie(request)[1]
    if request.method == "POST" and written != now // HOUR:
        sessions.seen(request)
        written = now // HOUR
    response.set_cookie(
        COOKIE,
        _signer(request).sign(f"{now}.{written}"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class IdleLockMiddleware:
    """Public pages are not touched, and no cookie is set there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_active", False) and request.session.session_key:
            _renew(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if match is not None and match.view_name in OPEN_WHILE_LOCKED:
            return None
        if not is_locked(request):
            count_as_active(request)
            return None
        if request.method == "POST":
            # What was typed comes back after the password, sealed for this session until then.
            form = Unlock(initial={"kept": kept.seal(request), "next": request.path})
            return render(request, "account/locked.html", {"form": form}, status=403)
        return redirect(f"{reverse('account_locked')}?{urlencode({'next': request.get_full_path()})}")
