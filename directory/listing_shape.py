"""The shape in which a listing is edited: what ``editing.save_service`` takes, as it stands today.

One shape for the editor, for proposals, for their difference and for the history. Of a place it holds what
its policy lets be stored, which is what everybody may see.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from directory import gazetteer
from directory.models import LocationPolicy, Service, Taxonomy
from directory.models.locations import LocationKind, PositionSource
from directory.places import postal_area_point
from directory.schedule_rows import EXCEPTION_DEFAULTS, SCHEDULE_DEFAULTS, exception_row, schedule_row

FACETS = {
    "categories": Taxonomy.CATEGORY,
    "populations": Taxonomy.POPULATION,
    "genders": Taxonomy.GENDER,
    "topics": Taxonomy.TOPIC,
    "settings": Taxonomy.SETTING,
    "levels": Taxonomy.LEVEL,
    "intakes": Taxonomy.INTAKE,
    "barriers": Taxonomy.BARRIER,
    "accessibility": Taxonomy.ACCESSIBILITY,
    "costs": Taxonomy.COST,
    "phases": Taxonomy.PHASE,
}
BILINGUAL = ("name", "summary", "description", "eligibility", "hours_note")
SERVICE_TEXTS = (*(f"{field}_{code}" for field in BILINGUAL for code in ("en", "fr")), "email", "website")
EDITED_VALUES = (
    *("status", "holiday_hours", "minimum_age", "maximum_age", "accepts_referrals", "response_days"),
)
SERVICE_VALUES = (*EDITED_VALUES, "is_demo")
SERVICE_ROWS = ("aliases", "phones", "schedules", "schedule_exceptions", "languages", "service_areas")
EDITED_KEYS = (*SERVICE_TEXTS, *EDITED_VALUES, *SERVICE_ROWS, *FACETS, "program", "location")

CODES = {"languages", "service_areas", *FACETS}
PHONE_FIELDS = ("number", "extension", "kind", "label_en", "label_fr")
ALIAS_FIELDS = ("name", "language", "kind")
ROW_FIELDS = {"phones": PHONE_FIELDS, "aliases": ALIAS_FIELDS}
AT_A_DOOR = ("address_1", "postal_code", "postal_area", "latitude", "longitude")
WITHIN = ("area", "city", "province")

Shape = dict[str, Any]


def shape_of(service: Service) -> Shape:
    """The listing as data: equal shapes are equal listings. Best from ``for_listing``."""
    shape: Shape = {field: getattr(service, field) for field in (*SERVICE_TEXTS, *EDITED_VALUES)}
    for key in SERVICE_ROWS:
        shape[key] = normal(key, [_row(key, row) for row in getattr(service, key).all()])
    carried = [attribute.term for attribute in service.attributes.all()]
    for key, taxonomy in FACETS.items():
        shape[key] = sorted(term.code for term in carried if term.taxonomy == taxonomy)
    shape["program"] = str(service.program_id) if service.program_id else None
    shape["location"] = place_shape(service)
    return shape


def empty_shape() -> Shape:
    """Of a listing that nobody has written anything of yet."""
    values: Shape = {"status": "active", "holiday_hours": "unknown", "minimum_age": None, "maximum_age": None}
    values |= {"accepts_referrals": False, "response_days": 3, "program": None, "location": normal_place({})}
    return dict.fromkeys(SERVICE_TEXTS, "") | values | {key: [] for key in (*SERVICE_ROWS, *FACETS)}


def normal(key: str, value: Any) -> Any:
    """A value as ``shape_of`` writes it. Raises Invalid for hours that can't be."""
    if key in CODES:
        return sorted({str(code) for code in value})
    if key in ROW_FIELDS:
        fields = ROW_FIELDS[key]
        rows = [{field: row.get(field) or "" for field in fields} for row in value]
        return rows if key == "phones" else sorted(rows, key=_sorted_by)
    if key == "schedules":
        return sorted((_plain(schedule_row(row), SCHEDULE_DEFAULTS) for row in value), key=_sorted_by)
    if key == "schedule_exceptions":
        return sorted((_plain(exception_row(row), EXCEPTION_DEFAULTS) for row in value), key=_sorted_by)
    if key == "location":
        return normal_place(value)
    return (value or "").strip() if key in SERVICE_TEXTS else value


def place_shape(service: Service) -> Shape:
    """The listing's one place; none counts as one that is not shown."""
    location = next((at.location for at in service.at_locations.all()), None)
    if location is None:
        return normal_place({})
    address = next(iter(location.addresses.all()), None)
    place = {field: getattr(location, field) for field in ("policy", "kind", "city", "province")}
    place |= {"area": location.area_id, "address_1": address.address_1 if address else ""}
    place |= {"postal_code": address.postal_code if address else ""}
    if location.position_source == PositionSource.ADDRESS:
        place |= {"latitude": location.latitude, "longitude": location.longitude}
    elif location.position_source == PositionSource.POSTAL_AREA:
        place["postal_area"] = _postal_area(place["postal_code"], (location.latitude, location.longitude))
    return normal_place(place)


def normal_place(place: Shape) -> Shape:
    """Only what the policy lets be stored, and nothing that is empty."""
    policy = place.get("policy")
    policy = policy if policy in LocationPolicy.values else LocationPolicy.WITHHELD.value
    kept = {"policy": policy, "kind": place.get("kind") or LocationKind.PHYSICAL.value}
    allowed: tuple[str, ...] = WITHIN if policy != LocationPolicy.WITHHELD else ()
    allowed += AT_A_DOOR if policy == LocationPolicy.PUBLIC else ()
    return kept | {field: place[field] for field in allowed if place.get(field) not in (None, "")}


def texts_of(shape: Shape) -> Iterator[tuple[str, str]]:
    """Every free text that a reader sees, under the key it belongs to."""
    for field in SERVICE_TEXTS:
        if field != "email":
            yield field, shape.get(field) or ""
    for key, fields in (
        ("aliases", ("name",)),
        ("phones", ("label_en", "label_fr", "extension")),
        ("schedule_exceptions", ("note_en", "note_fr")),
    ):
        for row in shape.get(key, ()):
            yield from ((key, row.get(field) or "") for field in fields)


def _row(key: str, row: Any) -> Any:
    if key in CODES:
        return row.code
    if key in ROW_FIELDS:
        return {field: getattr(row, field) for field in ROW_FIELDS[key]}
    defaults = SCHEDULE_DEFAULTS if key == "schedules" else EXCEPTION_DEFAULTS
    always = ("opens_at", "closes_at") if key == "schedules" else ("first_day", "last_day")
    return _plain({field: getattr(row, field) for field in (*defaults, *always)}, defaults)


def _plain(row: Shape, defaults: Shape) -> Shape:
    """As JSON holds it, without what is as usual."""
    told = {field: value for field, value in row.items() if value != defaults.get(field)}
    return {field: _text(value) for field, value in told.items()}


def _text(value: Any) -> Any:
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, datetime.date) else value


def _sorted_by(row: Shape) -> list[str]:
    return [f"{field} {row[field]}" for field in sorted(row)]


def _postal_area(postal_code: str, point: tuple[float | None, float | None]) -> str:
    """The postal area whose point this is; mostly that of the code itself."""
    if postal_code and postal_area_point(postal_code) == point:
        return postal_code[:3].upper()
    areas = gazetteer.postal_areas()
    return next((code for code, entry in areas.items() if entry.point == point), "")
