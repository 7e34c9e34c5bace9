"""A clinic without an account answers from its mail, on a narrow phone without JavaScript."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, Response, expect

from tests.browser import places
from tests.browser.conftest import OpenPage
from tests.browser.mails import plain
from tests.browser.reader import NARROW, Reader, no_sideways, opens_a_file, sends
from tests.browser.server import Site

NAME, WHO = "Ottilie", "Robin"
INTAKE = "intake@tworivers.example"
LINK = re.compile(r"https?://\S+/r/[\w-]+/")
TWO_RIVERS = "SELECT id FROM partners_organization WHERE source_id = 'demo:two-rivers'"


@contextmanager
def without_members(site: Site) -> Iterator[None]:
    """Nobody of Two Rivers has a sign-in while it lasts; it has an address instead."""
    members = f"UPDATE partners_membership SET ended_at = ? WHERE organization_id = ({TWO_RIVERS})"
    address = f"UPDATE partners_organization SET referral_email = ? WHERE id = ({TWO_RIVERS})"

    def write(ended_at: str | None, email: str) -> None:
        site.write(members, ended_at)
        site.write(address, email)

    write("2026-01-01 00:00:00", INTAKE)
    try:
        yield
    finally:
        write(None, "")


@dataclass
class Hand:
    """Counts what the partner does: pages that come, and taps. Typing goes on in the same field.

    A quick hand leaves a page before it has loaded, so what counts is that it came.
    """

    page: Page
    taps: int = 0
    pages: int = 0

    def __post_init__(self) -> None:
        self.page.on("response", self._came)

    def _came(self, response: Response) -> None:
        self.pages += response.request.is_navigation_request() and response.ok

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.click()

    def follow(self, url: str) -> None:
        """The link in the mail."""
        self.taps += 1
        self.page.goto(url)


def referrers(page: Page) -> list[str]:
    """What each request tells of where it came from, from now on."""
    told: list[str] = []

    def note(request: Request) -> None:
        told.append(request.headers.get("referer", ""))

    page.on("request", note)
    return told


def link_of(site: Site) -> str:
    """In the newest mail to the partner. The mail holds a code and a link."""
    (*_, mail) = [one for one in site.mails() if str(one["To"]) == INTAKE]
    text = f"{mail['Subject']}\n{plain(mail)}"
    assert [word for word in (NAME, "Lantern", "Two Rivers", "employ") if word in text] == []
    found = LINK.search(text)
    assert found
    return urlsplit(found[0]).path


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_clinic_answers_by_link_on_a_phone(
    site: Site, sign_in: OpenPage, open_page: OpenPage, axe: Callable[[Page], None], language: str
) -> None:
    with without_members(site):
        nadia = Reader(sign_in("nadia@lantern.example", language=language), language, axe)
        sent = sends_to_two_rivers(site, nadia)
        code = nadia.page.locator("#link .code").inner_text()
        assert re.fullmatch(r"\d{6}", code)
        nadia.axe(nadia.page)
        path = link_of(site)

        phone = open_page("phone", language=language, javascript=False)
        phone.set_viewport_size(NARROW)
        told = referrers(phone)
        answers(phone, path, code)
        assert [one for one in told if "/r/" in one] == []
        assert path.split("/")[2] not in phone.url

        looks_at_each_page(open_page, axe, path, code, language)
        nadia.goto(sent)
        by_link = nadia.say("%(organization)s, by link: %(name)s") % {"organization": "", "name": WHO}
        expect(nadia.main).to_contain_text(by_link)
        expect(nadia.page.locator("#link .code")).to_have_count(0)
        nadia.axe(nadia.page)


def sends_to_two_rivers(site: Site, nadia: Reader) -> str:
    file = opens_a_file(nadia, NAME)
    service = places.service_id(site, "two-rivers-pre-employment")
    given = {"field_groups": ["identity", "contact"], "consent_state": "now", "how": "written"}
    return sends(nadia, file, service, "pre-employment", **given)


def answers(phone: Page, path: str, code: str) -> None:
    """Open, accept, plan a handoff: in four pages and six taps from the mail."""
    hand = Hand(phone)
    hand.follow(path)
    assert NAME not in phone.content()
    phone.keyboard.type(code)  # the field has the focus
    phone.keyboard.press("Tab")
    phone.keyboard.type(WHO)
    hand.tap(phone.locator("main form button"))
    assert NAME not in phone.content()
    hand.tap(phone.locator("form[action$='/actions/accept/'] button"))
    expect(phone.get_by_role("main")).to_contain_text(NAME)
    plan = phone.locator("form[action$='/handoffs/new/']")
    hand.tap(plan.locator("[name=kind][value=self]"))
    when = plan.locator("[name=when]")
    hand.tap(when)
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)
    when.fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    hand.tap(plan.locator("button"))
    expect(phone.locator("#handoff dl")).to_have_count(1)
    assert (hand.pages, hand.taps) == (4, 6)


def looks_at_each_page(
    open_page: OpenPage, axe: Callable[[Page], None], path: str, code: str, language: str
) -> None:
    """With the narrow phone's other visitor, whose browser runs scripts."""
    page = open_page("phone", language=language)
    page.set_viewport_size(NARROW)
    for where in (path, "/r/nothing-of-the-kind/"):
        page.goto(where)
        axe(page)
        no_sideways(page)
        assert page.locator("html").get_attribute("lang") == f"{language}-CA"
        expect(page.locator("[data-exit]").first).to_be_attached()
    page.goto(path)
    page.locator("[name=code]").fill(str((int(code) + 1) % 1_000_000).zfill(6))
    page.locator("[name=name]").fill(WHO)
    page.locator("main form button").click()
    axe(page)
    page.locator("[name=code]").fill(code)
    page.locator("main form button").click()
    expect(page.locator("#handoff")).to_be_attached()
    axe(page)
    no_sideways(page)
    page.locator("form[action$='/leave/'] button").click()
    axe(page)
