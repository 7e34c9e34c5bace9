"""A need offered to two partners at once, from the first word to her own answer, and every mail of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.mails import read_mails
from tests.browser.reader import Reader, opens_a_file, records_consent
from tests.browser.server import Site

NAME, MATTERS, SITUATION = "Ottilie", "Near the river, with my sister", "Sleeps in her car since May"
SECRETS = [NAME, MATTERS, SITUATION, "204-555-0179"]
TICKED = {"en": "STBBI testing and treatment", "fr": "Dépistage et traitement des ITSS"}
ADDED = {"en": "Day program and one-to-one support", "fr": "Programme de jour et soutien individuel"}
CODE_ADDRESS = re.compile(r"/(?:en|fr)(/answer/[\w-]+/)")


@pytest.mark.parametrize(
    ("language", "javascript"),
    [("en", True), ("fr", True), ("fr", False)],
    ids=["English", "French", "French without script"],
)
def test_a_need_is_offered_to_two(
    site: Site,
    open_page: OpenPage,
    sign_in: OpenPage,
    axe: Callable[[Page], None],
    language: str,
    javascript: bool,
) -> None:
    look = axe if javascript else lambda _page: None  # axe is a script

    def member(email: str) -> Reader:
        return Reader(sign_in(email, language=language, javascript=javascript), language, look)

    nadia, ines, tom = map(
        member, ("nadia@lantern.example", "ines@northernlight.example", "tom@redriver.example")
    )
    file = opens_a_file(nadia, NAME, situation=SITUATION)
    for partner in ("northern", "river"):
        records_consent(nadia, file, partner, ["identity", "contact", "situation"])
    writes_a_need(nadia, file)
    offers_it_at_once(nadia)
    asked = {where.split("/")[-2]: where for where in referrals_of(nadia)}
    assert len(asked) == 2
    won = accepts(tom, asked)
    (lost,) = set(asked) - {won}
    sees_a_tombstone(ines, asked[lost])
    plans_the_handoff(nadia, asked[won])
    serves_and_closes(tom, asked[won])
    address = makes_a_code(nadia, asked[won])
    phone = Reader(open_page("phone", language=language, javascript=javascript), language, look)
    answers(phone, address)
    nadia.goto(asked[won])
    expect(nadia.page.locator(".title-row")).to_contain_text(nadia.say("Outcome confirmed"))
    mails = read_mails(site, SECRETS)
    assert {"ines@northernlight.example", "tom@redriver.example", "nadia@lantern.example"} <= mails.readers
    assert mails.languages == {"en", "fr"}


def writes_a_need(nadia: Reader, file: str) -> None:
    nadia.goto(file)
    nadia.follow("New need")
    nadia.arrive(nadia.say("New need"))
    nadia.fill(category="harm-reduction-supplies", urgency="soon", matters=MATTERS, barriers="transport")
    nadia.press("Save")
    nadia.told("Not offered to anybody yet.")
    expect(nadia.main).to_contain_text(MATTERS)
    nadia.axe(nadia.page)


def offers_it_at_once(nadia: Reader) -> None:
    """One from the matches, and one more that she looks for by its name."""
    nadia.follow("Services that fit")
    nadia.arrive(nadia.say("Services that fit"))
    nadia.main.get_by_role("listitem").filter(has_text=TICKED[nadia.language]).get_by_role("checkbox").check()
    nadia.press("Continue with what is ticked")
    nadia.arrive(nadia.say("Offer the need"))
    nadia.fill(q=ADDED[nadia.language])
    nadia.press("Search")
    found = nadia.main.get_by_role("listitem").filter(has_text=ADDED[nadia.language])
    nadia.press("Add", found.first)
    nadia.fill(mode="at_once")
    nadia.axe(nadia.page)
    nadia.press("Make drafts and send what is ready")
    expect(nadia.main.get_by_text(nadia.say("Sent"), exact=True)).to_have_count(2)
    nadia.axe(nadia.page)


def referrals_of(nadia: Reader) -> list[str]:
    links = nadia.main.locator("a[href*='/referrals/']").filter(has=nadia.page.locator(".code"))
    found = links.evaluate_all("links => links.map(link => link.pathname)")
    return [path.partition(f"/{nadia.language}/")[2] for path in found]


def accepts(tom: Reader, asked: dict[str, str]) -> str:
    """The one that stands in his inbox; before his yes it names nobody."""
    tom.goto("referrals/inbox/")
    tom.axe(tom.page)
    mine = next(key for key in asked if tom.page.locator(f"a[href*='{key}']").count())
    tom.goto(asked[mine])
    tom.holds_none(SECRETS)
    tom.press("Accept")
    expect(tom.status()).to_have_text(tom.whole("Accepted"))
    expect(tom.main).to_contain_text(NAME)
    expect(tom.main).to_contain_text(SITUATION)
    tom.holds_none([MATTERS])
    tom.axe(tom.page)
    return mine


def sees_a_tombstone(ines: Reader, path: str) -> None:
    ines.goto(path)
    ines.arrive(ines.say("Referral"))
    ines.told("No longer shared. Contact the sender.")
    ines.holds_none(SECRETS)
    expect(ines.main.get_by_role("button", name=ines.say("Accept"))).to_have_count(0)


def plans_the_handoff(nadia: Reader, path: str) -> None:
    nadia.goto(path)
    plan = nadia.unfold("Plan the handoff")
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)
    nadia.fill(plan, kind="accompanied", when=tomorrow.strftime("%Y-%m-%dT10:00"), companion="Nadia")
    nadia.press("Plan the handoff", plan)
    expect(nadia.page.locator("#handoff")).to_contain_text("Nadia")
    nadia.axe(nadia.page)


def serves_and_closes(tom: Reader, path: str) -> None:
    tom.goto(path)
    tom.press("Took place")
    tom.press("Start service", tom.unfold("Start service"))
    expect(tom.status()).to_have_text(tom.whole("Service under way"))
    closing = tom.unfold("Close")
    tom.fill(closing, outcome="got_help", needs_met="yes")
    tom.press("Close", closing)
    expect(tom.status()).to_have_text(tom.whole("Closed"))
    tom.axe(tom.page)


def makes_a_code(nadia: Reader, path: str) -> str:
    nadia.goto(path)
    nadia.follow("Let the person answer")
    nadia.arrive(nadia.say("The person’s own answer"))
    nadia.main.get_by_role("button").click()
    nadia.axe(nadia.page)
    found = CODE_ADDRESS.search(nadia.main.inner_text())
    assert found
    return found[1].lstrip("/")


def answers(phone: Reader, address: str) -> None:
    phone.goto(address)
    phone.arrive(phone.say("Did you get what you needed?"))
    phone.holds_none(SECRETS)
    phone.page.locator("button[value=yes]").click()
    phone.press("Send this answer")
    phone.arrive(phone.say("Thank you"))
    phone.page.guard.check_no_trace()  # type: ignore[attr-defined] - set by open_page
