"""How often one address may try something on a public page."""

from __future__ import annotations

import hashlib
import hmac
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from partners.crypto import derived_key


def within_limit(request: HttpRequest, action: str, *, attempts: int, seconds: int) -> bool:
    """Count one more attempt; False once there were more than ``attempts`` in this stretch of ``seconds``.

    The cache counts over all processes. It holds a keyed digest of the address, never the address.
    """
    key = _key(request, action, seconds)
    if cache.add(key, 1, seconds):
        return attempts >= 1
    count: int = cache.get(key, 0) + 1
    cache.set(key, count, seconds)
    return count <= attempts


def _key(request: HttpRequest, action: str, seconds: int) -> str:
    address = get_adapter(request).get_client_ip(request)
    stretch = int(time.time()) // seconds
    digest = hmac.new(derived_key("rate-limit"), f"{action} {stretch} {address}".encode(), hashlib.sha256)
    return f"limit:{action}:{digest.hexdigest()}"
