"""An agency applies, is let in, signs and invites a colleague, who enrols; the network shuts it out again.

On a narrow phone, in English without JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.mails import link_for
from tests.browser.reader import PASSWORD, RUNS_SCRIPT, Reader, no_sideways, on_phone, takes_up
from tests.browser.server import Site

KEEPER = "lea@relais.example"
ADA, BEN = "Ada Okafor", "Ben Okafor"
SECRETS = [ADA, BEN, "Okafor"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_agency_joins_and_is_suspended(
    site: Site, open_page: OpenPage, sign_in: OpenPage, axe: Callable[[Page], None], language: str
) -> None:
    agency, ada_at, ben_at = (f"{start}-{language}@agency.example" for start in ("Agency", "ada", "ben"))

    script = RUNS_SCRIPT[language]

    def phone() -> Reader:
        return on_phone(open_page("phone", language=language, javascript=script), language, axe)

    applies(phone(), agency, ada_at)
    lea = on_phone(sign_in(KEEPER, "phone", language=language, javascript=script), language, axe)
    partner = approves(lea, agency)

    ada = phone()
    takes_up(ada, link_for(site, ada_at, language, SECRETS))
    signs(ada)
    invites(ada, ben_at)
    ben = phone()
    takes_up(ben, link_for(site, ben_at, language, SECRETS))
    signs_in(ben, ben_at, key=enrols(ben))
    ada.goto("members/")
    line = ada.main.get_by_role("listitem").filter(has_text=ben_at)
    expect(line).to_contain_text(ada.say("Second step set up"))

    is_suspended_and_back(lea, partner, ben)


def applies(ada: Reader, agency: str, address: str) -> None:
    """Without an account, and without a trace in the browser."""
    ada.goto("partners/join/")
    ada.arrive(ada.say("Join the network"))
    no_sideways(ada.page)
    ada.press("Send the application")
    ada.arrive(ada.say("Join the network"))  # and says what is missing
    no_sideways(ada.page)
    ada.fill(
        name=agency, kind="housing_shelter", contact_name=ADA, contact_email=address, language=ada.language
    )
    ada.press("Send the application")
    ada.arrive(ada.say("Your application was received"))
    no_sideways(ada.page)
    ada.page.guard.check_no_trace()  # type: ignore[attr-defined] - set by open_page


def approves(lea: Reader, agency: str) -> str:
    """Where the new partner's page is."""
    lea.goto("partners/applications/")
    lea.main.get_by_role("link", name=agency).click()
    lea.arrive(agency)
    expect(lea.main).to_contain_text(ADA)
    lea.press("Approve")
    lea.arrive(agency)
    lea.told("No agreement in force")
    return lea.path()


def signs(ada: Reader) -> None:
    ada.goto("organization/")
    ada.follow("Agreement")
    ada.arrive(ada.say("Data-sharing agreement"))
    no_sideways(ada.page)
    ada.fill(name=ADA, title="Director", accepted=True)
    ada.press("Sign the agreement")
    ada.arrive(ada.say("Data-sharing agreement"))
    ada.told("In force")
    no_sideways(ada.page)


def invites(ada: Reader, address: str) -> None:
    ada.goto("members/invite/")
    ada.fill(full_name=BEN, email=address, language=ada.language, roles=["worker"])
    ada.press("Send the invitation")
    ada.arrive(ada.say("Members"))
    no_sideways(ada.page)
    expect(ada.main).to_contain_text(address)


def enrols(ben: Reader) -> str:
    """With an app on another phone; the key that both know."""
    ben.goto("second-factor/")
    ben.follow("Set up the second step")
    ben.arrive(ben.say("Set up the second step"))
    no_sideways(ben.page)
    key = "".join(ben.main.locator(".code").all_inner_texts())
    ben.fill(code=code_of(key))
    ben.press("Turn on")
    ben.arrive(ben.say("Recovery codes"))
    no_sideways(ben.page)
    ben.press("I have kept them")
    return key


def signs_in(ben: Reader, address: str, *, key: str) -> None:
    """Anew, in two steps: with the next code, for one that was used opens nothing more."""
    ben.goto("sign-out/")
    ben.press("Sign out")
    ben.goto("sign-in/")
    ben.fill(login=address, password=PASSWORD)
    ben.press("Sign in")
    ben.arrive(ben.say("Second step"))
    no_sideways(ben.page)
    ben.fill(code=code_of(key, later=1))
    ben.press("Sign in")
    ben.page.wait_for_url("**/home/")


def is_suspended_and_back(lea: Reader, partner: str, ben: Reader) -> None:
    """From the next request on, whatever page Ben has in front of him."""
    ben.goto("clients/")
    ben.arrive(ben.say("Clients"))
    lea.goto(partner)
    lea.told("Agreement in force")
    part = lea.unfold("Suspend this partner")
    lea.fill(part, reason="asked_for")
    lea.press("Suspend", part)
    lea.arrive("agency.example")
    lea.told("Suspended")
    ben.main.get_by_role("link").first.click()
    ben.arrive(ben.say("Your organization is suspended"))
    no_sideways(ben.page)
    lea.press("Lift the suspension")
    lea.arrive("agency.example")
    ben.goto("clients/")
    ben.arrive(ben.say("Clients"))


def code_of(key: str, later: int = 0) -> str:
    """What an authenticator app shows."""
    counter = next(iter(yield_hotp_counters_from_time())) + later
    return str(format_hotp_value(hotp_value(key, counter)))
