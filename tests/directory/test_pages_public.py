"""Help lines, the way out, safety, sources: no account, no cookie, in both languages."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings

from directory.crisis import crisis_lines
from partners.models import User

PAGES = ["get-help", "safety", "about"]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("page", PAGES)
def test_page_needs_nothing_and_leaves_nothing(client: Client, page: str, language: str) -> None:
    """Without the ``django_db`` mark a query would fail."""
    answer = client.get(f"/{language}/{page}/")

    assert answer.status_code == 200
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert f'<html lang="{language}-CA">' in answer.content.decode()


def test_every_line_can_be_dialled_and_911_comes_first(client: Client) -> None:
    html = client.get("/fr/get-help/").content.decode()
    dialled = re.findall(r'href="(?:tel|sms):([^"]+)"', html)

    assert dialled[0] == "911"
    assert all(re.fullmatch(r"\+1\d{10}|\d{3}|\d{6}", number) for number in dialled)
    assert "204\xa0786-8686" in html  # French writing of the number, with a no-break space


def test_numbers_say_that_nobody_has_phoned_and_from_when_they_are(client: Client) -> None:
    assert "November 23, 2026. Nobody has phoned" in client.get("/en/get-help/").content.decode()


def test_names_in_the_other_language_say_their_language(client: Client) -> None:
    html = client.get("/fr/get-help/").content.decode()

    assert '<span lang="en">Klinic Crisis Line</span>' in html


def test_every_line_has_both_notes_and_a_source() -> None:
    lines = crisis_lines()

    for line in (*lines.first, *(line for group in lines.groups for line in group.lines)):
        assert line.note_en
        assert line.note_fr
        assert line.calls
    assert [line.name_en for line in lines.first if not line.source] == ["Emergency"]


def test_exit_without_a_session_sets_nothing(client: Client) -> None:
    answer = client.get("/en/exit/")

    assert answer.status_code == 302
    assert answer.headers["Location"] == settings.EXIT_URL
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_exit_ends_the_session_and_takes_every_cookie_back(client: Client) -> None:
    client.force_login(User.objects.create_user("nadia@lantern.example", full_name="Nadia (demo)"))
    client.cookies["csrftoken"] = "x" * 32
    key = client.session.session_key

    answer = client.get("/en/exit/")

    assert not client.session.exists(key)
    assert {name: cookie.value for name, cookie in answer.cookies.items()} == {
        settings.SESSION_COOKIE_NAME: "",
        "csrftoken": "",
    }


def test_component_page_is_closed_outside_of_debugging(client: Client) -> None:
    assert client.get("/en/styleguide/").status_code == 404
    with override_settings(DEBUG=True):
        assert client.get("/fr/styleguide/").status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "exit"])
def test_pages_are_read_only(client: Client, page: str) -> None:
    assert client.post(f"/en/{page}/").status_code in {403, 405}
