"""Closing again what is encrypted already: a value is swapped only where it still stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models, transaction

from partners.fields import EncryptedField, encrypted_fields

BATCH = 200
# Files are held in memory while they are closed again.
FILES_AT_ONCE = 2
Again = Callable[[EncryptedField, Any, Any], Any]


def batches(rows: models.QuerySet, columns: list[str], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The key and the columns of each row as the database has them, by key, so many rows at a time."""
    ordered = rows.order_by("pk").values_list("pk", *columns)
    found = list(ordered[:size])
    while found:
        yield found
        found = list(ordered.filter(pk__gt=found[-1][0])[:size])


def swap(field: EncryptedField, pk: Any, old: Any, new: Any) -> bool:
    """Compare-and-swap of one cell: a value that changed meanwhile stays."""
    plain = models.BinaryField() if isinstance(old, bytes) else models.TextField()
    stands = models.ExpressionWrapper(models.F(field.attname), output_field=plain)
    row = field.model._base_manager.alias(stands=stands).filter(pk=pk, stands=old)
    return bool(row.update(**{field.attname: new}))


def reseal(model: type[models.Model], again: Again, rows: models.QuerySet | None = None) -> Iterator[int]:
    """Swap every encrypted value of the rows for ``again(field, pk, value)``; None leaves it.

    Answers after each batch, committed, how many values it changed. What is done stays done.
    """
    fields = encrypted_fields(model)
    size = FILES_AT_ONCE if any(isinstance(field, models.BinaryField) for field in fields) else BATCH
    columns = [field.attname for field in fields]
    for found in batches(model._base_manager.all() if rows is None else rows, columns, size):
        with transaction.atomic():
            changed = sum(
                _reseal_value(field, pk, value, again)
                for pk, *values in found
                for field, value in zip(fields, values, strict=True)
                if value
            )
        yield changed


def _reseal_value(field: EncryptedField, pk: Any, value: Any, again: Again) -> bool:
    new = again(field, pk, value)
    return new is not None and swap(field, pk, value, new)
