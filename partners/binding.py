"""From values bound to their column alone to values bound to their row, and back. For migrations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from partners import crypto
from partners.fields import EncryptedField, EncryptedTextField, Sealed, encrypted_fields
from partners.reseal import reseal


def bind_to_rows(found: Iterable[type[models.Model]]) -> None:
    """Safe to run again after it was broken off: what is bound already stays.

    Raises Unreadable at the end, when all else is done, if anything opens in neither way.
    """
    _rebind(found, _by_column, _by_row)


def bind_to_columns(found: Iterable[type[models.Model]]) -> None:
    """The way back."""
    _rebind(found, _by_row, _by_column)


def _by_column(field: EncryptedField, pk: Any) -> str:
    return ".".join(field.place)


def _by_row(field: EncryptedField, pk: Any) -> str:
    return crypto.row_context(*field.place, pk)


def _rebind(found: Iterable[type[models.Model]], before: Any, after: Any) -> None:
    unreadable: list[str] = []

    def again(field: EncryptedField, pk: Any, value: Any) -> Sealed | None:
        if not isinstance(field, EncryptedTextField) or _opens(value, after(field, pk)):
            return None
        try:
            text = crypto.decrypt(value, before(field, pk))
        except crypto.Unreadable:
            unreadable.append(before(field, pk) + f" of {pk}")
            return None
        return Sealed(crypto.encrypt(text, after(field, pk)))

    for model in found:
        if encrypted_fields(model):
            for _changed in reseal(model, again):
                pass
    if unreadable:
        raise crypto.Unreadable(f"{len(unreadable)} values open under no key: {', '.join(unreadable[:20])}")


def _opens(value: str, context: str) -> bool:
    try:
        crypto.decrypt(value, context)
    except crypto.Unreadable:
        return False
    return True
