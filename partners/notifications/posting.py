"""The one place from which Relais calls an address that a partner has given.

Only https, only to addresses of the public internet: the name is looked up here, every answer is checked,
and the connection goes to the address that was checked, so that a name cannot lead into the own network.
No redirect is followed, nothing of the answer is read but its status, and it takes five seconds at most.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPSConnection
from urllib.parse import urlsplit

SECONDS = 5
# They carry an address of version 4 within, which could be one of the own network.
CARRIERS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
# All that was ever given out of version 6; the rest has forms for own networks that nobody lists any more.
GIVEN_OUT = ipaddress.IPv6Network("2000::/3")


class NotPublic(Exception):
    """The name leads to no address, or to one that is not of the public internet."""


class Unwelcome(Exception):
    """The other side answered, but not with a 2xx."""

    def __init__(self, status: int):
        self.status = status
        super().__init__(f"http_{status}")


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Raises NotPublic, Unwelcome, or an OSError or HTTPException of the connection."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    if parts.scheme != "https":
        raise NotPublic
    sock = socket.create_connection((_checked(host, port), port), timeout=SECONDS)
    # A timeout of the socket counts anew for each byte; this one does not. TLS takes the socket over, so
    # that the connection is cut by a second handle on it.
    late, handle = threading.Event(), sock.dup()
    watch = threading.Timer(SECONDS, _cut, [handle, late])
    watch.daemon = True
    watch.start()
    try:
        status = _status(sock, host, port, parts.path or "/", parts.query, body, headers)
    finally:
        watch.cancel()
        sock.close()
        handle.close()
    if late.is_set():  # what was read until then may look like the end of an answer
        raise TimeoutError
    if not 200 <= status < 300:
        raise Unwelcome(status)


def is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if isinstance(found, ipaddress.IPv6Address) and found not in GIVEN_OUT:
        return False
    carries = any(found in carrier for carrier in CARRIERS if carrier.version == found.version)
    return found.is_global and not found.is_multicast and not carries


def _checked(host: str, port: int) -> str:
    """All of what the name leads to must be public: which one is taken is nobody's choice."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotPublic from None
    addresses = [str(answer[4][0]) for answer in answers]
    if not addresses or not all(map(is_public, addresses)):
        raise NotPublic
    return addresses[0]


def _status(
    sock: socket.socket,
    host: str,
    port: int,
    path: str,
    query: str,
    body: bytes,
    headers: Mapping[str, str],
) -> int:
    context = ssl.create_default_context()
    connection = HTTPSConnection(host, port, timeout=SECONDS, context=context)
    with context.wrap_socket(sock, server_hostname=host) as secured:
        connection.sock = secured
        connection.request("POST", f"{path}?{query}" if query else path, body, dict(headers))
        return connection.getresponse().status


def _cut(sock: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
