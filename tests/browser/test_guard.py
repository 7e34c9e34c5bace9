"""The guard and axe notice what they are there for, on pages made to be wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page

from tests.browser.guard import LEFT, Guard, axe

HOST = "http://site.example"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src *"
Visit = Callable[[str], tuple[Page, Guard]]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Shows a page with this body, on a site that exists only here."""
    context = chromium.new_context(base_url=HOST)
    guard = Guard(context, HOST)

    def show(body: str) -> tuple[Page, Guard]:
        text = f"<!doctype html><html lang='en'><head><title>Page</title></head><body>{body}</body></html>"
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
        page = context.new_page()
        page.route(f"{HOST}/*", lambda route: route.fulfill(status=404))
        page.route(f"{HOST}/", lambda route: route.fulfill(headers=headers, body=text))
        page.goto("/")
        page.wait_for_load_state("networkidle")
        return page, guard

    yield show
    context.close()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<img src='http://elsewhere.example/x.png' alt=''>", "request to another host"),
        ("<script>document.title = 'x'</script>", "console: "),
        ("<p style='color: red'>Red</p>", "console: "),
        ("<img src='/missing.png' alt=''>", "404 http://site.example/missing.png"),
    ],
)
def test_the_guard_notices(visit: Visit, body: str, fault: str) -> None:
    _, guard = visit(body)

    assert [found for found in guard.faults if found.startswith(fault)]
    with pytest.raises(AssertionError):
        guard.check()


def test_the_guard_notices_a_trace(visit: Visit) -> None:
    page, guard = visit("<main><h1>Page</h1></main>")
    guard.check_no_trace()

    page.evaluate("localStorage.setItem('seen', 'yes')")

    with pytest.raises(AssertionError):
        guard.check_no_trace()


def test_axe_notices(visit: Visit) -> None:
    page, _guard = visit("<main><h1>Page</h1><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></main>")

    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_axe_looks_at_the_page_that_came_meanwhile(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    page, _guard = visit("<img src='/x.png'>")
    run, tries = Axe.run, []

    def left_at_first(self: Axe, *given: Any, **options: Any) -> Any:
        tries.append(page.url)
        if len(tries) == 1:
            raise Error(f"Page.evaluate: {LEFT}, most likely because of a navigation")
        return run(self, *given, **options)

    monkeypatch.setattr(Axe, "run", left_at_first)
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
    assert len(tries) == 2


def test_a_quiet_page_passes(visit: Visit) -> None:
    page, guard = visit("<main><h1>Page</h1><p>Nothing wrong here.</p></main>")

    axe(page)
    guard.check()
    guard.check_no_trace()
