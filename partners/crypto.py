"""Encryption at rest and blind indexes.

Ciphertext is ``id.base64url(nonce ‖ AES-256-GCM)``: authenticated, a random 96-bit nonce each time,
the id of its key in front so that keys can be rotated. The additional data names table and column,
so that a value moved to another column does not open. Blind indexes are HMAC-SHA-256 under a key
derived for each organization, so that equal values of two organizations do not look alike.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


class Unreadable(Exception):
    """The ciphertext is damaged, was moved, or its key is not in ``RELAIS_DATA_KEYS``."""


def encrypt(plain: str, context: str) -> str:
    """Encrypt under the newest key. ``context`` is bound to the value and must be given to decrypt."""
    key_id, key = next(iter(settings.DATA_KEYS.items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), context.encode())
    return f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, context: str) -> str:
    """Raises Unreadable rather than ever answering with a wrong text."""
    key_id, separator, encoded = stored.partition(".")
    key = settings.DATA_KEYS.get(key_id)
    if not separator or key is None:
        raise Unreadable(f"no key {key_id!r}")
    try:
        raw = base64.urlsafe_b64decode(encoded)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(context) from error


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose, from ``RELAIS_INDEX_KEY`` (HKDF-SHA-256)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(settings.INDEX_KEY)


def blind_index(value: str, organization_id: UUID) -> str:
    """64 hex digits that only the same value of the same organization gives again."""
    key = derived_key(f"blind-index:{organization_id}")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
