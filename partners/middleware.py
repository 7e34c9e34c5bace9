"""Puts the Actor on the request, once, lazily: public pages never touch the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from partners.access import SESSION_ORGANIZATION, actor_with, memberships_of
from partners.accounts import has_unseen_codes, lacks_second_factor
from partners.actor import ANONYMOUS, Actor, Channel
from partners.models import Membership, User
from partners.signing import idle

# What a member needs to prove who they are, to set the second step up, and to leave.
SET_UP_ROUTES = frozenset(
    {
        "account_active",
        "account_change_password",
        "account_locked",
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
    }
)


def session_actor(request: HttpRequest) -> Actor:
    """The signed-in user in the organization chosen for this session.

    Until a required second factor is set up they belong nowhere and may do nothing, API included. In a
    session that has locked, also on public pages, nobody is known to be there.
    """
    user = request.user
    if not isinstance(user, User):  # isinstance looks through the lazy object to what it holds
        return ANONYMOUS
    if idle.is_locked(request):
        return ANONYMOUS
    if lacks_second_factor(user):
        return Actor(channel=Channel.SESSION, user_id=user.pk)
    chosen = request.session.get(SESSION_ORGANIZATION)
    return actor_with(standing_of(user), user, UUID(chosen) if chosen else None)


def standing_of(user: User) -> list[Membership]:
    """The user's memberships, as this request read them, or read now."""
    return list(memberships_of(user.pk)) if user.standing is None else user.standing


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as ``ActorMiddleware`` has put it on the request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # django-stubs knows nothing of it
    return actor


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: session_actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class SecondFactorMiddleware:
    """Where a second factor is required, a member without one reaches only the pages to set it up.

    Whoever has just set one up sees the recovery codes before anything else: without them a lost phone
    is a lost account.
    """

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
        if not isinstance(user, User):
            return None
        if lacks_second_factor(user):
            return redirect("mfa_activate_totp")
        return redirect("mfa_view_recovery_codes") if has_unseen_codes(user) else None
