"""A colleague joins from the mail, gets another role and leaves, on a phone without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import OpenPage
from tests.browser.mails import link_for
from tests.browser.reader import NARROW, Reader, takes_up
from tests.browser.server import Site

KEEPER = "lea@relais.example"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_colleague_joins_and_leaves(
    site: Site, open_page: OpenPage, sign_in: OpenPage, axe: Callable[[Page], None], language: str
) -> None:
    lea = Reader(sign_in(KEEPER, language=language), language, axe)
    address = f"colleague-{language}@relais.example"
    invites(lea, address)
    path = link_for(site, address, language, ["Coline"])

    page = open_page("phone", language=language, javascript=False)
    page.set_viewport_size(NARROW)
    told: list[str] = []
    page.on("request", lambda request: told.append(referrer(request)))
    colleague = Reader(page, language, lambda _page: None)
    takes_up(colleague, path)
    assert [one for one in told if "/invitation/" in one] == []

    gives_another_role(lea, address)
    leaves(colleague)
    page.goto(path)
    colleague.arrive(colleague.say("This invitation does not open"))


def referrer(request: Request) -> str:
    return request.headers.get("referer", "")


def invites(lea: Reader, address: str) -> None:
    lea.goto("organization/")
    lea.arrive("Relais")
    lea.follow("Members")
    lea.arrive(lea.say("Members"))
    lea.follow("Invite somebody")
    lea.arrive(lea.say("Invite somebody"))
    lea.field("Name").fill("Coline Bergeron")
    lea.field("E-mail address").fill(address)
    lea.main.locator(f"[name=language][value={lea.language}]").check()
    lea.main.locator("[name=roles][value=evaluator]").check()
    lea.press("Send the invitation")
    lea.arrive(lea.say("Members"))
    expect(lea.main).to_contain_text(address)


def gives_another_role(lea: Reader, address: str) -> None:
    lea.goto("members/")
    lea.main.get_by_role("listitem").filter(has_text=address).get_by_role("link").click()
    lea.arrive("Coline Bergeron")
    lea.main.locator("[name=roles][value=listing_editor]").check()
    lea.press("Save")
    lea.arrive(lea.say("Members"))
    line = lea.main.get_by_role("listitem").filter(has_text=address)
    expect(line).to_contain_text(lea.say("Listing editor"))


def leaves(colleague: Reader) -> None:
    colleague.goto("organization/")
    colleague.follow("Leave the organization")
    colleague.arrive(colleague.say("Leave the organization"))
    colleague.press("Leave")
    colleague.page.wait_for_url(f"**/{colleague.language}/")
    colleague.goto("members/")
    colleague.page.wait_for_url("**/sign-in/**")
