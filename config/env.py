"""Settings come from the environment, and a bad value stops the start with the variable's name.

The demo keeps its generated keys in ``var/demo.env``. That file is read only when no ``RELAIS_*``
variable is set, so that a real deployment can never fall back on demo keys by accident.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

DATA_KEY_BYTES = 32
CONNECTION_SECONDS = 600
MAPPED_BYTES, CACHED_KIB = 2**31 - 65_536, 32_768  # read as memory, not page by page
LOOPBACK = ("localhost", "127.0.0.1", "::1")
GEOCODERS = ("nominatim", "photon", "pelias")


def load(demo_file: Path) -> dict[str, str]:
    """The environment, or the environment plus the demo's keys when no ``RELAIS_*`` is set."""
    values = dict(os.environ)
    if any(name.startswith("RELAIS_") for name in values) or not demo_file.exists():
        return values
    for line in demo_file.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            values.setdefault(name.strip(), value.strip())
    return values


def text(values: dict[str, str], name: str, default: str | None = None) -> str:
    """The value, or the default. Without a default a missing or empty value is refused."""
    value = values.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it in the environment (see docs/settings.md), "
            "or run `make demo` once, which makes keys for the demo."
        )
    return default


def flag(values: dict[str, str], name: str, *, default: bool) -> bool:
    """on/off, true/false, yes/no, 1/0. Anything else is refused."""
    value = values.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "on", "true", "yes"}:
        return True
    if value in {"0", "off", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}.")


def one_of(values: dict[str, str], name: str, default: str, *others: str) -> str:
    """One of the words that are given, in small letters. Anything else is refused."""
    value = values.get(name, "").strip().lower() or default
    if value not in (default, *others):
        raise ImproperlyConfigured(f"{name} must be {' or '.join((default, *others))}, not {value!r}.")
    return value


def number(values: dict[str, str], name: str, default: int, *, most: int) -> int:
    """A whole number from 1 to ``most``. Anything else is refused: none and 0 do not mean "for ever"."""
    value = values.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or not 1 <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from 1 to {most}, not {value!r}.")
    return int(value)


def names(values: dict[str, str], name: str, default: str) -> list[str]:
    """A comma list without empty members."""
    return [part.strip() for part in values.get(name, default).split(",") if part.strip()]


def data_keys(values: dict[str, str], name: str) -> dict[str, bytes]:
    """``id:base64`` pairs, newest first, each key 32 bytes. The order of the answer is the list's."""
    keys: dict[str, bytes] = {}
    for part in text(values, name).split(","):
        key_id, separator, encoded = part.strip().partition(":")
        if not separator or not key_id.isalnum():
            raise ImproperlyConfigured(f"{name}: each part is id:base64, the id letters and digits only.")
        if key_id in keys:
            raise ImproperlyConfigured(f"{name}: the key id {key_id} stands twice.")
        keys[key_id] = secret_bytes(encoded, name)
    return keys


def secret_bytes(encoded: str, name: str) -> bytes:
    """32 bytes from base64 (standard or URL-safe alphabet)."""
    try:
        key = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"{name} holds a key that is not base64.") from error
    if len(key) != DATA_KEY_BYTES:
        raise ImproperlyConfigured(f"{name}: a key has {DATA_KEY_BYTES} bytes, this one {len(key)}.")
    return key


def geocoder(values: dict[str, str], name: str) -> tuple[str, str, str] | None:
    """``off``, or ``service+https://host/path`` as service, scheme and host with path."""
    value = values.get(name, "").strip()
    if value.lower() in {"", "off"}:
        return None
    service, _, address = value.partition("+")
    try:
        url = urlsplit(address)
        host, domain, _port = url.hostname or "", url.netloc + url.path.rstrip("/"), url.port
    except ValueError:  # its words may repeat a password
        raise ImproperlyConfigured(f"{name}: this is no address.") from None
    if service not in GEOCODERS or url.scheme not in {"https", "http"} or not host:
        raise ImproperlyConfigured(f"{name} must be off or {'|'.join(GEOCODERS)}+https://host/path.")
    if "@" in url.netloc or url.query or url.fragment:
        raise ImproperlyConfigured(f"{name}: the address has a host and a path, nothing more.")
    if url.scheme == "http" and not is_own_network(host):
        raise ImproperlyConfigured(f"{name}: http is for a host of your own network; use https.")
    return service, url.scheme, domain


class SignOn(NamedTuple):
    """An OpenID Connect issuer, what Relais is to it, and what its button is called."""

    issuer: str
    client_id: str
    client_secret: str
    name: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


def sign_on(values: dict[str, str]) -> SignOn | None:
    """Issuer, client id and secret stand together or not at all. Without a name the host is shown."""
    names = ["RELAIS_OIDC_ISSUER", "RELAIS_OIDC_CLIENT_ID", "RELAIS_OIDC_CLIENT_SECRET"]
    given = [values.get(name, "").strip() for name in names]
    if not any(given):
        return None
    for name in names:
        text(values, name)
    url = urlsplit(given[0])
    host = url.hostname or ""
    if url.query or url.fragment or "@" in url.netloc or not host:
        raise ImproperlyConfigured(f"{names[0]} must be https://host/path, nothing more.")
    if url.scheme != "https" and not (url.scheme == "http" and host in LOOPBACK):
        raise ImproperlyConfigured(f"{names[0]} must begin with https://.")
    return SignOn(given[0].rstrip("/"), given[1], given[2], text(values, "RELAIS_OIDC_NAME", host))


def is_own_network(host: str) -> bool:
    """A private or loopback address, or a bare name, as containers have."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


def database(values: dict[str, str], root: Path) -> dict[str, Any]:
    """The database of ``DATABASE_URL``; a relative SQLite path starts at the project's root."""
    url = values.get("DATABASE_URL", "").strip() or "sqlite:///var/relais.sqlite3"
    config: dict[str, Any] = environ.Env.db_url_config(url)
    if config["ENGINE"].endswith("sqlite3"):
        return sqlite(config, root)
    if config["ENGINE"].endswith("postgresql"):
        config.setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
        return config
    raise ImproperlyConfigured("DATABASE_URL must be sqlite:///… or postgres://…")


def mailbox(values: dict[str, str], database: dict[str, Any], folder: Path) -> Path | None:
    """Beside the database that the mails tell of; None where ``EMAIL_URL`` names a mail server."""
    if values.get("EMAIL_URL", "").strip():
        return None
    if database["ENGINE"].endswith("sqlite3") and database["NAME"] != ":memory:":
        folder = Path(database["NAME"]).parent
    return folder / "mailbox"


def sqlite(config: dict[str, Any], root: Path) -> dict[str, Any]:
    """SQLite as Relais needs it: WAL, writers queue from their first statement, deleted means gone."""
    name = config["NAME"]
    if name != ":memory:":
        path = Path(name) if name.startswith("/") else root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        config["NAME"] = str(path)
    # Opening a file, and telling it all below, takes longer than most searches.
    config["CONN_MAX_AGE"] = CONNECTION_SECONDS
    config["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; "
            f"PRAGMA mmap_size={MAPPED_BYTES}; PRAGMA cache_size=-{CACHED_KIB};"
        ),
    }
    return config
