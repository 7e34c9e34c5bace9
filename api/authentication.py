"""Who is asking: a token, or the session of a signed-in browser. Both put the Actor on the request."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from partners.access import actor_for_token
from partners.actor import Actor
from partners.errors import Refused, SessionLocked
from partners.middleware import session_actor
from partners.models import User
from partners.signing import idle

SCHEME = "bearer"
NO_CSRF = _("The CSRF token is missing or wrong. Nothing was changed.")


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer <token>``. A token that is unknown, expired or revoked is 401.

    Another scheme is not ours and counts as no token.
    """

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        scheme, __, secret = authentication.get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        actor = actor_for_token(secret.strip())
        user = User.objects.filter(pk=actor.user_id).first()
        if user is None:
            raise AuthenticationFailed
        return user, actor

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Relais"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The session, with CSRF on everything that writes. Without a session cookie it looks at nothing."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        browser: HttpRequest = request._request
        if settings.SESSION_COOKIE_NAME not in browser.COOKIES or not browser.user.is_authenticated:
            return None
        if idle.is_locked(browser):
            raise SessionLocked
        try:
            self.enforce_csrf(request)
        except PermissionDenied as error:
            raise Refused(NO_CSRF, code="csrf") from error
        return browser.user, session_actor(browser)
