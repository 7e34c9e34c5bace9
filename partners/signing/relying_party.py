"""The name that passkeys of this installation are bound to."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings


def relying_party() -> str:
    """The name a passkey is bound to: the host people come to. This machine's own is always localhost."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    try:
        return "localhost" if ipaddress.ip_address(host).is_loopback else host
    except ValueError:
        return host
