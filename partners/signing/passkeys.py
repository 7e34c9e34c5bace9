"""Passkeys: signing in without a password, and a second factor everywhere one is asked for.

allauth does the ceremony. Here stand the forms under our labels, who may use one, and the one address
that hands out a challenge: it writes to the session, so it takes a POST.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.form_words import REQUIRED
from partners.forms import Relabelled
from partners.rate_limit import within_limit

NAME, PASSKEY = _("Name"), _("Passkey")
NAME_HINT = _("So that you know it again, such as “work phone”.")
CHALLENGES, CHALLENGE_SECONDS = 30, 300


@contextmanager
def saying_the_same() -> Iterator[None]:
    """Whatever is wrong with a browser's answer, the page says one thing; only too many tries are told."""
    try:
        yield
    except forms.ValidationError as error:
        if error.code == "too_many_login_attempts":
            raise
        raise refusal() from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise refusal() from None


def refusal() -> forms.ValidationError:
    return forms.ValidationError(_("This passkey was not accepted. Try again, or use another way."))


class AnswerOfPasskey(Relabelled):
    """The browser's answer to a challenge."""

    labels = {"credential": PASSKEY}

    def clean_credential(self) -> Any:
        with saying_the_same():
            return super().clean_credential()  # type: ignore[misc]


def named(initial: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=NAME,
        help_text=NAME_HINT,
        max_length=60,
        initial=initial,
        required=required,
        error_messages={"required": REQUIRED},
    )


class PasskeyAdd(Relabelled, SignupWebAuthnForm):
    """Always one that asks for a finger, a face or a PIN: it then stands for both steps."""

    labels = {"name": NAME, "credential": PASSKEY}
    hints = {"name": NAME_HINT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = named(self.initial.get("name"), required=False)

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        with saying_the_same():
            return super().clean() or {}


class PasskeyRename(Relabelled, EditWebAuthnForm):
    labels = {"name": NAME}
    hints = {"name": NAME_HINT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = named(self.initial.get("name"))


class PasskeySecondFactor(AnswerOfPasskey, AuthenticateWebAuthnForm):
    @property
    def has_passkeys(self) -> bool:
        return bool(is_mfa_enabled(self.user, [Authenticator.Type.WEBAUTHN]))


class PasskeyAgain(AnswerOfPasskey, ReauthenticateWebAuthnForm):
    pass


class PasskeySignIn(AnswerOfPasskey, LoginWebAuthnForm):
    """A closed account answers like an unknown passkey."""

    def clean_credential(self) -> Any:
        authenticator = super().clean_credential()
        if not authenticator.user.is_active:
            raise refusal()
        return authenticator


class PasskeyAddView(AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth asks for a key that may be a second step alone; ours is kept on the device, with a PIN."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return context


class PasskeyAgainView(ReauthenticateWebAuthnView):
    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """On the same page; allauth's own leads to the sign-in, which is no way on for who is signed in."""
        page: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return page


@login_not_required
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """For whoever is signed in: a challenge to their passkeys. For anybody else: to any passkey of ours."""
    if not within_limit(request, "passkey", attempts=CHALLENGES, seconds=CHALLENGE_SECONDS):
        return JsonResponse({}, status=429)
    user = request.user if request.user.is_authenticated else None
    return JsonResponse(auth.begin_authentication(user))
