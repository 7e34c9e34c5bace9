"""How often one address may try something on a public page, and how often it may be done at all."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from partners.crypto import derived_key

DAY = 24 * 60 * 60
OF_ONE_LINE = 64  # the bits of an address of version 6 that a line at home is given


def within_limit(request: HttpRequest, action: str, *, attempts: int, seconds: int) -> bool:
    """Count one more attempt; False once there were more than ``attempts`` in this stretch of ``seconds``.

    The cache counts over all processes. It holds a keyed digest of the address, never the address.
    """
    return within_limit_of(_address(request), action, attempts=attempts, seconds=seconds)


def within_limit_of(subject: str, action: str, *, attempts: int, seconds: int) -> bool:
    """The same for anything else that is counted, such as one listing whoever asks."""
    places = _places(subject, action, attempts, seconds)
    taken = cache.get_many(places)
    return any(cache.add(place, 1, seconds) for place in places if place not in taken)


def used_up(request: HttpRequest, action: str, *, attempts: int, seconds: int) -> bool:
    """Whether the address has none left. Counts nothing: for actions of which only the failed ones count."""
    return used_up_by(_address(request), action, attempts=attempts, seconds=seconds)


def used_up_by(subject: str, action: str, *, attempts: int, seconds: int) -> bool:
    """The same for anything else that is counted."""
    return len(cache.get_many(_places(subject, action, attempts, seconds))) >= attempts


def _address(request: HttpRequest) -> str:
    """Of version 6 the line's part: the rest is the line's own to change, as often as it likes."""
    told: str = get_adapter(request).get_client_ip(request)
    try:
        found = ipaddress.ip_address(told.partition("%")[0])
    except ValueError:
        return told
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.IPv6Network((found, OF_ONE_LINE), strict=False))


def _places(subject: str, action: str, attempts: int, seconds: int) -> list[str]:
    """One entry for each attempt: no two requests take the same, however close they come."""
    key = _key(subject, action, seconds)
    return [f"{key}:{number}" for number in range(attempts)]


def _key(subject: str, action: str, seconds: int) -> str:
    stretch = int(time.time()) // seconds
    digest = hmac.new(_key_of_the_day(), f"{action} {stretch} {subject}".encode(), hashlib.sha256)
    return f"limit:{action}:{digest.hexdigest()}"


def _key_of_the_day() -> bytes:
    """Random and gone after a day: then nobody, with every key in hand, finds the addresses again."""
    today = timezone.localdate().isoformat()
    salt: str = cache.get_or_set(f"limit-key:{today}", lambda: secrets.token_hex(32), DAY) or ""
    return derived_key(f"rate-limit {today} {salt}")
