"""Model fields that are encrypted at rest (see partners.crypto)."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from partners import crypto


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text, encrypted in the database, clear in Python. Empty text and None stay as they are.

    It can't be filtered or ordered by (equal texts differ at rest); every lookup but ``isnull`` is
    refused. Raises crypto.Unreadable when a row can't be opened.
    """

    def context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        if value in (None, ""):
            return value
        return crypto.encrypt(self.to_text(value), self.context())

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value in (None, ""):
            return value
        return self.from_text(crypto.decrypt(value, self.context()))

    def to_text(self, value: Any) -> str:
        return str(value)

    def from_text(self, text: str) -> Any:
        return text

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and can't be searched.")
        return super().get_lookup(lookup_name)


class EncryptedJSONField(EncryptedTextField):
    """A JSON value (dict or list), encrypted as one text."""

    def to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def from_text(self, text: str) -> Any:
        return json.loads(text)

    def to_python(self, value: Any) -> Any:
        return value
