"""What a person is looking for, and whom to ask for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Taxonomy, TaxonomyTerm
from partners.bilingual import localized
from referrals.forms.base import PlainForm, no_autofill, text_area
from referrals.forms.clients import PHASES
from referrals.models import Need, OfferMode, Urgency


class NeedForm(PlainForm):
    category = forms.ChoiceField(label=_("Need"))
    urgency = forms.ChoiceField(
        label=_("How soon"), choices=Urgency, widget=forms.RadioSelect, initial=Urgency.ROUTINE
    )
    phase = forms.ChoiceField(label=_("Program phase"), choices=[("", "–"), *PHASES], required=False)
    matters = forms.CharField(
        label=_("What matters to the person"),
        help_text=_("In their own words. It stays with your organization."),
        max_length=2000,
        required=False,
        widget=text_area(3),
    )
    barriers = forms.MultipleChoiceField(
        label=_("Help that is needed to get there"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = _terms(Taxonomy.CATEGORY)  # type: ignore[attr-defined]
        self.fields["barriers"].choices = _terms(Taxonomy.BARRIER)  # type: ignore[attr-defined]

    def for_core(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "phase": int(given["phase"]) if given["phase"] else None}


def first_values(need: Need) -> dict[str, Any]:
    return {
        "category": need.category.code,
        "urgency": need.urgency,
        "phase": str(need.phase or ""),
        "matters": need.matters,
        "barriers": need.barriers or [],
    }


class OfferForm(PlainForm):
    """How the chosen partners are asked; the services themselves stand in the page as a list."""

    q = forms.CharField(label=_("Look for a service"), max_length=200, required=False, widget=no_autofill())
    mode = forms.ChoiceField(
        label=_("How they are asked"),
        choices=OfferMode,
        widget=forms.RadioSelect,
        help_text=_("Who accepts first ends the other offers. Police are only ever asked alone."),
        required=False,
    )
    core_names = {"service": "q", "services": "q", "kind": "q"}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("q", "mode"):
            self.fields[name].asked = True  # type: ignore[attr-defined]  # components/field.html reads it


def _terms(taxonomy: Taxonomy) -> list[tuple[str, str]]:
    terms = TaxonomyTerm.objects.filter(taxonomy=taxonomy)
    return [(term.code, localized(term, "name").text) for term in terms]
