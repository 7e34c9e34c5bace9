"""Puts the Actor on the request, once, lazily: public pages never touch the session."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from partners.access import actor_for
from partners.actor import ANONYMOUS, Actor
from partners.models import User

SESSION_ORGANIZATION = "organization"


def session_actor(request: HttpRequest) -> Actor:
    """The signed-in user in the organization chosen for this session."""
    user = request.user
    if not isinstance(user, User):  # isinstance looks through the lazy object to what it holds
        return ANONYMOUS
    chosen = request.session.get(SESSION_ORGANIZATION)
    return actor_for(user, UUID(chosen) if chosen else None)


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: session_actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)
