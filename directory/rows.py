"""Bring stored rows in line with what is wanted, and say whether anything had to change."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models

from partners.errors import Invalid


class Change(NamedTuple):
    field: str
    before: Any
    after: Any


def set_fields(obj: models.Model, values: dict[str, Any]) -> list[Change]:
    """Set and save what differs; a new object is saved in any case. Raises Invalid, field by field."""
    changes = [
        Change(field, getattr(obj, field, None), value)  # a new object has no organization yet
        for field, value in values.items()
        if getattr(obj, field, None) != value
    ]
    for change in changes:
        setattr(obj, change.field, change.after)
    if obj._state.adding or changes:
        _check(obj)
        obj.save()
    return changes


def set_rows(manager: Any, wanted: list[dict[str, Any]]) -> bool:
    """Make the related rows exactly these; True when they were not. All of ``wanted`` have equal keys."""
    fields = list(wanted[0]) if wanted else []
    have = [{field: getattr(row, field) for field in fields} for row in manager.all()]
    if len(have) == len(wanted) and sorted(map(_key, have)) == sorted(map(_key, wanted)):
        return False
    manager.all().delete()
    rows = [manager.model(**{manager.field.name: manager.instance}, **row) for row in wanted]
    for row in rows:
        _check(row)
    manager.bulk_create(rows)
    return True


def _key(row: dict[str, Any]) -> list[str]:
    return [str(row[field]) for field in sorted(row)]


def _check(obj: models.Model) -> None:
    # A relation's own check is a query each; the database refuses a wrong one by itself.
    relations = [field.name for field in obj._meta.fields if field.is_relation]
    try:
        obj.clean_fields(exclude=relations)
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
