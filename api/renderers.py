"""JSON by orjson: several times as fast as the framework's own, byte for byte the same data."""

from __future__ import annotations

from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_others = JSONEncoder()


class Json(JSONRenderer):
    """Times end in Z where they are in UTC. What orjson does not know is put as the framework puts it."""

    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_others.default, option=OPTIONS)


class Anything(Json):
    """For a file, which the view answers as it is, whatever the reader accepts; refusals are JSON."""

    media_type = "*/*"
