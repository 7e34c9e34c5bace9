"""Passkeys: added, used alone and as a second step, asked for again, renamed and removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from partners.accounts import lacks_second_factor
from partners.models import AuditEvent, Organization, User
from partners.signing.relying_party import relying_party
from tests.factories.passkeys import Device

PASSWORD = "three rivers under ice"
ADD, CODES = "/en/second-factor/passkeys/new/", "/en/second-factor/recovery-codes/"
REFUSED = "This passkey was not accepted."
pytestmark = pytest.mark.django_db


def sign_in(client: Client, user: User) -> Any:
    return client.post("/en/sign-in/", {"login": user.email, "password": PASSWORD})


def add(client: Client, device: Device, name: str = "Work phone") -> Any:
    page = client.get(ADD)
    answer = device.create(page.context["js_data"]["creation_options"])
    return client.post(ADD, {"name": name, "credential": answer})


def challenge(client: Client) -> dict[str, Any]:
    return dict(client.post("/en/sign-in/passkey/challenge/").json())


def by_passkey(client: Client, device: Device) -> Any:
    credential = device.get(challenge(client))
    return client.post("/en/sign-in/passkey/", {"credential": credential}, follow=True)


@pytest.fixture
def device(client: Client, nadia: User) -> Device:
    """Nadia's, added through the pages; she is signed out again."""
    device = Device()
    sign_in(client, nadia)
    assert add(client, device)["Location"] == CODES
    client.post(CODES)
    client.post("/en/sign-out/")
    return device


def test_it_signs_in_alone(client: Client, nadia: User, device: Device) -> None:
    page = by_passkey(client, device)

    assert page.redirect_chain[-1][0] == "/en/home/"
    assert client.session["_auth_user_id"] == str(nadia.pk)
    row = AuditEvent.objects.get(user_id=nadia.pk, action="second_factor.add")
    assert row.details == {"factor": "webauthn"}


def test_it_is_the_second_step_after_the_password(client: Client, nadia: User, device: Device) -> None:
    step = sign_in(client, nadia)["Location"]
    assert step == "/en/second-factor/code/"
    assert "_auth_user_id" not in client.session
    page = client.get(step)
    assert "Use a passkey" in page.content.decode()

    credential = device.get(page.context["js_data"]["request_options"])
    assert client.post(step, {"credential": credential})["Location"] == "/en/home/"


def test_it_counts_as_second_factor_at_every_door(
    client: Client, nadia: User, device: Device, settings: Any
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    by_passkey(client, device)

    assert client.get("/en/second-factor/sessions/").status_code == 200
    assert not lacks_second_factor(User.objects.get(pk=nadia.pk))


@pytest.mark.parametrize(
    "fault", ["stranger", "elsewhere", "no PIN", "closed", "replayed", "no JSON", "a list"]
)
def test_nothing_else_signs_in(client: Client, nadia: User, device: Device, fault: str) -> None:
    if fault == "closed":
        User.objects.filter(pk=nadia.pk).update(is_active=False)
    if fault == "stranger":
        device = Device(user=device.user)
    if fault == "elsewhere":
        device.origin = "https://localhost.example"
    device.verifies = fault != "no PIN"
    credential = device.get(challenge(client))
    if fault == "replayed":
        client.post("/en/sign-in/passkey/", {"credential": credential})
        client.post("/en/sign-out/")
    credential = {"no JSON": "{", "a list": "[1]"}.get(fault, credential)

    page = client.post("/en/sign-in/passkey/", {"credential": credential}, follow=True)

    assert "_auth_user_id" not in client.session
    assert page.redirect_chain[-1][0] == "/en/sign-in/"
    if fault != "no JSON":
        assert REFUSED in page.content.decode()


@pytest.mark.parametrize("fault", ["elsewhere", "no PIN", "no JSON", "a list"])
def test_nothing_else_is_added(client: Client, nadia: User, fault: str) -> None:
    sign_in(client, nadia)
    device = Device(verifies=fault != "no PIN")
    if fault == "elsewhere":
        device.origin = "https://localhost.example"
    credential = device.create(client.get(ADD).context["js_data"]["creation_options"])
    credential = {"no JSON": "{", "a list": "[1]"}.get(fault, credential)

    assert client.post(ADD, {"name": "x", "credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()


def test_renaming_and_removing_are_for_its_owner(
    client: Client, nadia: User, device: Device, member: Callable[..., User], lantern: Organization
) -> None:
    key = Authenticator.objects.get(type="webauthn").pk
    other = Client()
    sign_in(other, member("omar@lantern.example", {lantern: ["manager"]}))
    for path in (f"/en/second-factor/passkeys/{key}/", f"/en/second-factor/passkeys/{key}/remove/"):
        assert other.get(path).status_code == 404
        assert other.post(path, {"name": "mine"}).status_code == 404

    by_passkey(client, device)
    client.post(f"/en/second-factor/passkeys/{key}/", {"name": "Blue key"})
    assert "Blue key" in client.get("/en/second-factor/passkeys/").content.decode()
    client.post(f"/en/second-factor/passkeys/{key}/", {"name": ""})
    client.post(f"/en/second-factor/passkeys/{key}/remove/")

    assert not Authenticator.objects.exists()  # its recovery codes went with it
    assert "second_factor.remove" in AuditEvent.objects.values_list("action", flat=True)


def test_the_challenge_takes_a_post_and_not_without_end(client: Client) -> None:
    assert client.get("/en/sign-in/passkey/challenge/").status_code == 405
    answers = [client.post("/en/sign-in/passkey/challenge/").status_code for _ in range(31)]
    assert answers[-2:] == [200, 429]


def test_who_one_is_can_be_shown_again_with_it(client: Client, nadia: User, device: Device) -> None:
    by_passkey(client, device)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    again = "/en/second-factor/passkeys/again/"
    assert client.get(ADD)["Location"].startswith("/en/password/again/")
    assert "Use a passkey instead" in client.get(f"/en/password/again/?next={ADD}").content.decode()

    options = client.get(again).context["js_data"]["request_options"]
    wrong = client.post(again, {"credential": Device(user=device.user).get(options), "next": ADD})
    assert REFUSED in wrong.content.decode()
    options = client.get(again).context["js_data"]["request_options"]
    assert client.post(again, {"credential": device.get(options), "next": ADD})["Location"] == ADD
    assert client.get(ADD).status_code == 200


def test_a_locked_session_opens_with_it(client: Client, nadia: User, device: Device, settings: Any) -> None:
    by_passkey(client, device)
    lock, asked = "/en/sign-in/locked/", {"headers": {"Accept": "application/json"}}
    assert "Unlock with a passkey" in client.get("/en/second-factor/").content.decode()

    def answer(held: Device) -> dict[str, str]:
        return {"credential": held.get(challenge(client)), "next": "/en/second-factor/"}

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert "Unlock with a passkey" in client.get(lock).content.decode()
        stranger = Device(user=device.user)
        wrong = client.post(lock, answer(stranger))
        assert wrong.context["form"].errors == {"__all__": [f"{REFUSED} Try again, or use another way."]}
        assert REFUSED in client.post(lock, answer(stranger), **asked).json()["error"]
        assert client.get("/en/second-factor/")["Location"].startswith(lock)
        assert client.post(lock, answer(device))["Location"] == "/en/second-factor/"
        assert client.get("/en/second-factor/").status_code == 200


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_it_renders(client: Client, nadia: User, device: Device, language: str) -> None:
    by_passkey(client, device)
    key = Authenticator.objects.get(type="webauthn").pk

    for page in ("", "new/", "again/", f"{key}/", f"{key}/remove/"):
        assert client.get(f"/{language}/second-factor/passkeys/{page}").status_code == 200


def test_it_is_bound_to_the_name_people_come_to(settings: Any) -> None:
    settings.BASE_URL = "https://relais.example:8443"
    assert relying_party() == "relais.example"
    settings.BASE_URL = "http://127.0.0.1:8000"
    assert relying_party() == "localhost"


def test_of_the_person_it_says_what_their_device_shows_them(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    asked = json.loads(json.dumps(client.get(ADD).context["js_data"]["creation_options"]))["publicKey"]

    assert asked["rp"] == {"id": "localhost", "name": "Relais"}
    assert asked["user"]["name"] == nadia.email
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
