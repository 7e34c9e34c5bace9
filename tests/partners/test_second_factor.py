"""The second step: required where the network says so, set up, asked for, recovered from."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client, RequestFactory

from partners.middleware import session_actor
from partners.models import User

PASSWORD = "three rivers under ice"
SET_UP, CODES = "/en/second-factor/set-up/", "/en/second-factor/recovery-codes/"
pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def set_up(client: Client) -> str:
    """Through the pages. Answers the secret."""
    page = client.get(SET_UP)
    secret = page.context["form"].secret
    answer = client.post(SET_UP, {"code": code_of(secret)})
    assert answer["Location"] == CODES
    client.post(CODES)
    return str(secret)


def sign_in(client: Client, user: User) -> Any:
    return client.post("/en/sign-in/", {"login": user.email, "password": PASSWORD})


def code_page(client: Client, code: str) -> Any:
    return client.post("/en/second-factor/code/", {"code": code})


@pytest.fixture
def required(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.mark.usefixtures("required")
def test_without_it_only_the_set_up_can_be_reached(client: Client, nadia: User) -> None:
    sign_in(client, nadia)

    assert client.get("/en/organization/")["Location"] == SET_UP
    assert client.post("/en/organization/")["Location"] == SET_UP
    assert client.get("/en/get-help/").status_code == 200
    assert client.get("/en/second-factor/").status_code == 200
    assert client.get(SET_UP).status_code == 200
    assert client.post("/en/sign-out/").status_code == 302


@pytest.mark.usefixtures("required")
def test_without_it_a_member_may_do_nothing_by_any_door(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    request = RequestFactory().get("/")
    request.user, request.session = nadia, client.session

    actor = session_actor(request)

    assert (actor.organization_id, actor.capabilities) == (None, frozenset())


@pytest.mark.usefixtures("required")
def test_once_set_up_everything_opens(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    set_up(client)

    assert client.get("/en/organization/").status_code == 200


def test_the_recovery_codes_are_seen_before_anything_else(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    client.post(SET_UP, {"code": code_of(client.get(SET_UP).context["form"].secret)})

    assert client.get("/en/organization/")["Location"] == CODES
    assert client.post("/en/organization/")["Location"] == CODES
    assert client.get("/en/get-help/").status_code == 200
    page = client.get(CODES)
    assert page.context["codes"][0] in page.content.decode()
    assert client.get("/en/organization/")["Location"] == CODES  # seeing is not keeping

    assert client.post(CODES)["Location"] == "/en/second-factor/"
    assert client.get("/en/organization/").status_code == 200


def test_whoever_has_few_codes_left_is_told(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    set_up(client)
    codes = client.get(CODES).context["codes"]
    assert "codes are left" not in client.get("/en/second-factor/").content.decode()
    held = Authenticator.objects.get(type="recovery_codes")
    held.data["used_mask"] = 0b1111111
    held.save()
    assert "3 codes are left" in client.get("/en/second-factor/").content.decode()
    assert "Few are left" in client.get(CODES).content.decode()

    client.post("/en/sign-out/")
    sign_in(client, nadia)
    page = client.post("/en/second-factor/code/", {"code": codes[9]}, follow=True)

    assert "2 recovery codes are left." in page.content.decode()


def test_where_it_is_not_required_nobody_is_stopped(client: Client, nadia: User) -> None:
    sign_in(client, nadia)

    assert client.get("/en/organization/").status_code == 200


def test_the_picture_to_scan_is_one_that_the_content_policy_allows(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    page = client.get(SET_UP)

    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "img-src 'self' data:" in page["Content-Security-Policy"]


def test_a_wrong_code_turns_nothing_on(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    client.get(SET_UP)

    assert "This code is not right." in client.post(SET_UP, {"code": "000000"}).content.decode()
    assert not Authenticator.objects.exists()


def test_the_password_alone_does_not_sign_in_any_more(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    secret = set_up(client)
    client.post("/en/sign-out/")

    assert sign_in(client, nadia)["Location"] == "/en/second-factor/code/"
    assert "_auth_user_id" not in client.session
    assert "This code is not right." in code_page(client, "000000").content.decode()
    assert "_auth_user_id" not in client.session

    assert code_page(client, code_of(secret))["Location"] == "/en/home/"
    assert client.session["_auth_user_id"] == str(nadia.pk)


def test_a_sign_in_that_waits_for_its_code_can_be_given_up(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    set_up(client)
    client.post("/en/sign-out/")
    sign_in(client, nadia)
    assert client.get("/en/sign-in/")["Location"] == "/en/second-factor/code/"

    client.post("/en/sign-out/")

    assert client.get("/en/sign-in/").status_code == 200


def test_guessing_codes_is_limited(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    set_up(client)
    client.post("/en/sign-out/")
    sign_in(client, nadia)

    for _ in range(5):
        code_page(client, "000000")

    assert "Too many attempts" in code_page(client, "000000").content.decode()


def test_a_recovery_code_opens_once(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    set_up(client)
    codes = client.get("/en/second-factor/recovery-codes/").context["codes"]
    assert len(codes) == 10

    client.post("/en/sign-out/")
    sign_in(client, nadia)
    assert code_page(client, codes[0])["Location"] == "/en/home/"

    client.post("/en/sign-out/")
    sign_in(client, nadia)
    assert "This code is not right." in code_page(client, codes[0]).content.decode()


def test_the_database_holds_no_secret_that_can_be_read(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    secret = set_up(client)
    stored = str(list(Authenticator.objects.order_by("pk").values_list("data", flat=True)))

    assert secret not in stored
    assert len(stored) > len(secret)


def test_codes_are_shown_only_to_who_has_just_proved_who_they_are(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    set_up(client)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 3600
    session.save()

    answer = client.get("/en/second-factor/recovery-codes/")

    assert answer["Location"] == "/en/password/again/?next=%2Fen%2Fsecond-factor%2Frecovery-codes%2F"
    answer = client.post(answer["Location"], {"password": PASSWORD})
    assert client.get(answer["Location"]).status_code == 200


def test_turning_it_off_ends_the_recovery_codes_too(client: Client, nadia: User) -> None:
    sign_in(client, nadia)
    set_up(client)

    client.post("/en/second-factor/turn-off/")

    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "page",
    [
        "second-factor/",
        "second-factor/again/",
        "second-factor/turn-off/",
        "second-factor/recovery-codes/",
        "second-factor/recovery-codes/new/",
        "password/",
        "password/again/",
        "sign-out/",
    ],
)
def test_every_page_of_it_renders(client: Client, nadia: User, language: str, page: str) -> None:
    sign_in(client, nadia)
    set_up(client)

    assert client.get(f"/{language}/{page}").status_code == 200
