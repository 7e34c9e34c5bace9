"""Encryption at rest and blind indexes.

Ciphertext is ``id.base64url(nonce ‖ AES-256-GCM)``: authenticated, a random 96-bit nonce each time,
the id of its key in front so that keys can be rotated. Bytes are sealed alike, without the base64.
The additional data names table, column and row, so that a value moved anywhere else does not open.
Blind indexes are HMAC-SHA-256 under a key derived for each organization, so that equal values of two
organizations do not look alike.
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
SEPARATOR = "."


class Unreadable(Exception):
    """The ciphertext is damaged, was moved, or its key is not in ``RELAIS_DATA_KEYS``."""


def row_context(table: str, column: str, pk: object) -> str:
    """What a value is bound to: the cell that it stands in."""
    return f"{table}.{column}/{pk}"


def newest_key_id() -> str:
    return next(iter(settings.DATA_KEYS))


def key_id_of(stored: str | bytes) -> str:
    """The id of the key that closed it; empty where it names none."""
    head = stored[:80] if isinstance(stored, str) else bytes(stored[:80]).decode("ascii", "replace")
    key_id, separator, _rest = head.partition(SEPARATOR)
    return key_id if separator else ""


def encrypt(plain: str, context: str) -> str:
    """Encrypt under the newest key. ``context`` is bound to the value and must be given to decrypt."""
    key_id = newest_key_id()
    return f"{key_id}{SEPARATOR}{base64.urlsafe_b64encode(_close(key_id, plain.encode(), context)).decode()}"


def decrypt(stored: str, context: str) -> str:
    """Raises Unreadable rather than ever answering with a wrong text."""
    key_id = key_id_of(stored)
    try:
        raw = base64.b64decode(stored[len(key_id) + 1 :], altchars=b"-_", validate=True)
        return _open(key_id, raw, context).decode()
    except ValueError as error:
        raise Unreadable(context) from error


def seal_bytes(content: bytes, table: str, column: str, pk: object) -> bytes:
    """A file's bytes, sealed for the one cell they will stand in."""
    key_id = newest_key_id()
    return f"{key_id}{SEPARATOR}".encode() + _close(key_id, content, row_context(table, column, pk))


def open_bytes(stored: bytes, table: str, column: str, pk: object) -> bytes:
    """Raises Unreadable rather than ever answering with wrong bytes."""
    key_id = key_id_of(stored)
    return _open(key_id, stored[len(key_id) + 1 :], row_context(table, column, pk))


def _close(key_id: str, plain: bytes, context: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(settings.DATA_KEYS[key_id]).encrypt(nonce, plain, context.encode())


def _open(key_id: str, raw: bytes, context: str) -> bytes:
    key = settings.DATA_KEYS.get(key_id)
    if key is None:
        raise Unreadable(f"no key {key_id!r}")
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable(context) from error


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose, from ``RELAIS_INDEX_KEY`` (HKDF-SHA-256)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(settings.INDEX_KEY)


def blind_index(value: str, organization_id: UUID) -> str:
    """64 hex digits that only the same value of the same organization gives again."""
    key = derived_key(f"blind-index:{organization_id}")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
