"""The one FilterSet: the same parameters, checks and messages for pages and API."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from directory.models import Area, Service, Taxonomy, TaxonomyTerm
from directory.places import find_place, is_city
from directory.querysets import ServiceQuerySet
from directory.search.criteria import ORDERINGS, TERM_FACETS, Criteria
from directory.search.facets import narrow
from partners.bilingual import localized
from partners.errors import Invalid

LONGEST_QUERY = 200
OLDEST = 130
FURTHEST_KM = 20000
YES_NO = {"true": True, "1": True, "on": True, "false": False, "0": False}
# What a form says when a number is none, or lies outside what can be meant.
NUMBER_FAULTS = ("invalid", "min_value", "max_value")


class TermField(forms.ModelMultipleChoiceField):
    """Codes of one taxonomy. An unknown code is refused by name. One query, only where codes are given."""

    default_error_messages = {"invalid_choice": _("“%(value)s” is not a known code.")}

    def __init__(self, *, taxonomy: Taxonomy, **options: Any) -> None:
        terms = TaxonomyTerm.objects.filter(taxonomy=taxonomy)
        super().__init__(terms, to_field_name="code", **options)

    def clean(self, value: Any) -> Any:
        """An empty choice, as a form without JavaScript sends it, is no choice."""
        return super().clean([code for code in value or [] if code])

    def label_from_instance(self, obj: Any) -> str:
        return localized(obj, "name").text


class PlacesField(forms.Field):
    """Codes of areas, or cities."""

    widget = forms.SelectMultiple
    default_error_messages = {"invalid_choice": _("“%(value)s” is not a known place.")}

    def clean(self, value: Any) -> list[str]:
        places = [place.strip() for place in super().clean(value) or [] if place.strip()]
        for place in places:
            ProhibitNullCharactersValidator()(place)
        areas = set(Area.objects.filter(code__in=places).values_list("code", flat=True)) if places else set()
        for place in places:
            if place not in areas and not is_city(place):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": place}
                )
        return places


class YesNoField(forms.CharField):
    def clean(self, value: Any) -> bool | None:
        text = str(super().clean(value)).strip().lower()
        if text and text not in YES_NO:
            raise forms.ValidationError(_("Enter true or false."), code="invalid")
        return YES_NO.get(text)


class YearsFilter(django_filters.Filter):
    field_class = forms.IntegerField


class KmFilter(django_filters.Filter):
    field_class = forms.FloatField


class TermFilter(django_filters.Filter):
    field_class = TermField


class PlacesFilter(django_filters.Filter):
    field_class = PlacesField


class YesNoFilter(django_filters.Filter):
    field_class = YesNoField


class SearchForm(forms.Form):
    """What no field can check alone."""

    def clean_near(self) -> str:
        near: str = self.cleaned_data["near"].strip()
        if near:
            try:
                find_place(near)
            except Invalid as refusal:
                raise forms.ValidationError(refusal.errors["near"]) from refusal
        return near

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("radius_km") is not None and not data.get("near") and "near" not in self.errors:
            self.add_error("radius_km", _("A distance needs a place: fill in “near” as well."))
        if data.get("ordering") == "distance" and not data.get("near") and "near" not in self.errors:
            self.add_error("ordering", _("To sort by distance, fill in “near” as well."))
        return data


class ServiceFilter(django_filters.FilterSet):
    """``ServiceFilter(params).form`` for pages, ``criteria_from(params)`` for what is searched."""

    q = django_filters.CharFilter(max_length=LONGEST_QUERY)
    near = django_filters.CharFilter(max_length=100)
    radius_km = KmFilter(
        min_value=0.1,
        max_value=FURTHEST_KM,
        error_messages=dict.fromkeys(NUMBER_FAULTS, _("Enter a distance of more than 0 km.")),
    )
    category = TermFilter(taxonomy=Taxonomy.CATEGORY)
    population = TermFilter(taxonomy=Taxonomy.POPULATION)
    age = YearsFilter(
        min_value=0,
        max_value=OLDEST,
        error_messages=dict.fromkeys(NUMBER_FAULTS, _("Enter an age in years, such as 30.")),
    )
    gender = TermFilter(taxonomy=Taxonomy.GENDER)
    language = TermFilter(taxonomy=Taxonomy.LANGUAGE)
    barrier = TermFilter(taxonomy=Taxonomy.BARRIER)
    setting = TermFilter(taxonomy=Taxonomy.SETTING)
    topic = TermFilter(taxonomy=Taxonomy.TOPIC)
    level = TermFilter(taxonomy=Taxonomy.LEVEL)
    intake = TermFilter(taxonomy=Taxonomy.INTAKE)
    accessibility = TermFilter(taxonomy=Taxonomy.ACCESSIBILITY)
    phase = TermFilter(taxonomy=Taxonomy.PHASE)
    cost = TermFilter(taxonomy=Taxonomy.COST)
    accepts_referrals = YesNoFilter()
    organization = django_filters.UUIDFilter()
    place = PlacesFilter()
    ordering = django_filters.ChoiceFilter(choices=[(value, value) for value in ORDERINGS])

    class Meta:
        model = Service
        fields: list[str] = []
        form = SearchForm

    def criteria(self) -> Criteria:
        """Raises Invalid with every field that is wrong."""
        if not self.form.is_valid():
            raise Invalid({field: list(map(str, errors)) for field, errors in self.form.errors.items()})
        data = self.form.cleaned_data
        codes = {facet: _codes(data[facet]) for facet in (*TERM_FACETS, "language")}
        return Criteria(
            q=data["q"].strip(),
            near=data["near"],
            radius_km=data["radius_km"],
            age=data["age"],
            accepts_referrals=data["accepts_referrals"],
            organization=data["organization"],
            place=tuple(data["place"]),
            ordering=data["ordering"] or "relevance",
            **codes,
        )

    def filter_queryset(self, queryset: ServiceQuerySet) -> ServiceQuerySet:
        """Everything but distance and order, which ``search_services`` adds."""
        return narrow(queryset, self.criteria())


def criteria_from(params: QueryDict) -> Criteria:
    """The criteria that the parameters mean. Raises Invalid, field by field, in the reader's language."""
    return ServiceFilter(params, queryset=Service.objects.none()).criteria()


def _codes(terms: Any) -> tuple[str, ...]:
    return tuple(sorted(term.code for term in terms))
