"""The search form of the public pages. It shows and names fields; ``directory.filters`` alone judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import Taxonomy
from directory.search.said_place import said_plainly
from directory.wording import is_distance, said, within
from partners.errors import Invalid


@dataclass(frozen=True)
class Facet:
    """A filter with closed values. ``name`` is the parameter, here and in the API."""

    name: str
    label: str | Promise
    taxonomy: str | None = None
    is_single: bool = False


FACETS = (
    Facet("category", Taxonomy.CATEGORY.label, Taxonomy.CATEGORY),
    Facet("population", Taxonomy.POPULATION.label, Taxonomy.POPULATION),
    Facet("gender", Taxonomy.GENDER.label, Taxonomy.GENDER),
    Facet("language", Taxonomy.LANGUAGE.label, Taxonomy.LANGUAGE),
    Facet("place", _("Place")),
    Facet("cost", Taxonomy.COST.label, Taxonomy.COST),
    Facet("capacity", _("Availability")),
    Facet("intake", Taxonomy.INTAKE.label, Taxonomy.INTAKE),
    Facet("barrier", Taxonomy.BARRIER.label, Taxonomy.BARRIER),
    Facet("accessibility", Taxonomy.ACCESSIBILITY.label, Taxonomy.ACCESSIBILITY),
    Facet("topic", Taxonomy.TOPIC.label, Taxonomy.TOPIC),
    Facet("setting", Taxonomy.SETTING.label, Taxonomy.SETTING),
    Facet("phase", Taxonomy.PHASE.label, Taxonomy.PHASE),
    Facet("level", Taxonomy.LEVEL.label, Taxonomy.LEVEL),
    Facet("verified_within", _("Checked by a person"), is_single=True),
)
SINGLE = (
    "q",
    "near",
    "radius_km",
    "age",
    "accepts_referrals",
    "open_now",
    "open_at",
    "ordering",
    "organization",
)
SINGLE_FACETS = tuple(facet.name for facet in FACETS if facet.is_single)
NAMES = (*SINGLE, *(facet.name for facet in FACETS))
# What no box of the form shows; a new search from the page keeps it.
KEPT = ("organization", "ordering", "open_at")
# What is asked for or not.
SWITCHES = ("open_now", "accepts_referrals")
RADII = ("1", "2", "5", "10", "25", "50")

type_of_params = dict[str, list[str]]


def search_params(query: QueryDict) -> type_of_params:
    """What was really asked: known names, without blanks and repetitions. Any other name is ignored."""
    params: type_of_params = {}
    for name in NAMES:
        values = list(dict.fromkeys(value.strip() for value in query.getlist(name) if value.strip()))
        if values:
            params[name] = values[-1:] if name in SINGLE + SINGLE_FACETS else values
    params = params if "near" in params else with_place(params)
    if params.get("ordering") == ["distance"] and "near" not in params:
        del params["ordering"]  # the order stays chosen in the form while the place is taken out
    return params


def with_place(params: type_of_params) -> type_of_params:
    """“detox near R2W” in the one box means the two boxes, where the place is known."""
    said = said_plainly(params.get("q", [""])[0])
    if said is None:
        return params
    words = {"q": [said.q]} if said.q else {}
    return {**words, "near": [said.near], **{k: v for k, v in params.items() if k != "q"}}


def as_query(params: type_of_params) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in params.items():
        query.setlist(name, values)
    return query


class AnyChoices(forms.MultipleChoiceField):
    """Several values, none refused here."""

    def valid_value(self, value: object) -> bool:
        return True


def _text(**attributes: str | Promise) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attributes})


class SearchForm(forms.Form):
    """Field names are the parameters' names."""

    q = forms.CharField(
        label=_("What do you need?"), required=False, widget=_text(type="search", enterkeyhint="search")
    )
    near = forms.CharField(
        label=_("Near (postal code or place)"),
        required=False,
        widget=_text(**{"data-places": _("Suggested places")}),
    )
    radius_km = forms.CharField(label=_("How far"), required=False, widget=forms.Select())
    age = forms.CharField(label=_("Age"), required=False, widget=_text(inputmode="numeric"))

    def __init__(self, params: type_of_params, problem: Invalid | None = None):
        super().__init__(as_query(params))
        for facet in FACETS:
            self.fields[facet.name] = AnyChoices(label=str(facet.label), required=False)
        for name in SWITCHES:
            self.fields[name] = forms.CharField(label=said(name, "true"), required=False)
        asked = params.get("radius_km", [])
        self.fields["radius_km"].widget.choices = radius_choices(asked)
        self.full_clean()
        for name, messages in (problem.errors if problem else {}).items():
            self.add_error(name if name in self.fields else None, [str(message) for message in messages])

    @property
    def has_filter_errors(self) -> bool:
        """Something beside the two boxes is wrong."""
        return bool(self.errors.keys() - {"q", "near"})


def radius_choices(asked: list[str]) -> list[tuple[str, Any]]:
    """The usual distances, and the one asked for where a link brought another."""
    known = [*RADII, *(value for value in asked if value not in RADII and is_distance(value))]
    known.sort(key=float)
    choices: list[tuple[str, Any]] = [("", _("Any distance"))]
    return choices + [(value, within(value)) for value in known]
