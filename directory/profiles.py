"""The shape of a program's profile."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from partners.errors import Invalid

TEXT = {"text_en": str, "text_fr": str}
OPTIONAL = (str, type(None))
NUMBER = (int, type(None))

# What is known, as a value: none of these is a gap.
KNOWLEDGE = {"described", "limited_information", "not_applicable", "under_way", "none_available"}
STATES = {"not_started", "under_way", "completed", "limited_information", "not_applicable"}
FINDINGS = {"none_yet", "available", "limited_information", "not_applicable"}
RECOGNITION = {"recognized", "not_applicable", "limited_information", "under_way"}
ASPECTS = {"organization", "partnerships", "training", "risk_assessment", "materials"}

# A dictionary has exactly these keys, a list holds any number of its one shape, a set lists the codes.
SHAPE: dict[str, Any] = {
    "objectives": [TEXT],
    "core_components": [{"code": str, **TEXT}],
    "age_groups": [{"minimum": NUMBER, "maximum": NUMBER}],
    "province": str,
    "phases": [{"number": int, "name_en": str, "name_fr": str, "activities": [TEXT]}],
    "secondary_components": [TEXT],
    "implementation": [{"aspect": ASPECTS, "value": KNOWLEDGE, **TEXT}],
    "recognitions": [{"register": str, "value": RECOGNITION}],
    "evaluation": {
        "external_evaluator_funded": (bool, type(None)),
        "state": STATES,
        "studies_count": NUMBER,
        "findings": FINDINGS,
        **TEXT,
    },
    "funding": [{"source_en": str, "source_fr": str, "start_year": NUMBER, "end_year": NUMBER}],
    "cost": {"value": KNOWLEDGE, **TEXT},
    "references": [{"url": OPTIONAL, **TEXT}],
    "contact": dict.fromkeys(
        ("organization", "address_1", "city", "province", "postal_code", "phone", "email", "website"),
        OPTIONAL,
    ),
}


def check(profile: Any) -> None:
    """Raises Invalid for ``profile`` with every place where it does not have the shape."""
    problems = list(_misfits(profile, SHAPE, "profile"))
    if problems:
        raise Invalid({"profile": [_("Not of the expected shape: {path}").format(path=p) for p in problems]})


def _misfits(value: Any, shape: Any, path: str) -> list[str]:
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [path]
        found = [f"{path}.{key}" for key in sorted(set(value) ^ set(shape))]
        for key in value:
            found += _misfits(value[key], shape[key], f"{path}.{key}") if key in shape else []
        return found
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [path]
        return [p for n, item in enumerate(value) for p in _misfits(item, shape[0], f"{path}[{n}]")]
    if isinstance(shape, set):
        return [] if value in shape else [path]
    return [] if isinstance(value, shape) else [path]
