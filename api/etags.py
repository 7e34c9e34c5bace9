"""``ETag`` and ``If-Match``: nobody overwrites what they have not read."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from rest_framework.request import Request

from api.errors import ChangedMeanwhile
from partners.crypto import derived_key


def etag(content: Any) -> str:
    """A strong tag over the content. Keyed: what identifies a person leaves no plain hash behind."""
    text = json.dumps(content, sort_keys=True, default=str)
    return f'"{hmac.new(derived_key("etag"), text.encode(), hashlib.sha256).hexdigest()[:32]}"'


def require_match(request: Request, current: str) -> None:
    """412 when ``If-Match`` names other versions only. Without the header nothing is required."""
    header = request.headers.get("If-Match")
    if header is not None and header.strip() != "*" and current not in _tags(header):
        raise ChangedMeanwhile


def _tags(header: str) -> set[str]:
    return {tag.strip() for tag in header.split(",")}
