"""What signing in hangs itself onto: signals of Django and allauth, the clock, letters, words of the log."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partners import audit, audit_words, hooks
from partners.middleware import actor_of
from partners.models import User
from partners.notifications import kinds
from partners.signing import forgotten, idle, sessions

WORDS = {
    "password.change": _("Password changed"),
    "password.reset": _("Password chosen anew by a letter’s link"),
    "session.end": _("Sessions ended from elsewhere"),
    "sign_on.connect": _("Single sign-on connected"),
    "second_factor.add": _("Second step set up"),
    "second_factor.remove": _("Second step turned off"),
    "detail.sessions": _("Sessions"),
    "detail.factor": _("Kind"),
    "factor.totp": _("Authenticator app"),
    "factor.webauthn": _("Passkey"),
    "factor.recovery_codes": _("Recovery codes"),
}


def register() -> None:
    user_logged_in.connect(idle.on_sign_in, dispatch_uid="signing.sign_in")
    user_logged_out.connect(sessions.on_sign_out, dispatch_uid="signing.sign_out")
    password_changed.connect(sessions.on_password_changed, dispatch_uid="signing.password")
    password_changed.connect(_password, dispatch_uid="signing.password_audit")
    authenticator_added.connect(_added, dispatch_uid="signing.added")
    authenticator_removed.connect(_removed, dispatch_uid="signing.removed")
    hooks.clock_tasks.register("forget_ended_sessions", sessions.forget_ended)
    kinds.register_letter(forgotten.KIND, forgotten.letter)
    audit_words.register(WORDS)


def _password(sender: object, request: HttpRequest, user: User, **_more: Any) -> None:
    _record(request, "password.change", user)


def _added(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    _record(request, "second_factor.add", user, factor=authenticator.type)


def _removed(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    _record(request, "second_factor.remove", user, factor=authenticator.type)


def _record(request: HttpRequest, action: str, user: User, **details: str) -> None:
    """In the chain of the organization acted for; while a second step is missing, in the network's."""
    with transaction.atomic():
        audit.record(audit.Entry(actor_of(request), action, "user", user.pk, details=details))
