"""Single sign-on, pushed: other processes of the library, other addresses, other people's sessions."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from partners.models import User
from tests.factories.issuer import Issuer
from tests.partners.conftest import PASSWORD
from tests.partners.signing import test_single_sign_on as sign_on
from tests.partners.signing.test_single_sign_on import come_back, go

pytestmark = pytest.mark.django_db
issuer, server = sign_on.issuer, sign_on.server


@pytest.mark.parametrize("process", ["connect", "redirect", "login", "nonsense"])
def test_no_process_of_the_library_leads_out_or_breaks(client: Client, issuer: Issuer, process: str) -> None:
    client.raise_request_exception = False
    answer = client.post(
        f"{sign_on.START}?process={process}&next=https://evil.example/",
        {"process": process, "next": "https://evil.example/"},
    )
    if answer.status_code == 302 and "state=" in answer["Location"]:
        state = answer["Location"].split("state=")[1].split("&")[0]
        answer = come_back(client, state)
    assert answer.status_code < 500
    assert "evil" not in answer.headers.get("Location", "")


def test_it_signs_in_and_connects_no_session_that_is_there(
    client: Client, issuer: Issuer, nadia: User
) -> None:
    client.post("/en/sign-in/", {"login": nadia.email, "password": PASSWORD})
    for given in ({"process": "connect"}, {"process": "redirect"}):
        assert client.post(sign_on.START, given).status_code == 404
        assert client.post(f"{sign_on.START}?process={given['process']}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "na\N{LATIN SMALL LETTER DOTLESS I}dia@lantern.example",
        "nad\N{LATIN SMALL LETTER DOTLESS I}a@lantern.example",
    ],
)
def test_an_address_that_only_looks_alike_is_nobodys(
    client: Client, issuer: Issuer, nadia: User, address: str
) -> None:
    """PostgreSQL compares in capitals, and an i without its dot has the same one."""
    issuer.person["email"] = address
    page: Any = come_back(client, go(client))
    assert page.status_code == 403
    assert not SocialAccount.objects.exists()
