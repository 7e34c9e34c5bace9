"""Rows of a form that grow and shrink without any script: numbers, hours, days, names.

How many there are stands in the form itself; a button asks for one more, a box takes one away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.translation import gettext_lazy as _

from directory.listing_shape import Shape
from directory.models.attachments import PhoneKind
from directory.opening_rules import WEEKDAYS
from directory.proposals.blockers import is_number
from directory.proposals.words import LANGUAGE_NAMES
from partners.form_words import REQUIRED
from partners.models import AliasKind
from partners.plain_forms import DateField, PlainForm

MOST = 40
A_TIME = _("Enter a time such as 16:30.")


class TimeField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def __init__(self, **kwargs: Any):
        super().__init__(required=False, error_messages={"invalid": A_TIME}, **kwargs)


class RowForm(PlainForm):
    """One row; without its first fields it is no row at all."""

    remove = forms.BooleanField(label=_("Remove"), required=False)
    asked: tuple[str, ...] = ()
    # A row that is only shown again, one longer, has not been judged yet.
    silent = False

    def full_clean(self) -> None:
        super().full_clean()
        if self.silent:
            self._errors = forms.utils.ErrorDict()

    @property
    def is_row(self) -> bool:
        given = self.cleaned_data
        return not given.get("remove") and any(given.get(name) for name in self.asked)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("remove") and any(given.get(name) for name in self.fields if name in self.telling()):
            for name in self.asked:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, REQUIRED)
        return given

    def telling(self) -> set[str]:
        """The fields that say that somebody means this row."""
        return set(self.fields) - {"remove", "kind", "language"}

    def row(self) -> Shape:
        return {name: value or "" for name, value in self.cleaned_data.items() if name != "remove"}


class PhoneRow(RowForm):
    number = forms.CharField(
        label=_("Number"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=PhoneKind.choices, initial=PhoneKind.VOICE)
    extension = forms.CharField(label=_("Extension"), max_length=10, required=False)
    label_en = forms.CharField(label=_("What for, in English"), max_length=100, required=False)
    label_fr = forms.CharField(label=_("What for, in French"), max_length=100, required=False)
    asked = ("number",)

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if number and not is_number(number):
            raise forms.ValidationError(_("Enter a number such as 204-589-7347."))
        return number


class HoursRow(RowForm):
    days = forms.MultipleChoiceField(
        label=_("Days"),
        choices=list(zip(WEEKDAYS, DAY_NAMES.values(), strict=True)),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    opens_at = TimeField(label=_("Opens"))
    closes_at = TimeField(label=_("Closes"))
    valid_from = DateField(label=_("Only from"), required=False)
    valid_to = DateField(label=_("Only until"), required=False)
    asked = ("days", "opens_at", "closes_at")

    @staticmethod
    def initial_of(row: Shape) -> dict[str, Any]:
        return {**row, "days": row["byday"].split(",")}

    @staticmethod
    def fits(row: Shape) -> bool:
        """Whether the row of the form can say it all; other hours are kept as they are, or removed."""
        known = {"byday", "opens_at", "closes_at", "valid_from", "valid_to"}
        return set(row) <= known and not set(row.get("byday", "1")) & set("-0123456789")

    def row(self) -> Shape:
        given = self.cleaned_data
        dated = {f: given[f].isoformat() for f in ("valid_from", "valid_to") if given.get(f)}
        hours = {f: given[f].isoformat("minutes") for f in ("opens_at", "closes_at")}
        return {"byday": ",".join(day for day in WEEKDAYS if day in given["days"]), **hours, **dated}


class ExceptionRow(RowForm):
    first_day = DateField(label=_("First day"), required=False)
    last_day = DateField(label=_("Last day"), required=False)
    opens_at = TimeField(label=_("Opens"), help_text=_("Leave both times empty if it is closed."))
    closes_at = TimeField(label=_("Closes"))
    note_en = forms.CharField(label=_("Why, in English"), max_length=200, required=False)
    note_fr = forms.CharField(label=_("Why, in French"), max_length=200, required=False)
    asked = ("first_day", "last_day")

    def row(self) -> Shape:
        given = {name: value for name, value in super().row().items() if value}
        days = {name: given[name].isoformat() for name in ("first_day", "last_day")}
        return (
            given | days | {f: given[f].isoformat("minutes") for f in ("opens_at", "closes_at") if f in given}
        )


class AliasRow(RowForm):
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGE_NAMES.items()), initial="en")
    kind = forms.ChoiceField(label=_("Kind"), choices=AliasKind.choices, initial=AliasKind.OTHER)
    asked = ("name",)


class Rows:
    """The rows of one key, from what is stored or from what was sent."""

    def __init__(
        self,
        key: str,
        form: type[RowForm],
        stored: list[Shape],
        data: Mapping[str, Any] | None,
        *,
        silent: bool,
        more: bool,
    ):
        self.key, self.count_name = key, f"{key}-rows"
        if data is None:
            first = [HoursRow.initial_of(row) for row in stored] if form is HoursRow else stored
            first = first or [{}]
            self.forms = [form(initial=row or None, prefix=f"{key}-{n}") for n, row in enumerate(first)]
            return
        sent = str(data.get(self.count_name, ""))
        count = min(int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else 0, MOST)
        self.forms = [form(data, prefix=f"{key}-{number}") for number in range(count)]
        for row in self.forms:
            row.silent = silent
        if more and count < MOST:
            self.forms.append(form(prefix=f"{key}-{count}"))

    @property
    def count(self) -> int:
        return len(self.forms)

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])

    def wanted(self) -> list[Shape]:
        return [form.row() for form in self.forms if form.is_row]
