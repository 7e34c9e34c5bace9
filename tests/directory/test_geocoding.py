"""The optional geocoder: what it is sent, what is taken from it, and what happens when it fails."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.utils.translation import override
from geopy.adapters import BaseSyncAdapter

from directory import geocoding
from directory.places import Unknown, find_place
from partners.errors import Invalid
from tests.factories.geocoders import Stand, geocoder_stand, geojson, nominatim

pytestmark = pytest.mark.django_db

ADDRESS = "99999 Selkirk Avenue"


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Stand]:
    cache.clear()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with geocoder_stand() as stand:
        settings.GEOCODER = ("nominatim", "http", stand.domain)
        stand.answer(nominatim())
        yield stand
    cache.clear()


def next_turn(stand: Stand) -> None:
    """As if a second had passed."""
    cache.delete(f"geocoder:turn:{stand.domain}")


@dataclass(frozen=True)
class Service:
    """How it words an answer from Canada, one from elsewhere and none; where and how it is asked."""

    name: str
    good: Any
    abroad: Any
    nothing: Any
    path: str
    params: dict[str, str]


NOMINATIM = Service(
    "nominatim",
    nominatim(),
    nominatim(country="us"),
    [],
    "/maps/search",
    {"q": ADDRESS, "format": "json", "limit": "5", "addressdetails": "1"}
    | {"countrycodes": "ca", "accept-language": "fr"},
)
PHOTON = Service(
    "photon",
    geojson(countrycode="CA"),
    geojson(countrycode="US"),
    {"features": []},
    "/maps/api",
    {"q": f"{ADDRESS}, Canada", "limit": "5", "lang": "fr", "bbox": "-141.1,41.6,-52.5,83.2"},
)
PELIAS = Service(
    "pelias",
    geojson(country_a="CAN"),
    geojson(country_a="USA"),
    {"features": []},
    "/maps/v1/search",
    {"text": ADDRESS, "boundary.country": "CAN", "lang": "fr"},
)


@pytest.fixture(params=[NOMINATIM, PHOTON, PELIAS], ids=lambda service: service.name)
def service(request: pytest.FixtureRequest, stand: Stand, settings: Any) -> Service:
    chosen: Service = request.param
    settings.GEOCODER = (chosen.name, "http", stand.domain)
    return chosen


class TestEachService:
    def test_it_is_sent_the_text_the_country_and_the_language_and_nothing_else(
        self, stand: Stand, service: Service
    ) -> None:
        stand.answer(service.good)
        with override("fr"):
            place = find_place(ADDRESS)

        assert (place.latitude, place.longitude, place.kind) == (49.919, -97.146, "address")
        assert (place.name, place.query) == (f"{ADDRESS}, Winnipeg, MB", "49.919, -97.146")
        assert place.served_by[:3] == ("canada", "manitoba", "winnipeg")
        ((asked, sent, headers),) = stand.seen
        assert (asked, sent) == (service.path, {name: [value] for name, value in service.params.items()})
        assert headers.keys() <= {"Host", "User-Agent", "Accept-Encoding", "Connection"}
        assert headers["User-Agent"] == geocoding.USER_AGENT

    def test_another_country_is_no_answer(self, stand: Stand, service: Service) -> None:
        stand.answer(service.abroad)

        with pytest.raises(Unknown):
            find_place(ADDRESS)

    def test_no_answer_is_a_miss(self, stand: Stand, service: Service) -> None:
        stand.answer(service.nothing)

        assert geocoding.locate(ADDRESS, "en") is None
        next_turn(stand)
        assert geocoding.locate(ADDRESS, "en") is None
        assert len(stand.seen) == 1


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("R9Z 2M2", "R9Z"),
        ("r9z2m2", "r9z"),
        ("99999 Selkirk Ave R9Z-2M2, Winnipeg", "99999 Selkirk Ave R9Z, Winnipeg"),
        ("99999 Selkirk Ave R9Z 2M", "99999 Selkirk Ave R9Z"),
        ("99999 Selkirk  Ave R9Z 2MO", "99999 Selkirk Ave R9Z"),
    ],
)
def test_of_a_postal_code_three_characters_are_sent(stand: Stand, typed: str, sent: str) -> None:
    place = find_place(typed)

    assert stand.sent["q"] == [sent]
    assert place.name.startswith(sent)
    assert "2m" not in place.name.lower()


@pytest.mark.parametrize(
    "known", ["Winnipeg", "R2W 2M2", "450 Main St R3B 1B6", "49.9, -97.1", "Windsor", "Winnip", "Winipeg"]
)
def test_what_the_gazetteer_knows_is_not_sent(stand: Stand, known: str) -> None:
    with suppress(Invalid):
        find_place(known)
    assert stand.seen == []


@pytest.mark.parametrize("text", ["%%%", "1234", "a\ud800bc9", "ab\x07cd99", "x" * 101, "9"])
def test_what_can_be_no_address_is_not_sent(stand: Stand, text: str) -> None:
    with pytest.raises(Invalid):
        find_place(text)
    assert stand.seen == []


def test_a_caller_may_keep_the_text_here(stand: Stand) -> None:
    with pytest.raises(Unknown):
        find_place(ADDRESS, ask=False)
    assert stand.seen == []


def test_off_asks_nobody(stand: Stand, settings: Any) -> None:
    settings.GEOCODER = None
    with pytest.raises(Unknown):
        find_place(ADDRESS)
    assert stand.seen == []


def test_an_answer_is_kept_under_a_key_that_does_not_hold_the_text(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[str, Any, int]] = []
    original = cache.set

    def noting(key: str, value: Any, timeout: int) -> None:
        kept.append((key, value, timeout))
        original(key, value, timeout)

    monkeypatch.setattr(cache, "set", noting)
    first = find_place(ADDRESS)
    second = find_place("99999  SELKIRK avenue")

    assert len(stand.seen) == 1
    assert (first.latitude, first.longitude) == (second.latitude, second.longitude)
    ((key, value, timeout),) = kept
    assert "49.9" not in str(value)
    assert "97.1" not in str(value)
    assert timeout == 30 * 24 * 60 * 60
    assert len(key) == len("geocoder:") + 64
    assert "selkirk" not in key.lower()


def test_a_miss_is_kept_for_a_day(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []
    monkeypatch.setattr(cache, "set", lambda key, value, timeout: times.append(timeout))
    stand.answer([])

    assert geocoding.locate(ADDRESS, "en") is None
    assert times == [24 * 60 * 60]


def test_one_request_a_second(stand: Stand) -> None:
    assert geocoding.locate(ADDRESS, "en")
    assert geocoding.locate("88888 Selkirk Avenue", "en") is None
    assert len(stand.seen) == 1
    next_turn(stand)
    assert geocoding.locate("88888 Selkirk Avenue", "en")


@pytest.mark.parametrize(
    "fault",
    [
        dict(status=500, body=f"cannot find {ADDRESS}"),
        dict(status=403, body="no"),
        dict(status=429, body=""),
        dict(status=302, location="/elsewhere"),
        dict(body=f"[{ADDRESS}"),
        dict(body=json.dumps({"error": ADDRESS})),
        dict(body='[{"lat": "x", "lon": [], "address": {}}]'),
        dict(body=json.dumps([{"lat": "49.9", "lon": "-97.1", "display_name": "x"}])),
        dict(body="\x00"),
        dict(body="[" * (geocoding.LARGEST_ANSWER + 1)),
        dict(delay=1.0),
    ],
    ids=["500", "403", "429", "redirect", "half", "error", "numbers", "country", "nul", "endless", "slow"],
)
def test_a_service_that_fails_does_not_know(
    stand: Stand,
    fault: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(geocoding, "TIMEOUT", 0.3)
    vars(stand).update(fault)
    started = time.monotonic()
    with caplog.at_level(logging.DEBUG), pytest.raises(Unknown):
        find_place(ADDRESS)

    assert time.monotonic() - started < 0.9
    assert [path for path, *_ in stand.seen] == ["/maps/search"]
    assert "The geocoder did not answer" in caplog.text
    assert "selkirk" not in caplog.text.lower()
    assert geocoding.locate("88888 Selkirk Avenue", "en") is None  # left alone for a while
    assert len(stand.seen) == 1


def test_a_failure_is_no_miss_to_remember(stand: Stand) -> None:
    stand.status = 500
    assert geocoding.locate(ADDRESS, "en") is None
    stand.status = 200
    next_turn(stand)
    assert geocoding.locate(ADDRESS, "en") == (49.919, -97.146)


def test_canada_by_name_but_not_by_the_map_is_no_answer(stand: Stand) -> None:
    stand.answer(nominatim(latitude=0.0, longitude=0.0))
    assert geocoding.locate(ADDRESS, "en") is None


def test_the_first_answer_in_canada_is_taken(stand: Stand) -> None:
    stand.answer(nominatim(country="us") + nominatim(latitude=50.0))
    assert geocoding.locate(ADDRESS, "en") == (50.0, -97.146)


def test_a_service_may_be_reached_by_another_adapter(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, float, dict[str, str]]] = []

    class Recorded(BaseSyncAdapter):
        def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
            asked.append((url, timeout, headers))
            return nominatim()

        def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
            raise AssertionError

    monkeypatch.setattr(geocoding, "adapter_factory", Recorded)

    assert geocoding.locate(ADDRESS, "en") == (49.919, -97.146)
    ((url, timeout, headers),) = asked
    assert url.startswith("http://127.0.0.1:")
    assert (timeout, headers) == (2.0, {"User-Agent": geocoding.USER_AGENT})
    assert stand.seen == []


def test_a_search_page_sends_the_service_nothing_of_the_visitor(stand: Stand, client: Any) -> None:
    client.cookies["sessionid"] = "visitor-cookie"
    client.get(
        "/api/v1/services/",
        {"near": ADDRESS},
        REMOTE_ADDR="203.0.113.77",
        HTTP_X_FORWARDED_FOR="203.0.113.77",
        HTTP_USER_AGENT="visitor-browser",
        secure=True,
    )

    sent = json.dumps(stand.seen)
    assert len(stand.seen) == 1
    assert "203.0.113.77" not in sent
    assert "visitor" not in sent
