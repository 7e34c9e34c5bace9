"""The other directions: police are asked to call, a partner introduces a person, a person asks herself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import places
from tests.browser.conftest import OpenPage
from tests.browser.mails import read_mails
from tests.browser.reader import Reader, opens_a_file, sends
from tests.browser.server import Site

NARROW = {"width": 320, "height": 640}
NAME, SITUATION, NUMBER = "Perpetua", "Left the house on Tuesday", "204-555-0178"
SHOWN_NUMBER = "555-0178"  # what stands before it is written otherwise in French
LANTERN = {"en": "Prairie Lantern Women's Centre (demo)", "fr": "Centre pour femmes Prairie Lantern (démo)"}
CODE = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{3}")
MESSAGE = "Only while the children are at school"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_police_are_asked_to_call(
    site: Site, sign_in: OpenPage, axe: Callable[[Page], None], language: str
) -> None:
    """One worker asks, another checks and sends, police say that they will call and see a name at most."""
    nadia, rosa, mo = (
        Reader(sign_in(email, language=language), language, axe)
        for email in ("nadia@lantern.example", "rosa@lantern.example", "mo@police.example")
    )
    file = opens_a_file(nadia, NAME, situation=SITUATION, phone=NUMBER)
    liaison = places.service_id(site, "police-liaison-contact")
    path = sends(
        nadia,
        file,
        liaison,
        "police-liaison",
        field_groups=["identity"],
        consent_state="now",
        how="written",
    )
    nadia.axe(nadia.page)
    nadia.told("A colleague has to check this and send it. It now stands on their work list.")
    key = asked_call(rosa)
    mo.goto("referrals/calls/")
    assert not mo.page.locator(f"a[href*='{key}']").count(), "a call that nobody has checked"
    checks_and_sends(rosa, key)
    mo.goto("referrals/calls/")
    mo.axe(mo.page)
    mo.page.locator(f"a[href*='{key}']").click()
    mo.arrive(mo.say("Call", "a call that is asked for"))
    mo.holds_none([NAME, SITUATION, NUMBER])
    mo.press("We will call")
    expect(mo.main).to_contain_text(NAME)
    mo.holds_none([SITUATION, NUMBER])
    mo.axe(mo.page)
    nadia.goto(f"referrals/{key}/")
    expect(nadia.status()).to_have_text(nadia.whole("Accepted"))
    closing = nadia.unfold("Close")
    nadia.fill(closing, outcome="got_help")
    nadia.press("Close", closing)
    nadia.axe(nadia.page)
    mo.goto(f"referrals/calls/{key}/")
    mo.axe(mo.page)
    mo.holds_none([SITUATION, NUMBER, mo.say("Got help")])
    mails = read_mails(site, [NAME, SITUATION, NUMBER])
    assert "mo@police.example" in mails.readers
    assert path


def asked_call(rosa: Reader) -> str:
    """The newest of those that wait for her on the work list; its id."""
    rosa.goto("home/")
    rosa.axe(rosa.page)
    part = rosa.main.get_by_role("listitem").filter(has_text=NAME).filter(has_text=CODE)
    link = part.filter(has=rosa.page.get_by_role("link", name=rosa.say("Check and send"))).last
    link.get_by_role("link", name=rosa.say("Check and send")).click()
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", rosa.page.url)
    assert found, rosa.page.url
    return found[0]


def checks_and_sends(rosa: Reader, key: str) -> None:
    rosa.axe(rosa.page)
    rosa.press("Send referral")
    expect(rosa.status()).to_have_text(rosa.whole("Sent"))
    assert key in rosa.page.url
    rosa.axe(rosa.page)


@pytest.mark.parametrize(
    ("language", "javascript"),
    [("en", True), ("fr", True), ("en", False)],
    ids=["English", "French", "English without script"],
)
def test_an_introduction_becomes_a_file(
    site: Site, sign_in: OpenPage, axe: Callable[[Page], None], language: str, javascript: bool
) -> None:
    look = axe if javascript else lambda _page: None  # axe is a script
    mo, nadia = (
        Reader(sign_in(email, language=language, javascript=javascript), language, look)
        for email in ("mo@police.example", "nadia@lantern.example")
    )
    mo.goto("introductions/new/")
    mo.arrive(mo.say("Introduce a person"))
    mo.press("Introduce", context="a person to a program")
    expect(mo.page.get_by_role("alert")).to_be_visible()
    mo.axe(mo.page)
    mo.page.locator("[name=receiver]").select_option(label=LANTERN[language])
    mo.fill(chosen_name=NAME, methods=["call"], phone=NUMBER, no_consequence_told=True)
    mo.press("Introduce", context="a person to a program")
    mo.axe(mo.page)
    found = CODE.search(mo.main.inner_text())
    assert found
    mo.holds_none([NAME, NUMBER])
    takes_up(nadia, found[0], [])
    mo.goto("introductions/made/")
    expect(mo.main).to_contain_text(found[0])
    mo.holds_none([NAME, NUMBER])
    mails = read_mails(site, [NAME, NUMBER])
    assert found[0] in mails.codes
    assert mails.languages == {"en", "fr"}


@pytest.mark.parametrize(
    ("language", "javascript"),
    [("en", True), ("fr", True), ("fr", False)],
    ids=["English", "French", "French without script"],
)
def test_a_person_asks_herself(
    site: Site,
    open_page: OpenPage,
    sign_in: OpenPage,
    axe: Callable[[Page], None],
    language: str,
    javascript: bool,
) -> None:
    look = axe if javascript else lambda _page: None  # axe is a script
    phone = Reader(open_page("phone", language=language, javascript=javascript), language, look)
    phone.page.set_viewport_size(NARROW)
    phone.goto(f"services/{places.service_id(site, 'prairie-lantern-program')}/")
    phone.follow("Ask them to contact you safely")
    phone.arrive(phone.say("Ask them to contact you safely"))
    phone.press("Send", context="a request to be contacted")
    phone.axe(phone.page)
    phone.fill(methods=["text"], phone=NUMBER, chosen_name=NAME, message=MESSAGE)
    phone.press("Send", context="a request to be contacted")
    expect(phone.page.get_by_role("alert")).to_have_count(0)
    phone.axe(phone.page)
    found = CODE.search(phone.main.inner_text())
    assert found
    phone.holds_none([NUMBER, MESSAGE])
    phone.page.guard.check_no_trace()  # type: ignore[attr-defined] - set by open_page
    nadia = Reader(sign_in("nadia@lantern.example", language=language, javascript=javascript), language, look)
    takes_up(nadia, found[0], [MESSAGE])
    mails = read_mails(site, [NAME, NUMBER, MESSAGE])
    assert found[0] in mails.codes


def takes_up(nadia: Reader, code: str, told: list[str]) -> None:
    """From her work list to a file with the safe contact that was left."""
    nadia.goto("home/")
    in_list(nadia, code).get_by_role("link").first.click()
    nadia.arrive(code)
    for word in [NAME, SHOWN_NUMBER, *told]:
        expect(nadia.main).to_contain_text(word)
    nadia.press("Take up", context="introduction")
    nadia.arrive(NAME)
    expect(nadia.main).to_contain_text(SHOWN_NUMBER)


def in_list(nadia: Reader, code: str) -> Locator:
    return nadia.main.get_by_role("listitem").filter(has_text=code)
