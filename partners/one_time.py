"""Secrets that are handed out once, most of them in a link: kept as a hash alone."""

from __future__ import annotations

import hashlib
import secrets


def mint() -> tuple[str, str]:
    """A new secret and its hash. The secret goes into the mail and is written down nowhere."""
    secret = secrets.token_urlsafe(32)
    return secret, digest_of(secret)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
