"""Exit this page: at once, by button or by Shift, with and without script, and nothing to come back to."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.guard import ELSEWHERE


def watch_the_way_out(page: Page) -> list[dict[str, str]]:
    """The server answers the way out; the page it leads to is stubbed, so that nothing leaves the machine."""
    answers: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        response = route.fetch(max_redirects=0)
        answers.append(response.headers)
        route.fulfill(status=200, content_type="text/html", body=ELSEWHERE)

    page.route("**/exit/", answer)
    return answers


def press_shift(page: Page, times: int) -> None:
    for _time in range(times):
        page.keyboard.press("Shift")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_button_leaves_for_a_neutral_page(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("phone", javascript=javascript)
    answers = watch_the_way_out(page)
    page.goto("/en/safety/")

    page.locator(".dock .btn--exit").click()

    expect(page).to_have_title("Elsewhere")
    assert answers[0]["location"].startswith("https://weather.gc.ca")
    assert answers[0]["clear-site-data"] == '"cache", "cookies", "storage"'


@pytest.mark.parametrize("language", ["en", "fr"])
def test_shift_three_times_leaves(open_page: OpenPage, language: str) -> None:
    page = open_page(language=language)
    watch_the_way_out(page)
    page.goto(f"/{language}/get-help/")
    status = page.locator("[data-exit-status]")

    press_shift(page, 1)
    expect(status).to_contain_text("2")
    press_shift(page, 1)
    expect(status).to_contain_text("une fois" if language == "fr" else "once")
    press_shift(page, 1)

    expect(page).to_have_title("Elsewhere")


def test_back_does_not_return_to_the_page_left(open_page: OpenPage) -> None:
    page = open_page()
    watch_the_way_out(page)
    page.goto("/en/about/")
    page.goto("/en/get-help/")

    press_shift(page, 3)
    expect(page).to_have_title("Elsewhere")
    page.go_back()

    assert page.url.endswith("/en/about/")


def test_capital_letters_are_no_presses(open_page: OpenPage) -> None:
    page = open_page()
    watch_the_way_out(page)
    page.goto("/en/safety/")

    for letter in "ABC":
        page.keyboard.press(f"Shift+{letter}")

    expect(page.locator("[data-exit-status]")).to_be_empty()
    assert page.url.endswith("/en/safety/")


def test_screen_is_blank_whatever_the_answer(open_page: OpenPage) -> None:
    page = open_page("phone")
    # "No content" keeps the page where it is, as a lost connection would.
    page.route("**/exit/", lambda route: route.fulfill(status=204))
    page.goto("/en/get-help/")

    page.locator(".dock .btn--exit").click()

    expect(page.locator("main")).to_be_hidden()
    expect(page.locator(".exit-blank")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("Leaving this page")


def test_second_link_is_the_first_thing_after_the_skip_link(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/en/get-help/")

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    link = page.locator(":focus")
    expect(link).to_contain_text("Exit this page")
    expect(link).to_be_in_viewport()
