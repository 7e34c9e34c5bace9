"""What browsers and strangers may send and what they are told in headers, cookies and logs."""

from __future__ import annotations

import logging
import sys

import pytest
from django.apps import apps
from django.test import Client

from config.logs import PrivatePaths
from partners.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cookie", ["a b=1", "clé=1", "a,b=1", '"=1'])
def test_the_way_out_works_with_any_cookie(client: Client, cookie: str) -> None:
    as_sent = cookie.encode().decode("latin-1")
    answer = client.get("/en/exit/", headers={"cookie": f"seen=1; {as_sent}"})

    assert answer.status_code == 302
    assert answer.cookies["seen"]["max-age"] == 0


@pytest.mark.parametrize("path", ["/en/", "/en/home/", "/api/v1/clients/"])
def test_a_nul_in_a_cookie_is_refused_before_the_database_sees_it(client: Client, path: str) -> None:
    assert client.get(path, headers={"cookie": 'sessionid="\\000aaaaaaaaaa"'}).status_code == 400


def test_no_admin_site_is_installed() -> None:
    """Nothing edits past the writers that check, record and encrypt."""
    assert not apps.is_installed("django.contrib.admin")


def test_a_traceback_in_the_log_keeps_what_was_typed_to_itself() -> None:
    """The words of an error may repeat a value: a name, a row that a database refused."""
    try:
        try:
            int("Wren Planted")
        except ValueError as cause:
            raise RuntimeError("Wren Planted again") from cause
    except RuntimeError:
        record = logging.LogRecord("django", logging.ERROR, "", 0, "500", (), sys.exc_info())
    PrivatePaths().filter(record)
    text = logging.Formatter().format(record)

    assert "Wren" not in text.replace('int("Wren Planted")', "").replace('("Wren Planted again")', "")
    assert "RuntimeError" in text
    assert "ValueError" in text
    assert "test_security_doors.py" in text


def test_only_a_page_with_a_form_token_says_where_a_click_came_from(client: Client) -> None:
    """See docs/adr/004: without a referrer browsers send "Origin: null", which the CSRF check refuses."""
    for path in ("/en/", "/en/services/", "/en/safety/", "/en/get-help/", "/api/v1/services/", "/en/none/"):
        answer = client.get(path)
        assert answer["Referrer-Policy"] == "no-referrer", path
        assert b"csrfmiddlewaretoken" not in answer.content, path
    client.force_login(User.objects.create_user("a@doors.example", full_name="A"))
    for path in ("/en/sign-in/", "/en/home/", "/en/clients/", "/en/none/"):
        answer = client.get(path, follow=True)
        assert (b"csrfmiddlewaretoken" in answer.content) == (answer["Referrer-Policy"] == "same-origin"), (
            path
        )


def test_nothing_signed_in_is_stored(client: Client) -> None:
    client.force_login(User.objects.create_user("b@doors.example", full_name="B"))
    for path in ("/en/home/", "/en/clients/", "/en/none/", "/api/v1/clients/", "/api/v1/none/", "/api/v1/"):
        assert "no-store" in client.get(path)["Cache-Control"], path


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_signing_in_leads_to_no_other_site(client: Client, target: str) -> None:
    user = User.objects.create_user("c@doors.example", "correct horse battery", full_name="C")
    form = {"login": user.email, "password": "correct horse battery", "next": target}

    answer = client.post("/en/sign-in/?next=" + target, form)

    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert answer["Location"].startswith("/")


def test_another_host_is_refused(client: Client) -> None:
    assert client.get("/en/", headers={"host": "evil.example"}).status_code == 400
    answer = client.get("/api/v1/services/?page_size=1", headers={"x-forwarded-host": "evil.example"})
    assert b"evil" not in answer.content
