"""How members are told: a digest is chosen, a system is added, and what was given up is tried again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from partners.models import MailPace
from tests.browser.conftest import OpenPage
from tests.browser.mails import link_for
from tests.browser.reader import RUNS_SCRIPT, Reader, no_sideways, on_phone
from tests.browser.server import Site

KEEPER, NAME = "lea@relais.example", "Odile Tremblay"
SYSTEM = f"https://records.example/{'relais' * 15}"  # one word, wider than a phone
# As after nine attempts: the mail server took nothing for this address, and no letter is noted.
OF_INVITATION = "SELECT o.id FROM partners_outboxrow o JOIN partners_invitation i ON i.id = o.object_id"
FORGET = f"""
    DELETE FROM partners_delivery
    WHERE recipient <> row_id AND row_id IN ({OF_INVITATION} WHERE i.email = ?)
"""
GIVE_UP = f"""
    UPDATE partners_delivery
    SET done_at = NULL, given_up_at = ?, attempts = 9, error = 'SMTPRecipientsRefused'
    WHERE recipient = row_id AND row_id IN ({OF_INVITATION} WHERE i.email = ?)
"""


@pytest.mark.parametrize("language", ["en", "fr"])
def test_notices_are_chosen_and_tried_again(
    site: Site, sign_in: OpenPage, axe: Callable[[Page], None], language: str
) -> None:
    page = sign_in(KEEPER, "phone", language=language, javascript=RUNS_SCRIPT[language])
    lea = on_phone(page, language, axe)
    for pace in (MailPace.DIGEST, MailPace.AT_ONCE):
        chooses(lea, pace)
    adds_a_system(lea)
    tries_again(site, lea, f"odile-{language}@relais.example")


def chooses(lea: Reader, pace: MailPace) -> None:
    lea.goto("notices/")
    lea.main.locator("a[href$='/by-mail/']").click()
    lea.arrive(lea.say("Notices by mail"))
    no_sideways(lea.page)
    lea.fill(pace=[pace.value])
    lea.press("Save")
    lea.arrive(lea.say("Notices"))
    expect(lea.main).to_contain_text(lea.say(pace.label))
    no_sideways(lea.page)


def adds_a_system(lea: Reader) -> None:
    """Its secret is shown once."""
    lea.follow("Webhooks")
    lea.arrive(lea.say("Webhooks"))
    secret = lea.main.locator("code")
    lea.fill(url=SYSTEM)
    lea.press("Add")
    expect(secret).to_contain_text("whsec_")
    lea.axe(lea.page)
    secret.evaluate(
        "code => { code.textContent = 'whsec_' + 'x'.repeat(44) }"
    )  # most have no sign to break at
    no_sideways(lea.page)
    lea.goto("notices/webhooks/")
    expect(lea.main).to_contain_text(SYSTEM)
    no_sideways(lea.page)
    expect(secret).to_have_count(0)
    lea.press("Remove")
    expect(lea.main).not_to_contain_text(SYSTEM)


def tries_again(site: Site, lea: Reader, address: str) -> None:
    """An invitation that came back: with the retry its link is another one."""
    lea.goto("members/invite/")
    lea.fill(full_name=NAME, email=address, language=lea.language, roles=["evaluator"])
    lea.press("Send the invitation")
    lea.arrive(lea.say("Members"))
    first = link_for(site, address, lea.language, [NAME])
    site.write(FORGET, address)
    site.write(GIVE_UP, f"{timezone.now():%Y-%m-%d %H:%M:%S}", address)

    lea.goto("notices/undelivered/")
    lea.arrive(lea.say("Not delivered"))
    no_sideways(lea.page)
    lea.told("The mail server does not take mail for this address.")
    given_up = lea.main.locator("button[name=delivery]")
    waiting = given_up.count()
    given_up.first.click()
    expect(given_up).to_have_count(waiting - 1)
    lea.axe(lea.page)

    assert link_for(site, address, lea.language, [NAME]) != first
    lea.goto("members/")
    line = lea.main.get_by_role("listitem").filter(has_text=address)
    lea.press("Take back", line)
    expect(lea.main).not_to_contain_text(address)
