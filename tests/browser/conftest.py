"""One server and one Chromium for all browser tests; every page is watched."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import packages
from tests.browser import guard, server

DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
# Chromium's own calls home would be requests to other hosts. Its sandbox refuses to run as root.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
]
WAIT_MILLISECONDS = 30_000

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Site]:
    with server.running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = packages.chromium()
    assert path, "no Chromium was found: apt-get install chromium, or name it in CHROMIUM"
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET + as_root)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(site: server.Site, chromium: Browser) -> Iterator[OpenPage]:
    """``open_page("phone", language="fr", javascript=False)``: a page of a new, empty browser.

    ``page.guard`` watches it. Paths are enough for ``goto``: ``page.goto("/en/services/")``.
    """
    guards: list[guard.Guard] = []

    def open_one(device: str = "desktop", *, language: str = "en", javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            locale=f"{language}-CA",
            java_script_enabled=javascript,
            # A colour half-way through its transition has no contrast to speak of.
            reduced_motion="reduce",
            **DEVICES[device],
        )
        context.set_default_timeout(WAIT_MILLISECONDS)
        guards.append(guard.Guard(context, site.url))
        page = context.new_page()
        page.guard = guards[-1]  # type: ignore[attr-defined] - travels with the page
        return page

    yield open_one
    for watch in guards:
        watch.check()
        watch.context.close()


@pytest.fixture
def visitor(open_page: OpenPage) -> Iterator[Page]:
    """A phone in the hands of somebody without an account, who must find no trace left in it."""
    page = open_page("phone")
    yield page
    page.guard.check_no_trace()  # type: ignore[attr-defined] - set by open_page


@pytest.fixture
def sign_in(site: server.Site, open_page: OpenPage) -> OpenPage:
    """``sign_in("nadia@lantern.example", language="fr")``: a page of that worker, signed in."""

    def sign_one_in(email: str, device: str = "desktop", *, language: str = "en", **options: Any) -> Page:
        page = open_page(device, language=language, **options)
        page.goto(f"/{language}/sign-in/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(site.password)
        page.locator("main button[type=submit]").click()
        # The work-list opens in the member's own language, whatever the language of the sign-in.
        # Who belongs to several organizations chooses the one whose work it is.
        page.wait_for_url(re.compile("/(home|organization/switch)/$"))
        if page.url.endswith("/switch/"):
            page.locator("main form button").first.click()
            page.wait_for_url("**/home/")
        page.goto(f"/{language}/home/")
        return page

    return sign_one_in


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """``axe(page)`` fails with every violation axe-core finds on the page as it stands now."""
    return guard.axe
