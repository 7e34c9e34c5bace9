"""The person's own word: closed by the partner, shown as a code by the worker, answered in two taps."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

SENDER, RECEIVER = "nadia@lantern.example", "pat@tworivers.example"
ADDRESS = re.compile(r"/(en|fr)(/answer/[\w-]+/)")
NARROW = {"width": 320, "height": 640}


def open_one(page: Page, path: str, status: str) -> str:
    """The first referral of that status in the box; answers its address."""
    page.goto(f"{path}?status={status}")
    link = (
        page.get_by_role("main").locator("a[href*='/referrals/']").filter(has_text=re.compile(r"\w{3}-\w{3}"))
    )
    link.first.click()
    page.wait_for_url(re.compile(r"/referrals/[0-9a-f-]{36}/"))
    return page.url


def test_the_person_answers_on_her_own_phone(
    sign_in: OpenPage, open_page: OpenPage, axe: Callable[[Page], None]
) -> None:
    partner = sign_in(RECEIVER)
    where = open_one(partner, "/en/referrals/inbox/", "accepted")
    fold = partner.locator("details", has=partner.get_by_text("Close", exact=True))
    fold.locator("summary").click()
    fold.locator("[name=outcome][value=got_some_help]").check()
    fold.locator("[name=needs_met][value=yes]").check()
    fold.get_by_role("button").click()
    expect(partner.locator("#outcome")).to_contain_text("Got some of the help")
    partner.get_by_role("link", name="Correct the outcome").click()
    axe(partner)
    partner.locator("[name=outcome][value=got_help]").check()
    partner.locator("[name=reason][value=wrong_outcome]").check()
    partner.get_by_role("main").get_by_role("button").click()
    expect(partner.locator("#outcome")).to_contain_text("Recorded before")
    axe(partner)

    worker = sign_in(SENDER, language="fr")
    worker.goto(where.replace("/en/", "/fr/"))
    axe(worker)
    worker.locator("a[href*='confirmation/code']").click()
    axe(worker)
    worker.get_by_role("main").get_by_role("button").click()
    expect(worker.get_by_role("img")).to_be_visible()
    axe(worker)
    shown = worker.get_by_role("main").inner_text()
    found = ADDRESS.search(shown)
    assert found

    plain = open_page("phone", javascript=False)  # axe is a script, so this one is only walked
    plain.goto(f"/en{found[2]}")
    plain.locator("button[value=no]").click()
    expect(plain.locator("button[name=sure]")).to_be_visible()

    phone = open_page("phone")
    phone.set_viewport_size(NARROW)
    for language in ("fr", "en"):
        phone.goto(f"/{language}{found[2]}")
        axe(phone)
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert phone.evaluate(overflow) <= 0
    phone.locator("button[value=partly]").click()
    axe(phone)
    phone.locator("button[name=sure]").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    axe(phone)
    phone.goto(found[0])
    axe(phone)
    phone.guard.check_no_trace()  # type: ignore[attr-defined] - set by open_page

    worker.goto(where.replace("/en/", "/fr/"))
    expect(worker.locator("a[href*='confirmation/code']")).to_have_count(0)
