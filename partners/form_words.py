"""Plain words for what is wrong with a field; Django's and allauth's are written for elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

REQUIRED = _("Fill in this field.")
AN_ADDRESS = _("Enter an e-mail address such as name@example.org.")


def say_plainly(fields: Iterable[forms.Field]) -> None:
    for field in fields:
        field.error_messages["required"] = REQUIRED
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = AN_ADDRESS
