"""What every page's frame needs. A public page without a session cookie never touches the session."""

from __future__ import annotations

import re
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from config import navigation
from partners.actor import ANONYMOUS, Actor
from partners.bilingual import HTML_LANGUAGES, localized, other_than, reader_language
from partners.middleware import standing_of
from partners.models import User
from partners.signing import idle

LANGUAGE_PREFIX = re.compile(r"^/(en|fr)(?=/)")


def site(request: HttpRequest) -> dict[str, Any]:
    """The frame's variables. Those that are callables are asked where they are shown."""
    language = reader_language()
    other = other_than(language)
    signed_in = is_signed_in(request)
    return {
        "demo": settings.DEMO,
        "idle_minutes": settings.IDLE_MINUTES,
        "idle_seconds": settings.IDLE_MINUTES * 60 + 5,  # a moment after the session has locked
        "sign_on": settings.SIGN_ON,
        "second_factor_off": not settings.REQUIRE_SECOND_FACTOR,
        "language": language,
        "html_language": HTML_LANGUAGES[language],
        "other_language": other,
        "other_language_name": dict(settings.LANGUAGES)[other],
        "other_language_url": in_language(request.get_full_path(), other),
        "is_public": is_public(request),
        "signed_in": signed_in,
        "nav": lambda: navigation.work_links(request, actor_of(request)),
        "hub": lambda: navigation.hub(actor_of(request)),
        "unread_notices": lambda: unread_notices(request),
        "account": lambda: account(request) if signed_in else None,
    }


def in_language(path: str, language: str) -> str:
    """The same page in the other language; an address without a language leads to the first screen."""
    if LANGUAGE_PREFIX.match(path):
        return LANGUAGE_PREFIX.sub(f"/{language}", path)
    return f"/{language}/"


def is_public(request: HttpRequest) -> bool:
    """Views say so themselves (``login_not_required``). Where none was found, the page is public."""
    match = request.resolver_match
    return match is None or not getattr(match.func, "login_required", True)


def is_signed_in(request: HttpRequest) -> bool:
    """Without a session cookie the answer is no, and nobody has looked into the session.

    A locked session has no account in the frame of public pages either: who left is nobody's to read.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and not idle.is_locked(request)


def actor_of(request: HttpRequest) -> Actor:
    return getattr(request, "actor", ANONYMOUS)


def unread_notices(request: HttpRequest) -> int:
    """Counted with the memberships, in the query that found the user."""
    here = actor_of(request).organization_id
    found = (row for row in standing_of(cast(User, request.user)) if row.organization_id == here)
    return next((getattr(row, "unread_notices", 0) for row in found), 0)


def account(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in, for which organization they act, and whether there is another to choose."""
    user = cast(User, request.user)
    own = {row.organization_id: row.organization for row in standing_of(user)}
    organization = own.pop(actor_of(request).organization_id, None)
    return {
        "name": str(user),
        "organization": localized(organization, "name").text if organization else "",
        "can_switch": bool(own),
    }
