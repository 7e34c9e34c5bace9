"""What Relais asks of allauth: nobody registers, its words are ours, its secrets are encrypted."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners import crypto, qr
from partners.access import SESSION_ORGANIZATION, memberships_of
from partners.models import Organization, User
from partners.notifications import inbox
from partners.signing.relying_party import relying_party

WRONG_CODE = _("This code is not right. Codes change every 30 seconds: enter the newest one.")
COLUMN = "mfa_authenticator.data"
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
UNSEEN = Q(type=Authenticator.Type.RECOVERY_CODES) & ~Q(data__has_key="viewed_at")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
        "rate_limited": _("Too many attempts. Wait five minutes and try again."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The password is not right."),
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Members are invited by their organization; nobody registers."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """An account that was closed answers like a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """For ways in without a password: back to the sign-in, as if nobody had been found."""
        messages.error(request, self.error_messages["email_password_mismatch"])
        return redirect("account_login")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first work page, in the member's own language; whoever has several hats chooses one first."""
        user, chosen = request.user, request.session.get(SESSION_ORGANIZATION)
        several = not chosen and Organization.objects.of_user(user.pk).count() > 1
        with translation.override(getattr(user, "language", settings.LANGUAGE_CODE)):
            return reverse("partners:organization_switch" if several else settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The password is asked again for what protects the sign-in, unless it was just given."""
        records = get_authentication_records(context.request, context.request.user)
        latest = max((record["at"] for record in records), default=0.0)
        return bool(time.time() - latest > account_settings.REAUTHENTICATION_TIMEOUT)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": relying_party(), "name": "Relais"}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a passkey is called that was given no name."""
        return gettext("Passkey")

    def get_totp_issuer(self) -> str:
        return "Relais"

    def build_totp_svg(self, url: str) -> str:
        return qr.svg(url)

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text, COLUMN)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text, COLUMN)


class SessionBackend(AuthenticationBackend):
    """Finds the user of a session and, in the same query, what every page asks of them."""

    def get_user(self, user_id: UUID) -> User | None:
        held = Authenticator.objects.filter(user=OuterRef("user"))
        rows = memberships_of(user_id).select_related("user", "organization")
        standing = list(
            rows.annotate(
                second_factor=Exists(held.filter(type__in=SECOND_FACTORS)),
                passkey=Exists(held.filter(type=Authenticator.Type.WEBAUTHN)),
                unseen_codes=Exists(held.filter(UNSEEN)),
                unread_notices=inbox.unread_of_membership(),
            )
        )
        if not standing:
            return super().get_user(user_id)
        user = standing[0].user
        user.standing, user.has_second_factor = standing, standing[0].second_factor
        user.has_passkey, user.has_unseen_codes = standing[0].passkey, standing[0].unseen_codes
        return user if self.user_can_authenticate(user) else None


def lacks_second_factor(user: User) -> bool:
    """The network requires a second factor and this user has not set one up."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    if user.has_second_factor is not None:
        return not user.has_second_factor
    return not is_mfa_enabled(user, SECOND_FACTORS)


def has_unseen_codes(user: User) -> bool:
    """Recovery codes were made for this user, who has not said yet that they are kept."""
    if user.has_unseen_codes is not None:
        return user.has_unseen_codes
    return Authenticator.objects.filter(UNSEEN, user=user).exists()
