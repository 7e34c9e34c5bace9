"""RELAIS_GEOCODER: off, or a service by its address; a bad value stops the start."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

NAME = "RELAIS_GEOCODER"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        (" off ", None),
        ("OFF", None),
        ("nominatim+https://maps.example", ("nominatim", "https", "maps.example")),
        ("photon+https://maps.example:8443/photon/", ("photon", "https", "maps.example:8443/photon")),
        ("pelias+http://pelias:4000", ("pelias", "http", "pelias:4000")),
        ("nominatim+http://127.0.0.1:8080/", ("nominatim", "http", "127.0.0.1:8080")),
        ("nominatim+http://[fd00::1]:8080", ("nominatim", "http", "[fd00::1]:8080")),
    ],
)
def test_off_or_a_service_taken_apart(value: str | None, expected: tuple[str, str, str] | None) -> None:
    values = {} if value is None else {NAME: value}

    assert env.geocoder(values, NAME) == expected


@pytest.mark.parametrize(
    "value",
    [
        "on",
        "nominatim",
        "https://maps.example",
        "google+https://maps.example",
        "nominatim+ftp://maps.example",
        "nominatim+https://",
        "nominatim+https:///search",
        "nominatim+https://maps.example:port",
        "nominatim+https://[::1",
        "nominatim+https://user:password@maps.example",
        "nominatim+https://maps.example/?key=1",
        "nominatim+https://maps.example/#top",
        "nominatim+http://maps.example",
        "nominatim+http://8.8.8.8",
    ],
)
def test_a_value_that_makes_no_sense_stops_the_start(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.geocoder({NAME: value}, NAME)


def test_a_refusal_does_not_repeat_a_password() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        env.geocoder({NAME: "nominatim+https://user:hush-hush@maps.example"}, NAME)

    assert "hush-hush" not in str(refused.value)
