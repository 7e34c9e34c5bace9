"""Model fields that are encrypted at rest, each value bound to its own row (see partners.crypto).

A value is closed in ``pre_save``, which knows the row, and opened when an instance is first asked for
it. What comes from the database without an instance (``values()``, a subquery) stays ``Sealed``.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from partners import crypto


class Sealed(str):
    """Ciphertext as the database has it. Only the row it was written for opens it."""

    __slots__ = ()


class SealedBytes(bytes):
    """The same for bytes."""

    __slots__ = ()


class OpenedOnAccess(DeferredAttribute):
    """Opens the instance's value with the instance's own key when it is first asked for, and keeps it.

    Raises crypto.Unreadable each time when it can't be opened; the other fields stay readable.
    """

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed | SealedBytes):
            value = instance.__dict__[self.field.attname] = self.field.open(value, instance.pk)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.Field):  # type: ignore[type-arg]
    """What text, JSON and bytes have in common. Empty text, empty bytes and None stay as they are.

    It can't be filtered or ordered by (equal values differ at rest); every lookup but ``isnull`` is
    refused. ``update()``, ``bulk_update()`` and database defaults have no row to bind a value to:
    they take what ``sealed()`` made, and refuse anything else.
    """

    descriptor_class = OpenedOnAccess

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        return self.seal(getattr(model_instance, self.attname), model_instance.pk)

    def seal(self, value: Any, pk: Any) -> Any:
        """The value closed for the row of that key."""
        if _empty(value):
            return value
        if pk is None:
            raise TypeError(f"{self} needs a row whose key is known before it is written.")
        return self.close(value, self._key(pk))

    def open(self, stored: Any, pk: Any) -> Any:
        raise NotImplementedError

    def close(self, value: Any, key: str) -> Any:
        raise NotImplementedError

    def context(self, key: str) -> str:
        return crypto.row_context(*self.place, key)

    @property
    def place(self) -> tuple[str, str]:
        """Table and column."""
        return self.model._meta.db_table, self.column

    def get_prep_value(self, value: Any) -> Any:
        if _empty(value) or isinstance(value, Sealed | SealedBytes):
            return value
        raise TypeError(f"{self} takes what partners.fields.sealed() made for its row, and nothing in clear.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and can't be searched.")
        return super().get_lookup(lookup_name)

    def _key(self, pk: Any) -> str:
        """The key as the model writes it, so that a UUID given as text is the same row."""
        return str(self.model._meta.pk.to_python(pk))


class EncryptedTextField(EncryptedField, models.TextField):  # type: ignore[type-arg]
    """Text, encrypted in the database, clear on an instance."""

    def close(self, value: Any, key: str) -> Sealed:
        return Sealed(crypto.encrypt(self.to_text(value), self.context(key)))

    def open(self, stored: Any, pk: Any) -> Any:
        return self.from_text(crypto.decrypt(stored, self.context(self._key(pk))))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if _empty(value) else Sealed(value)

    def to_text(self, value: Any) -> str:
        return str(value)

    def from_text(self, text: str) -> Any:
        return text


class EncryptedJSONField(EncryptedTextField):
    """A JSON value (dict or list), encrypted as one text."""

    def to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def from_text(self, text: str) -> Any:
        return json.loads(text)

    def to_python(self, value: Any) -> Any:
        return value


class EncryptedBinaryField(EncryptedField, models.BinaryField):  # type: ignore[type-arg]
    """Bytes, encrypted in the database, clear on an instance."""

    def close(self, value: Any, key: str) -> SealedBytes:
        return SealedBytes(crypto.seal_bytes(bytes(value), *self.place, key))

    def open(self, stored: Any, pk: Any) -> bytes:
        return crypto.open_bytes(stored, *self.place, self._key(pk))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if _empty(value) else SealedBytes(value)


def sealed(model: type[models.Model], pk: Any, name: str, value: Any) -> Any:
    """The value of that row's field as ``update()`` may write it. Empty values stay as they are."""
    field = model._meta.get_field(name)
    if not isinstance(field, EncryptedField):
        raise TypeError(f"{field} is not encrypted.")
    return field.seal(value, pk)


def encrypted_fields(model: type[models.Model]) -> list[EncryptedField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]


def _empty(value: Any) -> bool:
    return value is None or value in ("", b"")
