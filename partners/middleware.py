"""Puts the Actor on the request, once, lazily: public pages never touch the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from partners.access import actor_with, memberships_of
from partners.accounts import lacks_second_factor
from partners.actor import ANONYMOUS, Actor, Channel
from partners.models import Membership, User

SESSION_ORGANIZATION = "organization"
SET_UP_ROUTES = frozenset(
    {"mfa_index", "mfa_activate_totp", "account_reauthenticate", "account_change_password", "account_logout"}
)


def session_actor(request: HttpRequest) -> Actor:
    """The signed-in user in the organization chosen for this session.

    Until a required second factor is set up they belong nowhere and may do nothing, API included.
    """
    user = request.user
    if not isinstance(user, User):  # isinstance looks through the lazy object to what it holds
        return ANONYMOUS
    if lacks_second_factor(user):
        return Actor(channel=Channel.SESSION, user_id=user.pk)
    chosen = request.session.get(SESSION_ORGANIZATION)
    return actor_with(standing_of(user), user, UUID(chosen) if chosen else None)


def standing_of(user: User) -> list[Membership]:
    """The user's memberships, as this request read them, or read now."""
    return list(memberships_of(user.pk)) if user.standing is None else user.standing


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: session_actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class SecondFactorMiddleware:
    """Where a second factor is required, a member without one reaches only the pages to set it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in SET_UP_ROUTES:
            return None
        user = request.user
        if isinstance(user, User) and lacks_second_factor(user):
            return redirect("mfa_activate_totp")
        return None
