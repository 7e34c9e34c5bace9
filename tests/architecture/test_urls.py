"""Access is closed by default, and what is open stands in a list that people read."""

from __future__ import annotations

import pytest
from django.test import Client

from config.logs import clean, holds_secret
from tests.architecture.urls import Address, addresses, listed

ADDRESSES = addresses()
REFUSED = {302, 401, 403, 404, 405}


def identify(address: Address) -> str:
    return address.line.replace(" ", "")


def test_public_addresses_are_those_of_the_list() -> None:
    """A new public address is added to public_urls.txt by whoever has thought about it."""
    assert [address.line for address in ADDRESSES if address.is_public] == listed()


@pytest.mark.django_db
@pytest.mark.parametrize("address", [a for a in ADDRESSES if not a.is_public], ids=identify)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_without_sign_in_nothing_else_answers(client: Client, address: Address, method: str) -> None:
    answer = getattr(client, method)(address.path)

    assert answer.status_code in REFUSED
    if answer.status_code == 302:
        assert "/sign-in/" in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.is_public and a.api_view], ids=identify)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_the_api_shows_to_everybody_can_only_be_read(
    client: Client, address: Address, method: str
) -> None:
    assert getattr(client, method)(address.path).status_code in REFUSED


@pytest.mark.django_db
@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.is_public], ids=identify)
def test_public_addresses_set_no_cookie(client: Client, address: Address) -> None:
    """Reading leaves no trace in the browser. Forms that sign in are the exception: they need a token."""
    answer = client.get(address.path)

    if not address.name.startswith(("account_", "mfa_")):
        assert not answer.cookies


SECRETS = [a for a in ADDRESSES if a.is_public and "<str:" in a.route]


@pytest.mark.parametrize("address", SECRETS, ids=identify)
def test_an_address_that_is_a_secret_is_known_as_one(address: Address) -> None:
    """What anybody may open who has the address stands in no log and in no referrer."""
    assert holds_secret(address.path)
    assert "seven" not in clean(f'"GET {address.path} HTTP/1.1" 404')
