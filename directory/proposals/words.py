"""The fields of a listing and their values in words, for the difference, the history and the blockers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.hours import exception_words, schedule_words
from directory.listing_shape import FACETS, Shape
from directory.models import (
    HolidayHours,
    LocationPolicy,
    Program,
    Schedule,
    ScheduleException,
    ServiceStatus,
    Taxonomy,
)
from directory.models.attachments import PhoneKind
from directory.models.locations import LocationKind
from directory.schedule_rows import exception_row, schedule_row
from directory.vocabulary import vocabulary
from directory.wording import areas
from partners.bilingual import localized
from partners.models import AliasKind
from partners.phones import phone_display

LANGUAGE_NAMES = {"en": gettext_lazy("English"), "fr": gettext_lazy("French")}
_BILINGUAL: dict[str, Promise] = {
    "name": gettext_lazy("Name"),
    "summary": gettext_lazy("Summary"),
    "description": gettext_lazy("Description"),
    "eligibility": gettext_lazy("Who can use it"),
    "hours_note": gettext_lazy("Note on the hours"),
}
LABELS: dict[str, str | Promise] = {
    **{
        f"{field}_{code}": format_lazy("{label} ({language})", label=label, language=language)
        for field, label in _BILINGUAL.items()
        for code, language in LANGUAGE_NAMES.items()
    },
    "email": gettext_lazy("E-mail address"),
    "website": gettext_lazy("Website"),
    "status": gettext_lazy("State of the service"),
    "holiday_hours": gettext_lazy("Public holidays"),
    "minimum_age": gettext_lazy("From age"),
    "maximum_age": gettext_lazy("To age"),
    "accepts_referrals": gettext_lazy("Takes referrals through the network"),
    "response_days": gettext_lazy("Answers within (working days)"),
    "aliases": gettext_lazy("Other names"),
    "phones": gettext_lazy("Phone numbers"),
    "schedules": gettext_lazy("Weekly hours"),
    "schedule_exceptions": gettext_lazy("Days with other hours"),
    "languages": gettext_lazy("Languages of service"),
    "service_areas": gettext_lazy("Area served"),
    **{key: taxonomy.label for key, taxonomy in FACETS.items()},
    "categories": gettext_lazy("Categories"),
    "program": gettext_lazy("Program"),
    "location": gettext_lazy("Place"),
}
AREAS_SERVED: dict[str, Promise] = {
    "winnipeg": gettext_lazy("Winnipeg"),
    "manitoba": gettext_lazy("All of Manitoba"),
    "canada": gettext_lazy("All of Canada"),
}


def in_words(key: str, value: Any) -> list[str]:
    """One line for each thing that the value holds; nothing for an empty one."""
    if key in FACETS:
        return [vocabulary().label(FACETS[key], code) for code in value]
    if key in _LISTED:
        return [_LISTED[key](row) for row in value]
    if key in _SAID:
        return _SAID[key](value)
    return [str(value)] if value not in (None, "") else []


def area_served(code: str) -> str:
    if code in AREAS_SERVED:
        return str(AREAS_SERVED[code])
    return localized(areas()[code], "name").text if code in areas() else code


def _phone(row: Shape) -> str:
    kind = PhoneKind(row["kind"]).label if row["kind"] in PhoneKind.values else row["kind"]
    extension = _("extension %(number)s") % {"number": row["extension"]} if row["extension"] else ""
    labels = " / ".join(filter(None, [row["label_en"], row["label_fr"]]))
    return " · ".join(filter(None, [phone_display(row["number"]), str(kind), extension, labels]))


def _alias(row: Shape) -> str:
    kind = AliasKind(row["kind"]).label if row["kind"] in AliasKind.values else row["kind"]
    return f"{row['name']} · {LANGUAGE_NAMES.get(row['language'], row['language'])} · {kind}"


def _schedule(row: Shape) -> str:
    return schedule_words(Schedule(**schedule_row(row)))


def _exception(row: Shape) -> str:
    notes = " / ".join(filter(None, [row.get("note_en"), row.get("note_fr")]))
    bare = exception_row({**row, "note_en": "", "note_fr": ""})
    return exception_words(ScheduleException(**bare)) + (f" ({notes})" if notes else "")


def _place(place: Shape) -> list[str]:
    lines = [str(LocationPolicy(place["policy"]).label), str(LocationKind(place["kind"]).label)]
    area = localized(areas()[place["area"]], "name").text if place.get("area") in areas() else ""
    town = " ".join(filter(None, [place.get("city"), place.get("province"), place.get("postal_code")]))
    return [*lines, *filter(None, [place.get("address_1"), area, town])]


def program_names(ids: Iterable[str | None]) -> dict[str, str]:
    """In one query, of those that still are."""
    found = Program.objects.filter(pk__in={UUID(one) for one in ids if one})
    return {str(program.pk): localized(program, "name").text for program in found}


def _choice(choices: Any) -> Callable[[Any], list[str]]:
    return lambda value: [str(choices(value).label) if value in choices.values else str(value)]


_LISTED: dict[str, Callable[[Any], str]] = {
    "phones": _phone,
    "aliases": _alias,
    "schedules": _schedule,
    "schedule_exceptions": _exception,
    "languages": lambda code: vocabulary().label(Taxonomy.LANGUAGE, code),
    "service_areas": area_served,
}
_SAID: dict[str, Callable[[Any], list[str]]] = {
    "status": _choice(ServiceStatus),
    "holiday_hours": _choice(HolidayHours),
    "accepts_referrals": lambda value: [_("Yes") if value else _("No")],
    "location": _place,
    "program": lambda value: list(program_names([value]).values()),
}
LISTS = frozenset({*FACETS, *_LISTED})
