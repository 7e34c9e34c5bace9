"""What every form shares: plain words for errors, dates as ISO, the core's refusals at their fields."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.errors import Invalid
from partners.form_words import say_plainly

A_DATE = _("Enter a date such as 2026-11-24.")


class PlainForm(forms.Form):
    """Required fields say so in plain words; ``refuse`` puts the core's messages at their fields."""

    # What the core calls a detail, where the form's field has another name.
    core_names: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        say_plainly(self.fields.values())

    def refuse(self, error: Invalid) -> None:
        for name, messages in error.errors.items():
            at = self.core_names.get(name, name)
            for message in messages:
                self.add_error(at if at in self.fields else None, str(message))


class SearchForm(PlainForm):
    """One box. Nothing typed shows everything, which needs no "optional" beside the label."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["q"].asked = True  # type: ignore[attr-defined]  # components/field.html reads it


class DateField(forms.DateField):
    """A calendar date, drawn by the browser's own control and always sent as ISO."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("error_messages", {"invalid": A_DATE})
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.date) else value


class MomentField(forms.DateTimeField):
    """A date and time in Winnipeg."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("error_messages", {"invalid": _("Enter a date and a time.")})
        super().__init__(**kwargs)


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def no_autofill(**attrs: str) -> forms.TextInput:
    """What is typed about a person is not offered to the next one at this computer."""
    return forms.TextInput(attrs={"autocomplete": "off", **attrs})
