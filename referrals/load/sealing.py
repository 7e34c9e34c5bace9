"""Encrypted columns of rows that are written in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from partners.fields import sealed as seal


def sealed(model: type[models.Model], field: str, keys: Iterable[str], values: Iterable[Any]) -> list[Any]:
    """Each value closed for the row of its key (32 hex digits), as the column holds it."""
    return [seal(model, UUID(key), field, value) for key, value in zip(keys, values, strict=True)]
