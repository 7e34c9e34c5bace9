"""Somebody reports a listing without an account; its editor makes a change of it, on a narrow phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import places
from tests.browser.conftest import OpenPage
from tests.browser.reader import NARROW, Reader, no_sideways
from tests.browser.server import Site

LISTING = "prairie-lantern-drop-in"
WORDS = {"en": "It opens later on Mondays.", "fr": "Le lundi, c’est plus tard."}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_public_report_becomes_an_approved_change(
    site: Site, visitor: Page, sign_in: OpenPage, axe: Callable[[Page], None], language: str
) -> None:
    number = places.service_id(site, LISTING)
    visitor.set_viewport_size(NARROW)
    stranger = Reader(visitor, language, axe)
    stranger.goto(f"services/{number}/")
    stranger.follow("Something is wrong with this listing")
    stranger.arrive(stranger.say("Something is wrong with this listing"))
    no_sideways(visitor)
    stranger.fill(kind="hours", text=WORDS[language])
    stranger.press("Send", context="a report about a listing")
    stranger.arrive(stranger.say("Thank you"))

    page = sign_in("paula@lantern.example", "phone", language=language)
    page.set_viewport_size(NARROW)
    paula = Reader(page, language, axe)
    paula.goto("listings/?state=reports")
    paula.arrive(paula.say("Listings"))
    paula.main.get_by_role("link", name=paula.say("The hours are wrong")).first.click()
    paula.arrive(paula.say("Report of a listing"))
    expect(paula.main).to_contain_text(WORDS[language])
    paula.follow("Change the listing")
    expect(paula.main).to_contain_text(WORDS[language])
    page.get_by_role("button", name=paula.say("More hours")).click()
    row = int(page.locator("[name=schedules-rows]").input_value()) - 1
    axe(page)
    no_sideways(page)
    hours = {"days": ["SU"], "opens_at": "13:00", "closes_at": "15:30" if language == "en" else "15:45"}
    paula.fill(**{f"schedules-{row}-{name}": value for name, value in hours.items()})
    paula.press("See the difference")
    paula.arrive(paula.say("Change of a listing"))
    expect(paula.main).to_contain_text(paula.say("Added:"))
    no_sideways(page)
    paula.press("Approve and publish")
    paula.told("Published")
    paula.arrive(paula.say("Change of a listing"))
    paula.follow("History")
    paula.arrive(paula.say("History of a listing"))
    expect(paula.main).to_contain_text("Paula")
    no_sideways(page)
    visitor.goto(f"/{language}/services/{number}/")
    expect(visitor.get_by_role("main")).to_contain_text(re.compile(r"15[: \xa0]+h?[ \xa0]*(30|45)"))
