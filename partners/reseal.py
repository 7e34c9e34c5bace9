"""Closing again what is encrypted already: a value is swapped only where it still stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models, transaction

from partners.fields import EncryptedField, encrypted_fields

BATCH = 200


def batches(model: type[models.Model], columns: list[str]) -> Iterator[list[tuple[Any, ...]]]:
    """The key and the columns of each row as the database has them, by key, so many rows at a time."""
    rows = model._base_manager.order_by("pk").values_list("pk", *columns)
    found = list(rows[:BATCH])
    while found:
        yield found
        found = list(rows.filter(pk__gt=found[-1][0])[:BATCH])


def swap(model: type[models.Model], field: EncryptedField, pk: Any, old: Any, new: Any) -> bool:
    """Compare-and-swap of one cell: a value that changed meanwhile stays."""
    plain = models.BinaryField() if isinstance(old, bytes) else models.TextField()
    stands = models.ExpressionWrapper(models.F(field.attname), output_field=plain)
    row = model._base_manager.alias(stands=stands).filter(pk=pk, stands=old)
    return bool(row.update(**{field.attname: new}))


def reseal(model: type[models.Model], again: Callable[[EncryptedField, Any, Any], Any]) -> Iterator[int]:
    """Swap every encrypted value of a model for ``again(field, pk, value)``; None leaves it.

    Answers after each batch, committed, how many values it changed. What is done stays done.
    """
    fields = encrypted_fields(model)
    for rows in batches(model, [field.attname for field in fields]):
        changed = 0
        with transaction.atomic():
            for pk, *values in rows:
                for field, value in zip(fields, values, strict=True):
                    new = again(field, pk, value) if value else None
                    if new is not None:
                        changed += swap(model, field, pk, value, new)
        yield changed
