"""The client file's forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Area
from partners.bilingual import localized
from referrals.forms.base import (
    DateField,
    MomentField,
    PlainForm,
    SearchForm,
    language_choices,
    no_autofill,
    text_area,
)
from referrals.models import AgeBand, ChildProtectionRecord
from referrals.presenting import METHOD_LABELS, PHASE_LABELS

CONTACT_FIELDS = ("methods", "phone", "email", "hours", "voicemail", "text", "code_word", "do_not_contact")
TEXT_GROUPS = ("situation", "health", "family", "justice", "housing", "indigenous_identity")
PHASES = [(str(number), label) for number, label in PHASE_LABELS.items()]


class ClientForm(PlainForm):
    """Everything the file may hold; only the chosen name and the age are asked for."""

    chosen_name = forms.CharField(label=_("Chosen name"), max_length=100, widget=no_autofill())
    legal_name = forms.CharField(label=_("Legal name"), max_length=150, required=False, widget=no_autofill())
    birth_date = DateField(label=_("Birth date"), required=False)
    age_band = forms.ChoiceField(
        label=_("Age group"),
        help_text=_("Where there is no birth date. Nothing can be sent while the age is not known."),
        choices=AgeBand,
        required=False,
        initial=AgeBand.UNKNOWN,
    )
    age_asked = forms.BooleanField(label=_("The age group was asked again today"), required=False)
    gender = forms.CharField(
        label=_("Gender, in the person’s own words"), max_length=60, required=False, widget=no_autofill()
    )
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False, widget=no_autofill())
    language = forms.ChoiceField(label=_("Language"))
    phase = forms.ChoiceField(label=_("Program phase"), choices=[("", "–"), *PHASES], required=False)
    safe_area = forms.ModelChoiceField(
        label=_("Safe area"),
        help_text=_("An area, never an address."),
        queryset=Area.objects.order_by("name_en"),
        to_field_name="code",
        required=False,
        empty_label="–",
    )
    methods = forms.MultipleChoiceField(
        label=_("Ways that are safe"),
        choices=list(METHOD_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    phone = forms.CharField(
        label=_("Safe number"), max_length=30, required=False, widget=no_autofill(type="tel")
    )
    email = forms.EmailField(
        label=_("Safe e-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    hours = forms.CharField(label=_("Safe times"), max_length=200, required=False, widget=no_autofill())
    voicemail = forms.BooleanField(label=_("You may leave a voicemail"), required=False)
    text = forms.BooleanField(label=_("You may text"), required=False)
    code_word = forms.CharField(label=_("Code word"), max_length=60, required=False, widget=no_autofill())
    do_not_contact = forms.BooleanField(
        label=_("Do not contact. Speak only to the worker."),
        help_text=_("The number and the address are then shown on this page only."),
        required=False,
    )
    situation = forms.CharField(
        label=_("Situation and what the person is looking for"), required=False, widget=text_area()
    )
    health = forms.CharField(label=_("Health"), required=False, widget=text_area())
    family = forms.CharField(label=_("Family and children"), required=False, widget=text_area())
    justice = forms.CharField(label=_("Court and police matters"), required=False, widget=text_area())
    housing = forms.CharField(label=_("Housing"), required=False, widget=text_area())
    indigenous_identity = forms.CharField(
        label=_("Indigenous identity"),
        help_text=_("Only if the person says so, in their own words."),
        max_length=200,
        required=False,
        widget=no_autofill(),
    )
    core_names = {"safe_contact": "methods"}

    def __init__(self, *args: Any, ask_age: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not ask_age:
            del self.fields["age_asked"]
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]  # ChoiceField
        area = self.fields["safe_area"]
        area.label_from_instance = lambda row: localized(row, "name").text  # type: ignore[attr-defined]

    def person(self) -> list[forms.BoundField]:
        names = ("chosen_name", "legal_name", "birth_date", "age_band", "age_asked", "gender")
        names += ("pronouns", "language")
        return [self[name] for name in (*names, "phase", "safe_area") if name in self.fields]

    def contact(self) -> list[forms.BoundField]:
        return [self[name] for name in CONTACT_FIELDS]

    def notes(self) -> list[forms.BoundField]:
        return [self[name] for name in TEXT_GROUPS]

    def about_change(self) -> list[forms.BoundField]:
        return [self["reason"]] if "reason" in self.fields else []

    def data_for_core(self) -> dict[str, Any]:
        """The cleaned values as ``referrals.clients`` takes them."""
        given = dict(self.cleaned_data)
        given["safe_contact"] = {name: given.pop(name) for name in CONTACT_FIELDS}
        given["safe_area"] = given["safe_area"].code if given["safe_area"] else ""
        given["birth_date"] = given["birth_date"].isoformat() if given["birth_date"] else ""
        given["age_band"] = given["age_band"] or AgeBand.UNKNOWN.value
        if "phase" in given:
            given["phase"] = int(given["phase"]) if given["phase"] else None
        return given


class ClientChangeForm(ClientForm):
    """What the file held before is kept with it, and why it was changed."""

    reason = forms.CharField(
        label=_("Why it is changed"),
        help_text=_("The file keeps what it held before."),
        max_length=500,
        required=False,
        widget=no_autofill(),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["phase"]


class ClientSearchForm(SearchForm):
    """Sent by POST: a name never stands in an address."""

    q = forms.CharField(
        label=_("Chosen name"), max_length=100, required=False, widget=no_autofill(type="search")
    )


class PhaseForm(PlainForm):
    phase = forms.ChoiceField(label=_("Program phase"), choices=PHASES)
    on = DateField(label=_("From"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Why"), max_length=500, required=False)

    def for_core(self) -> dict[str, Any]:
        return {**self.cleaned_data, "phase": int(self.cleaned_data["phase"])}


class ChildProtectionForm(PlainForm):
    """That a person under 18 was reported, or is being reported this very hour."""

    state = forms.ChoiceField(
        label=_("Where the report stands"),
        choices=ChildProtectionRecord.STATES,
        widget=forms.RadioSelect,
        help_text=_("“Being reported now” opens emergency shelter and medical care only, for one hour."),
    )
    at = MomentField(label=_("When"), initial=timezone.localtime)
    reported_to = forms.CharField(label=_("To whom"), max_length=200, widget=no_autofill())
