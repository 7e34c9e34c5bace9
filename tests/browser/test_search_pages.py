"""Searching as somebody on a phone does it: places asked back and suggested, filters, order, the map."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

# Three letters stand in every few sealed addresses by chance, but not between signs.
TOPIC = re.compile(r"detox|sevrage|windsor|boniface|\br2w\b", re.IGNORECASE)
WORDS = {"en": "detox", "fr": "sevrage"}
MOST_BYTES = 100_000
PAUSE = 200  # milliseconds, as in places.js


def say(language: str, text: str) -> str:
    with translation.override(language):
        return translation.gettext(text)


def search(page: Page, language: str, q: str, near: str) -> None:
    page.goto(f"/{language}/")
    page.locator("[name=q]").fill(q)
    page.locator("[name=near]").fill(near)
    page.keyboard.press("Escape")  # no suggestion is wanted
    page.get_by_role("search").get_by_role("button").click()


def keeps_quiet(page: Page) -> None:
    """Neither the address nor the title tells what was looked for."""
    assert not TOPIC.search(urlsplit(page.url).path), page.url
    assert not urlsplit(page.url).query
    assert not TOPIC.search(page.title())


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_search_from_the_first_screen_to_the_map(
    open_page: OpenPage, language: str, javascript: bool, axe: Callable[[Page], None]
) -> None:
    page = open_page("phone", language=language, javascript=javascript)
    search(page, language, WORDS[language], "Windsor")
    choices = page.get_by_role("navigation", name=say(language, "Which place do you mean?"))
    expect(choices.get_by_role("link")).to_have_count(3)
    keeps_quiet(page)
    if javascript:
        axe(page)
    choices.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Windsor, ON")
    keeps_quiet(page)

    search(page, language, WORDS[language], "R2W")
    first = page.locator(".entry").first
    assert first.locator("mark").count()
    order = page.get_by_role("navigation", name=say(language, "Order"))
    order.get_by_role("link", name=say(language, "Nearest")).click()
    expect(order.locator("[aria-current]")).to_have_text(say(language, "Nearest"))
    keeps_quiet(page)

    picture = page.locator(".map svg")
    expect(picture).to_be_hidden()
    page.locator(".sketch summary").click()
    expect(picture).to_be_visible()
    if javascript:
        axe(page)

    page.locator("#filters > summary").click()
    option = page.locator("[name=accepts_referrals]")
    count = int(re.findall(r"\((\d+)\)", option.locator("..").inner_text())[0])
    option.check()
    page.get_by_role("button", name=say(language, "Show services")).click()
    expect(page.locator(".entry")).to_have_count(count)
    expect(order.locator("[aria-current]")).to_have_text(say(language, "Nearest"))
    page.locator(".found__chips .chip--on").click()
    expect(page.locator(".found__chips")).to_have_count(0)
    keeps_quiet(page)
    page.guard.check_no_trace()  # type: ignore[attr-defined] - set by open_page


@pytest.mark.parametrize("path", ["", "services/"])
@pytest.mark.parametrize(("language", "chosen"), [("en", "St. Boniface"), ("fr", "Saint-Boniface")])
def test_places_are_suggested_while_typing(
    open_page: OpenPage, language: str, chosen: str, path: str, axe: Callable[[Page], None]
) -> None:
    page = open_page("phone", language=language)
    page.goto(f"/{language}/{path}")
    box = page.get_by_role("combobox", name=say(language, "Near (postal code or place)"))
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("saint bonif")
    listed = page.get_by_role("listbox")
    expect(listed).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    option = listed.get_by_role("option", selected=True)
    expect(option).to_have_text(chosen)
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    axe(page)
    page.keyboard.press("Enter")
    expect(listed).to_be_hidden()
    expect(box).to_have_value(re.compile(f"^{re.escape(chosen)}"))
    keeps_quiet(page)

    box.fill("")
    box.press_sequentially("brand")
    expect(listed).to_be_visible()
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(box).to_have_value("brand")
    box.press_sequentially("on")
    listed.get_by_role("option").first.tap()
    expect(box).to_have_value(re.compile("^Brandon"))
    page.get_by_role("search").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Brandon")
    page.guard.check_no_trace()  # type: ignore[attr-defined] - set by open_page


def test_escape_takes_back_what_is_not_asked_yet(open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto("/en/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.locator("[name=near]").fill("windsor")
    page.keyboard.press("Escape")
    page.wait_for_timeout(3 * PAUSE)
    assert "/api/v1/places/" not in asked
    expect(page.locator(".suggest")).to_be_hidden()


def test_without_a_connection_the_box_is_a_plain_box(open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto("/en/")
    page.route("**/api/v1/places/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator("[name=near]").press_sequentially("elmwood")
    expect(page.locator(".suggest")).to_be_hidden()
    page.get_by_role("search").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Elmwood")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_of_results_is_small(open_page: OpenPage, language: str) -> None:
    page = open_page("phone", language=language)
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(f"/{language}/services/?near=R2W", wait_until="networkidle")
    assert len(page.locator(".entry").all()) == 20
    assert 10_000 < sum(sizes) <= MOST_BYTES
