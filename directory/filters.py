"""The one FilterSet: the same parameters, checks and messages for pages and API.

Each field is made once and judges only what was sent: a search of one word costs no look at the other
twenty parameters, and codes are held against the vocabularies that the process has read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from directory.models import Area, Service, Taxonomy, TaxonomyTerm
from directory.models.attachments import CapacityValue
from directory.places import find_place, is_city
from directory.search.criteria import ORDERINGS, TERM_FACETS, Criteria
from partners.errors import Invalid

LONGEST_QUERY = 200
OLDEST = 130
FURTHEST_KM = 20000
LONGEST_AGO = 3650
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_VALUES = 200
YES_NO = {"true": True, "1": True, "on": True, "false": False, "0": False}
# What a form says when a number is none, or lies outside what can be meant.
NUMBER_FAULTS = ("invalid", "min_value", "max_value")


@cache
def known_codes(taxonomy: str) -> frozenset[str]:
    """The codes of one vocabulary. They change with a migration only."""
    return frozenset(TaxonomyTerm.objects.filter(taxonomy=taxonomy).values_list("code", flat=True).order_by())


@cache
def known_areas() -> frozenset[str]:
    return frozenset(Area.objects.values_list("code", flat=True).order_by())


class SeveralField(forms.Field):
    """Several values, each held against what is known. An empty one, as a form sends it, is no choice."""

    widget = forms.SelectMultiple
    default_error_messages = {
        "invalid_choice": _("“%(value)s” is not a known code."),
        "too_many": _("Too many values. Choose fewer."),
    }

    def __init__(self, *, is_known: Callable[[str], bool], **options: Any) -> None:
        super().__init__(**options)
        self.is_known = is_known

    def clean(self, value: Any) -> tuple[str, ...]:
        values = list(dict.fromkeys(one.strip() for one in value or [] if one.strip()))
        if len(values) > MOST_VALUES:
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many")
        for one in values:
            ProhibitNullCharactersValidator()(one)
            if not self.is_known(one):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": one}
                )
        return tuple(sorted(values))


class YesNoField(forms.CharField):
    def clean(self, value: Any) -> bool | None:
        text = str(super().clean(value)).strip().lower()
        if text and text not in YES_NO:
            raise forms.ValidationError(_("Enter true or false."), code="invalid")
        return YES_NO.get(text)


class MomentField(forms.CharField):
    """RFC 3339. Without a zone the network's own is meant."""

    def clean(self, value: Any) -> datetime | None:
        text = str(super().clean(value)).strip().replace(" ", "+")  # an address turns + into a space
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise forms.ValidationError(_("Enter a date and time such as 2026-11-24T14:30:00-06:00."))
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class PlaceField(forms.CharField):
    """A place that is known. The refusal of another one keeps its candidates."""

    def clean(self, value: Any) -> str:
        near = str(super().clean(value)).strip()
        if near:
            find_place(near)
        return near


class YearsFilter(django_filters.Filter):
    field_class = forms.IntegerField


class KmFilter(django_filters.Filter):
    field_class = forms.FloatField


class SeveralFilter(django_filters.Filter):
    field_class = SeveralField


class YesNoFilter(django_filters.Filter):
    field_class = YesNoField


class MomentFilter(django_filters.Filter):
    field_class = MomentField


class PlaceFilter(django_filters.Filter):
    field_class = PlaceField


def _codes(taxonomy: Taxonomy) -> SeveralFilter:
    return SeveralFilter(is_known=lambda code: code in known_codes(taxonomy))


class ServiceFilter(django_filters.FilterSet):
    """The parameters. ``criteria_from`` reads them."""

    q = django_filters.CharFilter(max_length=LONGEST_QUERY)
    near = PlaceFilter(max_length=100)
    radius_km = KmFilter(
        min_value=0.1,
        max_value=FURTHEST_KM,
        error_messages=dict.fromkeys(NUMBER_FAULTS, _("Enter a distance of more than 0 km.")),
    )
    category = _codes(Taxonomy.CATEGORY)
    population = _codes(Taxonomy.POPULATION)
    age = YearsFilter(
        min_value=0,
        max_value=OLDEST,
        error_messages=dict.fromkeys(NUMBER_FAULTS, _("Enter an age in years, such as 30.")),
    )
    gender = _codes(Taxonomy.GENDER)
    language = _codes(Taxonomy.LANGUAGE)
    barrier = _codes(Taxonomy.BARRIER)
    setting = _codes(Taxonomy.SETTING)
    topic = _codes(Taxonomy.TOPIC)
    level = _codes(Taxonomy.LEVEL)
    intake = _codes(Taxonomy.INTAKE)
    accessibility = _codes(Taxonomy.ACCESSIBILITY)
    phase = _codes(Taxonomy.PHASE)
    cost = _codes(Taxonomy.COST)
    accepts_referrals = YesNoFilter()
    open_now = YesNoFilter()
    open_at = MomentFilter()
    capacity = SeveralFilter(is_known=lambda value: value in CapacityValue.values)
    verified_within = YearsFilter(
        min_value=1,
        max_value=LONGEST_AGO,
        error_messages=dict.fromkeys(NUMBER_FAULTS, _("Enter a number of days, such as 90.")),
    )
    organization = django_filters.UUIDFilter()
    place = SeveralFilter(
        is_known=lambda place: place in known_areas() or is_city(place),
        error_messages={"invalid_choice": _("“%(value)s” is not a known place.")},
    )
    ordering = django_filters.ChoiceFilter(choices=[(value, value) for value in ORDERINGS])

    class Meta:
        model = Service
        fields: list[str] = []


SEVERAL = (*TERM_FACETS, "language", "capacity", "place")


@cache
def _fields() -> dict[str, forms.Field]:
    """One field a parameter for all requests: they keep nothing of what they judge."""
    return {name: one.field for name, one in ServiceFilter.base_filters.items()}


def criteria_from(params: QueryDict) -> Criteria:
    """The criteria that the parameters mean. Raises Invalid, field by field, in the reader's language;
    for a place alone its own kind, with the places that may be meant."""
    given: dict[str, Any] = {}
    errors: dict[str, list[Any]] = {}
    refused_place: Invalid | None = None
    fields = _fields()
    for name in params:
        if name not in fields:
            continue
        try:
            given[name] = fields[name].clean(params.getlist(name) if name in SEVERAL else params[name])
        except forms.ValidationError as refusal:
            errors[name] = list(refusal.messages)
        except Invalid as refusal:
            refused_place = refusal
            errors |= refusal.errors
    _together(given, errors)
    if refused_place and list(errors) == ["near"]:
        raise refused_place
    if errors:
        raise Invalid(errors)
    return Criteria(**_meant(given.items()))


def yes_no(params: QueryDict, name: str) -> bool:
    """A yes or no that is no filter. Raises Invalid for anything else."""
    if name not in params:
        return False
    try:
        return bool(YesNoField(required=False).clean(params[name]))
    except forms.ValidationError as refusal:
        raise Invalid({name: list(refusal.messages)}) from refusal


def _together(given: dict[str, Any], errors: dict[str, list[Any]]) -> None:
    """What no field can check alone."""
    has_place = bool(given.get("near")) or "near" in errors
    if given.get("radius_km") is not None and not has_place:
        errors["radius_km"] = [_("A distance needs a place: fill in “near” as well.")]
    if given.get("ordering") == "distance" and not has_place:
        errors["ordering"] = [_("To sort by distance, fill in “near” as well.")]


def _meant(given: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """What says nothing is as if it had not been sent."""
    meant = {name: value for name, value in given if value not in (None, "", ())}
    if "q" in meant:
        meant["q"] = meant["q"].strip()
    return meant
