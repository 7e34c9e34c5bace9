"""Forms of staying signed in, and of a password that was lost."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from partners.forms import PASSWORD, Relabelled


class Unlock(Relabelled):
    """``kept``: a form that was sent while the session was locked, sealed."""

    labels = {"password": PASSWORD, "next": "", "kept": ""}

    password = forms.CharField(
        strip=False, max_length=500, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)


class ForgottenPassword(Relabelled):
    labels = {"email": _("E-mail address")}

    email = forms.EmailField(max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class NewPassword(Relabelled, SetPasswordForm):
    labels = {"new_password1": _("New password"), "new_password2": _("New password, once more")}
    hints = {"new_password1": _("At least 12 characters. Several words in a row are easy to remember.")}
    error_messages = {"password_mismatch": _("The two passwords are not the same.")}
