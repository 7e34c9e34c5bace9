"""The main job from end to end: found, referred with consent, accepted, handed over, closed, withdrawn.

The pages are read by their roles and by the words of the catalogue, so that one text tells the story
in both languages, with and without JavaScript.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from referrals.presenting import GROUP_LABELS, METHOD_LABELS
from tests.browser.conftest import OpenPage
from tests.browser.reader import PARTNERS, Reader

SENDER, RECEIVER = "nadia@lantern.example", "ines@northernlight.example"
WORDS = {"en": "detox", "fr": "désintox"}
IN_ONE_BOX = {"en": "detox near R2W", "fr": "désintox près de R2W"}
LISTING = {"en": "Community detox", "fr": "Sevrage dans la communauté"}
PARTNER = PARTNERS["northern"]
NAME, LEGAL_NAME, CODE_WORD = "Quilla", "Aquilina Zephyrstone", "marmalade"
NUMBER = re.compile(r"204\D{0,6}555\D{0,6}0179")
SITUATION, HEALTH, NOTE = "Sleeps at a cousin's flat", "Carries an inhaler", "Wants to begin on a Monday"
IDENTIFYING = [re.compile(word) for word in (NAME, LEGAL_NAME, CODE_WORD, SITUATION, NOTE)] + [NUMBER]
NEVER_AGREED = re.compile(HEALTH)


@pytest.mark.parametrize(
    ("language", "javascript"),
    [("en", True), ("fr", True), ("fr", False)],
    ids=["English", "French", "French without script"],
)
def test_the_whole_loop(
    open_page: OpenPage, sign_in: OpenPage, axe: Callable[[Page], None], language: str, javascript: bool
) -> None:
    look = axe if javascript else lambda _page: None  # axe is a script
    visitor = Reader(open_page("phone", language=language, javascript=javascript), language, look)
    nadia = Reader(sign_in(SENDER, language=language, javascript=javascript), language, look)
    ines = Reader(sign_in(RECEIVER, language=language, javascript=javascript), language, look)

    listing = finds_the_service(visitor)
    file = opens_a_file(nadia)
    records_consent(nadia)
    referral = sends(nadia, listing)
    sees_nobody(ines, referral)
    accepts(ines)
    hands_over(ines)
    serves_and_closes(ines)
    confirms(nadia, referral)
    withdraws_consent(nadia, file)
    sees_a_tombstone(ines, referral)


def finds_the_service(visitor: Reader) -> str:
    """In the one box or in the two of the first page, then the listing; its path without the language."""
    visitor.goto("")
    visitor.arrive(visitor.say("What do you need?"))
    visitor.field("In your own words").fill(IN_ONE_BOX[visitor.language])
    visitor.press("Search")
    visitor.arrive("R2W")
    expect(visitor.field("What do you need?")).to_have_value(WORDS[visitor.language])
    expect(visitor.field("Near (postal code or place)")).to_have_value("R2W")
    visitor.goto("")
    visitor.field("In your own words").fill(WORDS[visitor.language])
    visitor.field("Near (postal code or place)").fill("R2W")
    visitor.press("Search")
    visitor.arrive("R2W")
    assert WORDS[visitor.language] not in visitor.page.url
    entry = visitor.page.get_by_role("listitem").filter(has_text=LISTING[visitor.language]).first
    expect(entry).to_contain_text("km")
    entry.get_by_role("heading").get_by_role("link").click()
    visitor.arrive(LISTING[visitor.language])
    return visitor.page.url.partition(f"/{visitor.language}/")[2]


def opens_a_file(nadia: Reader) -> str:
    """The address of the file."""
    nadia.goto("clients/")
    nadia.arrive(nadia.say("Clients"))
    nadia.follow("New client")
    nadia.arrive(nadia.say("New client"))
    nadia.field("Chosen name").fill(NAME)
    nadia.field("Legal name").fill(LEGAL_NAME)
    nadia.field("Birth date").fill("1994-05-06")
    nadia.tick(METHOD_LABELS["call"])
    nadia.tick(METHOD_LABELS["text"])
    nadia.field("Safe number").fill("204-555-0179")
    nadia.tick("You may text")
    nadia.field("Code word").fill(CODE_WORD)
    nadia.field("Situation and what the person is looking for").fill(SITUATION)
    nadia.field("Health").fill(HEALTH)
    nadia.press("Save")
    nadia.arrive(NAME)
    return nadia.page.url


def records_consent(nadia: Reader) -> None:
    """For identity, safe contact and the situation: not for health."""
    nadia.follow("Record consent")
    nadia.arrive(nadia.say("Record consent"))
    nadia.field("Who may see it").select_option(label=PARTNER[nadia.language])
    nadia.tick("The person said yes")
    for group in ("identity", "contact", "situation"):
        nadia.tick(GROUP_LABELS[group])
    nadia.tick("In writing")
    nadia.press("Record consent")
    nadia.arrive(NAME)
    expect(nadia.page.get_by_role("main")).to_contain_text(PARTNER[nadia.language])


def sends(nadia: Reader, listing: str) -> str:
    """From the listing; the path of the referral."""
    nadia.goto(listing)
    nadia.arrive(LISTING[nadia.language])
    nadia.follow("Send a referral")
    nadia.arrive(nadia.say("Send a referral"))
    nadia.page.get_by_role("link", name=NAME).first.click()
    nadia.arrive(nadia.say("Send a referral"))
    nadia.tick("Today")
    nadia.field("What the person wants from this").fill(NOTE)
    nadia.press("Update the preview")
    before = nadia.page.locator(".sheet", has_text=nadia.say("What they see before accepting"))
    after = nadia.page.locator(".sheet", has_text=nadia.say("What they see after accepting"))
    expect(after).to_contain_text(NOTE)
    for secret in IDENTIFYING:
        expect(before).not_to_contain_text(secret)
        expect(after.locator(".follows:visible .shown").filter(has_text=secret).first).to_be_visible()
    expect(after.get_by_text(HEALTH)).to_be_hidden()
    nadia.axe(nadia.page)
    nadia.press("Send referral")
    expect(nadia.status()).to_have_text(nadia.whole("Sent"))
    nadia.axe(nadia.page)
    return nadia.page.url.partition(f"/{nadia.language}/")[2]


def sees_nobody(ines: Reader, referral: str) -> None:
    """Neither in her lists nor on the referral, not even in what the page does not show."""
    for path in ("home/", "referrals/inbox/"):
        ines.goto(path)
        ines.axe(ines.page)
        holds_none(ines, [*IDENTIFYING, NEVER_AGREED])
    ines.page.locator(f"a[href^='/{ines.language}/{referral}']").first.click()
    ines.arrive(ines.say("Referral"))
    expect(ines.status()).to_have_text(ines.whole("Sent"))
    holds_none(ines, [*IDENTIFYING, NEVER_AGREED])


def accepts(ines: Reader) -> None:
    """And then sees what was agreed to, and nothing else."""
    ines.press("Accept")
    expect(ines.status()).to_have_text(ines.whole("Accepted"))
    ines.axe(ines.page)
    for given in IDENTIFYING:
        expect(ines.page.get_by_role("main")).to_contain_text(given)
    holds_none(ines, [NEVER_AGREED])
    opening = ["Need", "How soon", "Age group", "Language"]
    person = ["Chosen name", "Legal name", "Birth date", "Situation", "Note"]
    told = ines.rows("What the person shares with you")
    assert sorted(told) == sorted(ines.say(label) for label in opening + person)


def hands_over(ines: Reader) -> None:
    plan = ines.unfold("Plan the handoff")
    ines.tick("Someone comes along", plan)
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)
    ines.field("When", plan).fill(tomorrow.strftime("%Y-%m-%dT10:00"))
    ines.field("Who comes along", plan).fill("Nadia")
    ines.tick("Ride arranged", plan)
    ines.press("Plan the handoff", plan)
    ines.press("Took place")
    expect(ines.page.locator("#handoff .tag")).to_have_text(ines.whole("Took place"))
    ines.axe(ines.page)


def serves_and_closes(ines: Reader) -> None:
    ines.press("Start service", ines.unfold("Start service"))
    expect(ines.status()).to_have_text(ines.whole("Service under way"))
    closing = ines.unfold("Close")
    ines.tick("Got help", closing)
    ines.press("Close", closing)
    expect(ines.status()).to_have_text(ines.whole("Closed"))
    ines.axe(ines.page)


def confirms(nadia: Reader, referral: str) -> None:
    nadia.goto(referral)
    expect(nadia.page.get_by_role("main")).to_contain_text(nadia.say("Got help"))
    nadia.press("Confirm outcome")
    expect(nadia.page.locator(".title-row")).to_contain_text(nadia.say("Outcome confirmed"))
    nadia.axe(nadia.page)


def withdraws_consent(nadia: Reader, file: str) -> None:
    nadia.page.goto(file)
    nadia.main.locator("a[href$='/withdraw/']").first.click()  # a need is called "withdrawal" as well
    nadia.arrive(nadia.say("Withdraw consent"))
    nadia.tick("By phone")
    nadia.field("Who told you").fill("Her sister")
    nadia.press("Withdraw consent")
    nadia.arrive(NAME)
    expect(nadia.page.get_by_role("main")).to_contain_text(nadia.say("Consent withdrawn"))


def sees_a_tombstone(ines: Reader, referral: str) -> None:
    ines.goto(referral)
    ines.arrive(ines.say("Referral"))
    expect(ines.page.get_by_role("main")).to_contain_text(ines.say("No longer shared. Contact the sender."))
    holds_none(ines, [*IDENTIFYING, NEVER_AGREED])
    assert ines.rows("No longer shared. Contact the sender.") == [ines.say("Code"), ines.say("Received")]


def holds_none(reader: Reader, secrets: list[re.Pattern[str]]) -> None:
    """In the whole document, attributes and all."""
    content = reader.page.content()
    assert [secret.pattern for secret in secrets if secret.search(content)] == []
