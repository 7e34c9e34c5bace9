"""The forms of signing in: allauth's behaviour under our labels.

allauth's own labels come translated for France and stand again as placeholders inside the fields.
"""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as SecondFactorAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib import messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners.form_words import say_plainly

PASSWORD = _("Password")
CODE_HINT = _("Six digits from your authenticator app, or a recovery code.")


class Relabelled(forms.Form):
    """Replaces labels and hints, and takes away what allauth puts inside the fields."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields.values())
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels[name]
            field.help_text = self.hints.get(name, "")


class CodeField(Relabelled):
    labels = {"code": _("Code")}
    hints = {"code": CODE_HINT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class SignIn(Relabelled, LoginForm):
    labels = {"login": _("E-mail address"), "password": PASSWORD}


class PasswordAgain(Relabelled, ReauthenticateForm):
    labels = {"password": PASSWORD}


class PasswordChange(Relabelled, ChangePasswordForm):
    labels = {
        "oldpassword": _("Password you have now"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }
    hints = {"password1": _("At least 12 characters. Several words in a row are easy to remember.")}


class SecondFactor(CodeField, AuthenticateForm):
    def save(self) -> None:
        """Whoever comes in with a recovery code hears how many are left."""
        super().save()
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            self.authenticator.refresh_from_db()
            left = len(self.authenticator.wrap().get_unused_codes())
            words = ngettext("%(number)s recovery code is left.", "%(number)s recovery codes are left.", left)
            messages.warning(context.request, words % {"number": left})


class SecondFactorAgain(CodeField, SecondFactorAgainForm):
    pass


class SecondFactorSetUp(CodeField, ActivateTOTPForm):
    hints = {"code": _("The six digits that the app shows now.")}

    @property
    def key_in_groups(self) -> list[str]:
        """The key to type into the app, four characters at a time."""
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]
