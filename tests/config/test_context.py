"""The frame: the other language keeps the page, and a visitor's session is never looked into."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from config import assets
from config.context import in_language, is_signed_in


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/en/services/s/abc/", "/fr/services/s/abc/"),
        ("/en/services/?category=x&near=R2W", "/fr/services/?category=x&near=R2W"),
        ("/en/", "/fr/"),
        ("/english/", "/fr/"),
        ("//elsewhere.example/en/", "/fr/"),
    ],
)
def test_language_switch_keeps_the_page(path: str, expected: str) -> None:
    assert in_language(path, "fr") == expected


def test_language_switch_stands_on_the_page(client: Client) -> None:
    html = client.get("/fr/about/").content.decode()

    assert '<a class="lang" href="/en/about/" lang="en" hreflang="en">' in html


def test_without_a_session_cookie_nobody_asks_who_it_is(rf: RequestFactory) -> None:
    class Untouchable:
        @property
        def is_authenticated(self) -> bool:
            raise AssertionError("the session was looked into")

    request = rf.get("/en/")
    request.user = Untouchable()
    assert not is_signed_in(request)

    request.COOKIES["sessionid"] = "anything"
    request.user = AnonymousUser()
    assert not is_signed_in(request)


def test_server_error_page_is_in_the_readers_language(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr("directory.views.pages.crisis_lines", broken)
    client.raise_request_exception = False

    answer = client.get("/fr/get-help/")

    assert answer.status_code == 500
    assert "Un problème est survenu. Réessayez." in answer.content.decode()
    assert 'href="/fr/exit/"' in answer.content.decode()


def test_missing_page_is_in_the_readers_language(client: Client) -> None:
    answer = client.get("/fr/rien/")

    assert answer.status_code == 404
    assert "Page introuvable" in answer.content.decode()


def test_style_sheet_is_made_from_its_sources() -> None:
    assert assets.main(["--check"]) == 0
