"""Two listings field by field, for who decides whether they are one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory import editing, hours, presentation
from directory.models import Service
from directory.place_policy import public_place
from directory.vocabulary import vocabulary
from partners.bilingual import localized

FIELD_LABELS: dict[str, str | Promise] = {
    "name_en": _("Name in English"),
    "name_fr": _("Name in French"),
    "summary_en": _("Summary in English"),
    "summary_fr": _("Summary in French"),
    "description_en": _("Description in English"),
    "description_fr": _("Description in French"),
    "eligibility_en": _("Who it is for, in English"),
    "eligibility_fr": _("Who it is for, in French"),
    "hours_note_en": _("Note on hours in English"),
    "hours_note_fr": _("Note on hours in French"),
    "email": _("E-mail"),
    "website": _("Website"),
    "minimum_age": _("Minimum age"),
    "maximum_age": _("Maximum age"),
    "phones": _("Phone numbers"),
    "languages": _("Language of service"),
    "categories": _("Categories"),
    "populations": _("Population served"),
    "genders": _("Gender served"),
    "topics": _("Topics"),
    "settings": _("Setting"),
    "levels": _("Intervention level"),
    "intakes": _("How to start"),
    "barriers": _("Help to get there"),
    "accessibility": _("Accessibility"),
    "costs": _("Cost"),
    "phases": _("Program phase"),
}


@dataclass(frozen=True)
class Row:
    label: str | Promise
    kept: str
    dropped: str

    @property
    def differs(self) -> bool:
        return self.kept != self.dropped


def rows_of(kept: Service, dropped: Service) -> list[Row]:
    """Every field that one of them has, organization and place first. Both come from ``for_listing``."""
    left, right = _said(kept), _said(dropped)
    labels = {"organization": _("Organization"), "place": _("Where"), "hours": _("Opening hours")}
    return [
        Row(label, left[name], right[name])
        for name, label in (labels | FIELD_LABELS).items()
        if left[name] or right[name]
    ]


def _said(service: Service) -> dict[str, str]:
    place = public_place(service)
    texts: dict[str, Any] = {name: getattr(service, name) for name in editing.SERVICE_TEXTS}
    facets = {key: presentation.labels(service, taxonomy) for key, taxonomy in editing.FACETS.items()}
    lines = presentation.phone_lines(service.phones.all())
    where = [place.address, place.city, place.area.name if place.area else ""]
    return {
        **{name: str(value) for name, value in texts.items()},
        **{key: presentation.listed(words) for key, words in facets.items()},
        "organization": localized(service.organization, "name").text,
        "place": ", ".join(filter(None, where)),
        "hours": "; ".join(hours.in_words(service)),
        "minimum_age": "" if service.minimum_age is None else str(service.minimum_age),
        "maximum_age": "" if service.maximum_age is None else str(service.maximum_age),
        "phones": ", ".join(line.number for line in lines),
        "languages": presentation.languages(service, vocabulary()),
    }
