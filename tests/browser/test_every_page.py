"""Every page that somebody can reach, in both languages: accessible, narrow enough, translated, quiet."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from partners import localization
from tests.architecture.urls import addresses
from tests.browser.conftest import OpenPage

CATALOG = Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES" / "django.po"
# The one goes to another site, the other ends the visit.
NOT_VISITED = {"directory:exit", "account_logout"}
MEMBERS = ["nadia@lantern.example", "paula@lantern.example", "tom@redriver.example", "lea@relais.example"]
# Enough words to be a sentence of ours and not by chance a word of both languages.
SENTENCE = re.compile(r"(?:\S+\s+){2,}\S+")


@pytest.fixture(scope="module")
def english_sentences() -> set[str]:
    """What a French page must not say: texts whose translation is another one."""
    return {
        message.id
        for message in localization.texts(localization.read(CATALOG))
        if isinstance(message.id, str)
        and SENTENCE.fullmatch(message.id)
        and not localization.PLACEHOLDER.search(message.id)
        and message.string != message.id
    }


def visits(page: Page, language: str, *, signed_in: bool) -> Iterator[str]:
    """Opens one page of each view that can be reached by its address or by a link, and names the view.

    Without a sign-in each page finds an empty browser, so that whatever is in it afterwards is its own.
    """
    seeds = [
        address.path.replace("/en/", f"/{language}/", 1)
        for address in addresses()
        if address.path.startswith("/en/") and "<" not in address.route
    ]
    # Few listings belong to a program, so no link may lead to one.
    programs = page.request.get("/api/v1/programs/").json()["results"]
    seeds += [f"/{language}/programs/{program['id']}/" for program in programs[:1]]
    waiting, seen = deque(seeds), set(NOT_VISITED)
    while waiting:
        path = waiting.popleft()
        view = view_of(path)
        if view is None or view in seen:
            continue
        if not signed_in:
            page.context.clear_cookies()
        answer = page.goto(path)
        assert answer is not None
        assert answer.status < 500, path
        if answer.status < 400 and view_of(page.url) == view:
            seen.add(view)
            yield view
            links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
            waiting.extend(urlsplit(link).path for link in links if is_own_page(link, page, language))


def view_of(address: str) -> str | None:
    """Both languages have the same addresses behind their prefix, and this process speaks English."""
    try:
        return resolve(re.sub(r"^/fr/", "/en/", urlsplit(address).path)).view_name
    except Resolver404:
        return None


def is_own_page(link: str, page: Page, language: str) -> bool:
    parts = urlsplit(link)
    return parts.netloc == urlsplit(page.url).netloc and parts.path.startswith(f"/{language}/")


def inspect(page: Page, language: str, axe: Callable[[Page], None], english: set[str]) -> None:
    axe(page)
    where = page.url
    assert page.locator("html").get_attribute("lang") == f"{language}-CA", where
    assert page.locator("h1").count() == 1, where
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0, f"{where} scrolls sideways"
    if language == "fr":
        # What the page marks as English (a name, a text nobody has translated yet) may be English.
        text = page.evaluate(
            "() => { const copy = document.body.cloneNode(true);"
            " copy.querySelectorAll('[lang^=en]').forEach(part => part.remove());"
            " return copy.textContent.replace(/\\s+/g, ' '); }"
        )
        assert {sentence for sentence in english if sentence in text} == set(), where


@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_for_everybody(
    visitor: Page, language: str, axe: Callable[[Page], None], english_sentences: set[str]
) -> None:
    visitor.set_viewport_size({"width": 320, "height": 640})
    seen = set()
    for view in visits(visitor, language, signed_in=False):
        seen.add(view)
        inspect(visitor, language, axe, english_sentences)
        visitor.emulate_media(color_scheme="dark")
        axe(visitor)
        visitor.emulate_media(color_scheme="light")
        if view != "account_login":  # whose form needs its token
            assert visitor.context.cookies() == [], visitor.url
    visitor.context.clear_cookies()
    assert {"directory:index", "directory:listing", "directory:program", "directory:get_help"} <= seen


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("email", MEMBERS)
def test_pages_for_members(
    sign_in: OpenPage, email: str, language: str, axe: Callable[[Page], None], english_sentences: set[str]
) -> None:
    page = sign_in(email, language=language)
    seen = set()
    for view in visits(page, language, signed_in=True):
        seen.add(view)
        if not view.startswith("directory:"):
            inspect(page, language, axe, english_sentences)
    assert "referrals:home" in seen


def test_mistyped_addresses_in_both_languages(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_page("phone")
    for language in ("en", "fr"):
        answer = page.goto(f"/{language}/nothing-here/")
        assert answer is not None
        assert answer.status == 404
        axe(page)
        assert page.locator("html").get_attribute("lang") == f"{language}-CA"
