"""Signing in and out: what it answers, what it gives away, and how often one may try."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from partners.models import Organization, User

PASSWORD = "three rivers under ice"
WRONG = {
    "en": "The e-mail address or the password is not right.",
    "fr": "L’adresse courriel ou le mot de passe",
}
pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD, language: str = "en", **more: str) -> Any:
    return client.post(f"/{language}/sign-in/", {"login": email, "password": password, **more})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_member_comes_home_in_their_own_language(client: Client, nadia: User, language: str) -> None:
    nadia.language = language
    nadia.save()

    answer = sign_in(client, nadia.email, language="en")

    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/home/")
    assert client.session["_auth_user_id"] == str(nadia.pk)


def test_the_page_asked_for_comes_next(client: Client, nadia: User) -> None:
    asked = client.get("/fr/organization/")
    assert asked["Location"] == "/fr/sign-in/?next=/fr/organization/"

    answer = client.post(asked["Location"], {"login": nadia.email, "password": PASSWORD})

    assert answer["Location"] == "/fr/organization/"


def test_no_other_site_comes_next(client: Client, nadia: User) -> None:
    assert sign_in(client, nadia.email, next="https://elsewhere.example/")["Location"] == "/en/home/"


def test_the_address_is_read_in_any_case(client: Client, nadia: User) -> None:
    assert sign_in(client, " NADIA@Lantern.Example ").status_code == 302


def test_the_session_gets_a_new_key(client: Client, nadia: User) -> None:
    client.cookies["sessionid"] = before = client.session.session_key or "planted"

    sign_in(client, nadia.email)

    assert client.cookies["sessionid"].value not in {before, "planted"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_unknown_closed_and_mistaken_answer_alike(client: Client, nadia: User, language: str) -> None:
    closed = User.objects.create_user("gone@lantern.example", PASSWORD, full_name="Gone", is_active=False)
    answers = [
        sign_in(client, nadia.email, "wrong", language),
        sign_in(client, "nobody@lantern.example", PASSWORD, language),
        sign_in(client, closed.email, PASSWORD, language),
    ]

    for answer in answers:
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors() == answers[0].context["form"].non_field_errors()
        assert WRONG[language] in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_after_five_mistakes_even_the_right_password_waits(client: Client, nadia: User) -> None:
    for _ in range(5):
        assert WRONG["en"] in sign_in(client, nadia.email, "wrong").content.decode()

    answer = sign_in(client, nadia.email)

    assert answer.status_code == 200
    assert "Too many attempts" in answer.content.decode()


def test_an_address_nobody_has_is_limited_the_same(client: Client) -> None:
    for _ in range(5):
        sign_in(client, "nobody@lantern.example", "wrong")

    assert "Too many attempts" in sign_in(client, "nobody@lantern.example", "wrong").content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "Too many attempts"), ("fr", "Trop de tentatives")])
def test_a_flood_from_one_place_is_stopped(client: Client, language: str, words: str) -> None:
    for number in range(30):
        sign_in(client, f"{number}@lantern.example", "wrong", language)

    answer = sign_in(client, "last@lantern.example", "wrong", language)

    assert answer.status_code == 429
    assert words in answer.content.decode()


def test_limits_are_counted_over_all_processes(settings: Any) -> None:
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_a_browser_tells_this_site_where_the_form_came_from_and_no_other(client: Client) -> None:
    """Without an origin the CSRF check refuses every form that a browser sends."""
    sign_in_page, help_page = client.get("/en/sign-in/"), client.get("/en/get-help/")

    assert sign_in_page["Referrer-Policy"] == "same-origin"
    assert help_page["Referrer-Policy"] == "no-referrer"
    assert b'name="referrer"' not in sign_in_page.content


def test_the_form_token_ends_with_the_browser(client: Client) -> None:
    assert client.get("/en/sign-in/").cookies["csrftoken"]["max-age"] == ""


def test_signing_out_takes_a_post_and_ends_the_session(client: Client, nadia: User) -> None:
    client.force_login(nadia)

    assert client.get("/en/sign-out/").status_code == 200
    assert "_auth_user_id" in client.session

    assert client.post("/en/sign-out/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_closed_account_loses_its_session(client: Client, nadia: User) -> None:
    client.force_login(nadia)
    nadia.is_active = False
    nadia.save()

    assert client.get("/en/organization/")["Location"].startswith("/en/sign-in/")


def test_a_new_password_must_be_a_good_one(client: Client, nadia: User) -> None:
    client.force_login(nadia)
    entered = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}

    assert "12" in client.post("/en/password/", entered).content.decode()

    good = "a longer walk home"
    entered.update(password1=good, password2=good)
    assert client.post("/en/password/", entered)["Location"] == "/en/second-factor/"
    nadia.refresh_from_db()
    assert nadia.check_password(good)


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_set_password",
        "account_inactive",
        "mfa_download_recovery_codes",
        "admin:index",
    ],
)
def test_pages_that_nobody_needs_are_not_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["accounts/signup/", "sign-up/", "signup/", "password/reset/", "admin/"])
def test_their_usual_addresses_lead_nowhere(client: Client, path: str) -> None:
    assert client.get(f"/en/{path}").status_code == 404
    assert client.get(f"/{path}").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_menu_leads_to_the_sign_in_of_its_language(
    client: Client, lantern: Organization, language: str
) -> None:
    assert f'href="/{language}/sign-in/"' in client.get(f"/{language}/get-help/").content.decode()
