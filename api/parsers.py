"""Reads JSON, and files where they are taken, and refuses before any view what no view could take."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

from api.errors import NotJson, TooLarge, Unreadable


class Json(BaseParser):
    """UTF-8 JSON: one object, no NUL or lone surrogate, at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unreadable from error
        try:
            data = json.loads(text, parse_constant=_refuse)
            clean = "\0" not in text and _is_clean(data)
        except (ValueError, RecursionError) as error:
            raise NotJson from error
        if not clean:
            raise Unreadable
        if not isinstance(data, dict):
            raise ValidationError({"body": ["not_a_dict"]}, code="not_a_dict")
        return data


class Multipart(MultiPartParser):
    """A file with its fields, for the addresses that take one. Text is held to the same rules."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> DataAndFiles:
        parsed = super().parse(stream, media_type=media_type, parser_context=parser_context)
        if not _is_clean(dict(parsed.data.lists())):
            raise Unreadable
        return parsed


def _refuse(constant: str) -> None:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(constant)


def _is_clean(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        return all(_is_clean(name) and _is_clean(inner) for name, inner in value.items())
    return all(_is_clean(inner) for inner in value) if isinstance(value, list) else True
