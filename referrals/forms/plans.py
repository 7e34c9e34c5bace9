"""In-house support on a person's plan, and outreach without a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Area
from partners.bilingual import localized
from referrals.forms.base import DateField, PlainForm, text_area
from referrals.forms.clients import PHASES
from referrals.models import SupportKind
from referrals.plans import MOST_PEOPLE, NOTE_LENGTH


class SupportForm(PlainForm):
    kind = forms.ChoiceField(label=_("What was done"), choices=SupportKind)
    on = DateField(label=_("On"), initial=timezone.localdate)
    until = DateField(
        label=_("Until"),
        help_text=_("For a stay in transitional housing. Leave it empty while the person stays."),
        required=False,
    )
    phase = forms.ChoiceField(
        label=_("Program phase"),
        help_text=_("Empty: the phase of that day."),
        choices=[("", "–"), *PHASES],
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=NOTE_LENGTH, required=False, widget=text_area(2))

    def for_core(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "phase": int(given["phase"]) if given["phase"] else None}


class EndStayForm(PlainForm):
    until = DateField(label=_("Last day of the stay"), initial=timezone.localdate)


class OutreachForm(PlainForm):
    """A number, a day and an area; nobody is named and no file is made."""

    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=MOST_PEOPLE)
    on = DateField(label=_("On"), initial=timezone.localdate)
    area = forms.ModelChoiceField(
        label=_("Area"),
        queryset=Area.objects.order_by("name_en"),
        to_field_name="code",
        required=False,
        empty_label="–",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        area.label_from_instance = lambda row: localized(row, "name").text  # type: ignore[attr-defined]

    def for_core(self) -> dict[str, Any]:
        area = self.cleaned_data["area"]
        return {**self.cleaned_data, "area": area.code if area else ""}
