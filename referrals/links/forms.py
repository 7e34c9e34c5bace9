"""The form at the door: the code that the sender told, and who answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.plain_forms import PlainForm
from referrals.details import clean_text
from referrals.links.minting import DIGITS

NAME_LENGTH = 100


class EntryForm(PlainForm):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits. The sender tells you by phone."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("The sender sees who answered."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_code(self) -> str:
        """What can't be the code costs no try."""
        digits = "".join(sign for sign in self.cleaned_data["code"] if sign.isascii() and sign.isdigit())
        if len(digits) != DIGITS:
            raise forms.ValidationError(_("Enter six digits."))
        return digits

    def clean_name(self) -> str:
        try:
            name = clean_text(self.cleaned_data["name"], NAME_LENGTH)
        except ValueError as error:
            raise forms.ValidationError(error.args[0]) from None
        return " ".join(name.split())
