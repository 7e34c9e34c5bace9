"""Sealed searches: the query travels in the address, and the address tells nothing."""

from __future__ import annotations

import base64
import json

from cryptography.fernet import Fernet, InvalidToken
from django.utils.translation import gettext_lazy as _

from partners.crypto import derived_key
from partners.errors import DomainError

SECONDS = 15 * 60
PADDED_TO = 128  # bytes; how long the address is tells little of what was asked


class Expired(DomainError):
    """Older than 15 minutes, changed on the way, or not one of ours. All three look alike."""

    status = 404
    code = "search_expired"
    message = _("This search has ended. Search again.")


def seal(params: dict[str, list[str]]) -> str:
    """The parameters, encrypted and authenticated, for 15 minutes. Only URL-safe characters."""
    plain = json.dumps(params, ensure_ascii=False, separators=(",", ":")).encode()
    padded = plain.ljust(-(-len(plain) // PADDED_TO) * PADDED_TO)
    return _box().encrypt(padded).decode().rstrip("=")


def unseal(token: str) -> dict[str, list[str]]:
    """Raises Expired."""
    try:
        plain = _box().decrypt(token + "=" * (-len(token) % 4), ttl=SECONDS)
    except (InvalidToken, ValueError) as error:  # ValueError: letters that no token has
        raise Expired from error
    params: dict[str, list[str]] = json.loads(plain)
    return params


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("sealed-search")))
