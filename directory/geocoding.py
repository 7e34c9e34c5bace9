"""An optional service that knows street addresses, asked only for what the gazetteer does not know.

What is sent: the text typed, without the second half of a postal code; the country; the language.
Never who asks: the request is this server's own, without a cookie or a header of the visitor's. A
service that is down, slow, broken or busy is as good as one that does not know.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.cache import cache
from geopy.adapters import BaseSyncAdapter
from geopy.geocoders import Nominatim, Pelias, Photon

from directory.folding import normalise
from directory.gazetteer import CANADA, in_canada
from partners.crypto import Unreadable, decrypt, derived_key, encrypt

logger = logging.getLogger(__name__)

TIMEOUT = 2.0  # seconds, for the whole of an answer
LARGEST_ANSWER = 1024 * 1024
KEEP_FOUND, KEEP_MISSED = 30 * 24 * 60 * 60, 24 * 60 * 60
# Between two requests, and after one that failed: a service that is down holds up few searches.
TURN, BACK_OFF = 1, 15
SHORTEST = 3
CONTEXT = "geocoder"  # what the kept answers are sealed for
CANDIDATES = 5
DECIMALS = 3  # about a hundred metres
USER_AGENT = "Relais service directory"
_POSTAL_CODE = re.compile(
    r"(?<![^\W_])([ABCEGHJ-NPRSTVXY][0-9OIL][ABCEGHJ-NPRSTV-Z])[ -]*[0-9OIL][A-Z]?[0-9OIL]?(?![^\W_])",
    re.IGNORECASE,
)


class Geocoder(NamedTuple):
    """The setting, taken apart: ``service`` is nominatim, photon or pelias; ``domain`` has the path."""

    service: str
    scheme: str
    domain: str


class _NoRedirects(HTTPRedirectHandler):
    """Where the setting does not point, nothing is sent."""

    def redirect_request(self, *_: Any) -> None:
        return None


class PlainAdapter(BaseSyncAdapter):
    """One GET with geopy's own headers: no redirect followed, nothing kept, no endless answer read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._opener = build_opener(_NoRedirects)

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        return json.loads(self.get_text(url, timeout=timeout, headers=headers))

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        deadline, read = monotonic() + timeout, bytearray()
        try:
            answer = self._opener.open(Request(url, headers=headers), timeout=timeout)  # noqa: S310 - the scheme is checked with the setting
        except HTTPError as refusal:
            refusal.close()
            raise
        with answer:
            while part := answer.read1(LARGEST_ANSWER):
                read += part
                if monotonic() > deadline or len(read) > LARGEST_ANSWER:
                    raise TimeoutError
        return read.decode()


adapter_factory: Callable[..., BaseSyncAdapter] = PlainAdapter


def locate(text: str, language: str) -> tuple[float, float] | None:
    """Latitude and longitude of a place in Canada; None where it is not known or cannot be asked now."""
    wanted = sendable(text)
    if settings.GEOCODER is None or not _is_worth_asking(wanted):
        return None
    geocoder = Geocoder(*settings.GEOCODER)
    key, turn = _cache_key(wanted, geocoder), f"geocoder:turn:{geocoder.domain}"
    kept = cache.get(key)
    if kept is not None:
        with suppress(Unreadable):  # the keys have changed since: ask again
            return _opened(kept)
    if not cache.add(turn, 1, TURN):
        return None
    try:
        found = _in_time(lambda: _ask(geocoder, wanted, language))
    except Exception as error:  # whatever a foreign service makes of its answer, the search goes on
        # Neither the text nor the error's words, which may repeat it.
        logger.warning("The geocoder did not answer: %s", type(error).__name__)
        cache.set(turn, 1, BACK_OFF)
        return None
    cache.set(key, _sealed(found), KEEP_FOUND if found else KEEP_MISSED)
    return found


def _sealed(found: tuple[float, float] | None) -> str:
    """Where somebody was looking stands in no table in clear."""
    return encrypt(json.dumps(found), CONTEXT)


def _opened(kept: str) -> tuple[float, float] | None:
    found = json.loads(decrypt(kept, CONTEXT))
    return (found[0], found[1]) if found else None


def sendable(text: str) -> str:
    """The text on one line, with the first three characters of each postal code only."""
    return " ".join(_POSTAL_CODE.sub(lambda match: match[1], text).split())


def _is_worth_asking(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    return letters >= SHORTEST - 1 and len(text) >= SHORTEST and text.isprintable()


def _cache_key(text: str, geocoder: Geocoder) -> str:
    """One place has one key, however it is typed; the key tells nobody which place."""
    said = "\n".join((*geocoder, normalise(text)))
    return "geocoder:" + hmac.new(derived_key("geocoder"), said.encode(), hashlib.sha256).hexdigest()


def _ask(geocoder: Geocoder, text: str, language: str) -> tuple[float, float] | None:
    """The first answer that lies in Canada, by its own word and by the map."""
    ask, country = _SERVICES[geocoder.service]
    for location in ask(geocoder, text, language) or ():
        if country(location.raw).upper() in {"CA", "CAN"}:
            point = round(location.latitude, DECIMALS), round(location.longitude, DECIMALS)
            if in_canada(*point):
                return point
    return None


def _in_time(ask: Callable[[], tuple[float, float] | None]) -> tuple[float, float] | None:
    """In a thread of its own: the name look-up before a connection knows no time-out."""
    answer: Future[tuple[float, float] | None] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    return answer.result(TIMEOUT)


def _options(geocoder: Geocoder) -> dict[str, Any]:
    return {
        "domain": geocoder.domain,
        "scheme": geocoder.scheme,
        "timeout": TIMEOUT,
        "user_agent": USER_AGENT,
        "adapter_factory": adapter_factory,
    }


def _nominatim(geocoder: Geocoder, text: str, language: str) -> Any:
    return Nominatim(**_options(geocoder)).geocode(
        text,
        exactly_one=False,
        limit=CANDIDATES,
        country_codes=["ca"],
        addressdetails=True,
        language=language,
    )


def _photon(geocoder: Geocoder, text: str, language: str) -> Any:
    """Photon takes no country: the frame of Canada and the name of it must do."""
    south, north, west, east = CANADA
    return Photon(**_options(geocoder)).geocode(
        f"{text}, Canada",
        exactly_one=False,
        limit=CANDIDATES,
        bbox=((south, west), (north, east)),
        language=language,
    )


def _pelias(geocoder: Geocoder, text: str, language: str) -> Any:
    return Pelias(**_options(geocoder)).geocode(text, exactly_one=False, countries=["CAN"], language=language)


_SERVICES: dict[str, tuple[Callable[[Geocoder, str, str], Any], Callable[[Any], str]]] = {
    "nominatim": (_nominatim, lambda raw: raw["address"]["country_code"]),
    "photon": (_photon, lambda raw: raw["properties"]["countrycode"]),
    "pelias": (_pelias, lambda raw: raw["properties"]["country_a"]),
}
