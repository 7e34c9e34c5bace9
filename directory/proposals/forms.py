"""The fields of the listing editor, beside its rows; and the small forms around it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.gazetteer import HOME_PROVINCE, PROVINCES
from directory.listing_shape import FACETS, SERVICE_TEXTS, Shape
from directory.models import (
    HolidayHours,
    LocationPolicy,
    NoChange,
    Program,
    ReportKind,
    ServiceStatus,
    Taxonomy,
)
from directory.models.locations import LocationKind
from directory.proposals.words import AREAS_SERVED, LABELS, area_served
from directory.vocabulary import vocabulary
from directory.wording import areas
from partners.bilingual import localized
from partners.plain_forms import PlainForm, text_area

LENGTHS = {"name": 200}
HINTS = {
    "summary": _("One or two sentences in plain words: what a person gets here."),
    "eligibility": _("For whom, from which age, and what is not needed (ID, a health card)."),
    "hours_note": _("What the hours do not say."),
}
PLACE_FIELDS = ("kind", "area", "city", "province", "address_1", "postal_code")
OLDEST = 120


def many(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


def an_age(name: str) -> forms.IntegerField:
    return forms.IntegerField(label=LABELS[name], min_value=0, max_value=OLDEST, required=False)


def _province_choices() -> list[tuple[str, str]]:
    return [(code, names[0]) for code, names in PROVINCES.items()]


class PlaceForm(PlainForm):
    """The address or the area, for the second person; the same fields are in the editor."""

    area = forms.ChoiceField(label=_("Area"), required=False)
    address_1 = forms.CharField(label=_("Street address"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    province = forms.ChoiceField(label=_("Province"), choices=_province_choices, initial=HOME_PROVINCE)
    postal_code = forms.CharField(label=_("Postal code"), max_length=7, required=False)
    core_names = {"location": "address_1"}

    def __init__(self, *args: Any, policy: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices()  # type: ignore[attr-defined]  # ChoiceField
        for name in ("area",) if policy == LocationPolicy.PUBLIC else ("address_1", "postal_code"):
            del self.fields[name]


def area_choices() -> list[tuple[str, str]]:
    """The closed list, by name, with none chosen first."""
    named = sorted((localized(area, "name").text, code) for code, area in areas().items())
    return [("", "–"), *((code, name) for name, code in named)]


class ListingForm(PlainForm):
    """All that is not a row. What is not typed is empty; what a policy hides is left out of ``wanted``."""

    email = forms.EmailField(label=LABELS["email"], required=False)
    website = forms.URLField(label=LABELS["website"], required=False, assume_scheme="https")
    minimum_age = an_age("minimum_age")
    maximum_age = an_age("maximum_age")
    languages = many(LABELS["languages"])
    service_areas = many(LABELS["service_areas"])
    holiday_hours = forms.ChoiceField(label=LABELS["holiday_hours"], choices=HolidayHours.choices)
    kept_hours = many(_("Other weekly hours: untick what no longer holds"))
    status = forms.ChoiceField(label=LABELS["status"], choices=ServiceStatus.choices)
    accepts_referrals = forms.BooleanField(label=LABELS["accepts_referrals"], required=False)
    response_days = forms.IntegerField(label=LABELS["response_days"], min_value=1, max_value=60)
    program = forms.ChoiceField(label=LABELS["program"], required=False)
    policy = forms.ChoiceField(
        label=_("What everybody may know of the place"),
        choices=[
            (LocationPolicy.WITHHELD.value, _("Nothing: the address is not shown")),
            (LocationPolicy.AREA_ONLY.value, _("The area only")),
            (LocationPolicy.PUBLIC.value, _("The address")),
        ],
        widget=forms.RadioSelect,
        initial=LocationPolicy.WITHHELD,
    )
    kind = forms.ChoiceField(label=_("How people get the service"), choices=LocationKind.choices)
    area = forms.ChoiceField(label=_("Area"), required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    province = forms.ChoiceField(label=_("Province"), choices=_province_choices, initial=HOME_PROVINCE)
    address_1 = forms.CharField(label=_("Street address"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=7, required=False)
    note = forms.CharField(
        label=_("Note to whoever approves it"), max_length=500, required=False, widget=text_area(2)
    )
    core_names = {"location": "address_1", "schedules": "kept_hours"}

    def __init__(
        self, *args: Any, organization_id: UUID | None, stored: Shape, special: dict[str, str], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        for name in SERVICE_TEXTS:
            if name not in self.fields:
                self.fields[name] = _text_field(name)
        for name, taxonomy in FACETS.items():
            self.fields[name] = many(LABELS[name])
            self._choose(name, [(term.code, term.label) for term in vocabulary().terms(taxonomy)])
        self._choose("languages", [(t.code, t.label) for t in vocabulary().terms(Taxonomy.LANGUAGE)])
        served = dict.fromkeys([*AREAS_SERVED, *stored["service_areas"], *areas()])
        self._choose("service_areas", [(code, area_served(code)) for code in served])
        self._choose("area", area_choices())
        self._choose("kept_hours", list(special.items()))
        programs = Program.objects.filter(organization_id=organization_id).order_by("name_en", "id")
        self._choose("program", [("", "–"), *((str(p.pk), localized(p, "name").text) for p in programs)])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # ChoiceField

    @staticmethod
    def initial_of(shape: Shape) -> dict[str, Any]:
        place = shape["location"]
        known = {field: place[field] for field in PLACE_FIELDS if field in place}
        return {**shape, "policy": place["policy"], **known}

    def wanted(self) -> Shape:
        """The values as the listing takes them, without rows."""
        given = self.cleaned_data
        values = (
            "minimum_age",
            "maximum_age",
            "status",
            "holiday_hours",
            "accepts_referrals",
            "response_days",
        )
        plain = (*SERVICE_TEXTS, *FACETS, "languages", "service_areas", *values)
        return {name: given[name] for name in plain} | {"program": given["program"] or None}

    def place(self) -> Shape:
        given = self.cleaned_data
        hidden = given["policy"] == LocationPolicy.WITHHELD
        fields: tuple[str, ...] = ("kind",) if hidden else PLACE_FIELDS
        if given["policy"] == LocationPolicy.AREA_ONLY:
            fields = ("kind", "area", "city", "province")
        return {"policy": given["policy"], **{field: given[field] for field in fields}}


def _text_field(name: str) -> forms.CharField:
    field = name[:-3]
    return forms.CharField(
        label=LABELS[name],
        help_text=HINTS.get(field, ""),
        max_length=LENGTHS.get(field, 5000),
        required=False,
        widget=forms.TextInput() if field in LENGTHS else text_area(2 if field == "summary" else 4),
    )


class RejectForm(PlainForm):
    note = forms.CharField(label=_("Why not"), max_length=500, widget=text_area(2))


class ReportForm(PlainForm):
    """By anybody. It asks for nothing about who writes."""

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=ReportKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What should it say instead?"),
        help_text=_("Do not write names, or anything about yourself. Nobody can answer you here."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class NoChangeForm(PlainForm):
    reason = forms.ChoiceField(label=_("Why"), choices=NoChange.choices, widget=forms.RadioSelect)
