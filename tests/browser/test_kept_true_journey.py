"""A listing goes stale; its editor answers the mail on a narrow phone, or signs in."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from directory.models.attachments import CapacityValue
from tests.browser import places
from tests.browser.conftest import OpenPage
from tests.browser.mails import link_for, sent
from tests.browser.reader import RUNS_SCRIPT, Reader, no_sideways, on_phone
from tests.browser.server import Site

PAULA = "paula@lantern.example"
LISTING = "prairie-lantern-drop-in"
# A day of its own for each language: of each due day the clock reminds once.
OVERDUE = {"en": 5, "fr": 4}


@contextmanager
def reads(site: Site, email: str, language: str) -> Iterator[None]:
    """Somebody of the demo is written to in this language while it lasts."""
    site.write("UPDATE partners_user SET language = ? WHERE email = ?", language, email)
    try:
        yield
    finally:
        site.write("UPDATE partners_user SET language = 'en' WHERE email = ?", email)


def goes_stale(site: Site, number: str, days: int) -> None:
    """Its check has ended so many days ago."""
    due = timezone.localdate() - datetime.timedelta(days=days)
    checked = timezone.now() - datetime.timedelta(days=90 + days)
    columns = "verified_at = ?, next_due = ?, verify_days = 90"
    site.write(
        f"UPDATE directory_service SET {columns} WHERE id = ?",
        f"{checked:%Y-%m-%d %H:%M:%S}",
        due.isoformat(),
        number,
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_stale_listing_is_confirmed_from_its_mail(
    site: Site, open_page: OpenPage, sign_in: OpenPage, axe: Callable[[Page], None], language: str
) -> None:
    number = places.service_id(site, LISTING)
    with reads(site, PAULA, language):
        sent(site, [])  # what else she is asked
        goes_stale(site, number.hex, OVERDUE[language])
        path = link_for(site, PAULA, language, ["Paula"])
    page = open_page("phone", language=language, javascript=RUNS_SCRIPT[language])
    told: list[str] = []
    page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    editor = on_phone(page, language, axe)
    editor.goto(f"services/{number}/")
    stale = editor.main.locator(".checked--no")
    expect(stale).to_have_count(1)

    confirms(editor, path)

    editor.goto(f"services/{number}/")
    expect(stale).to_have_count(0)
    expect(editor.main).to_contain_text(editor.say(CapacityValue.WAITLIST.label))
    page.guard.check_no_trace()  # type: ignore[attr-defined] - set by open_page
    assert [one for one in told if "/check/" in one] == []

    page = sign_in(PAULA, "phone", language=language, javascript=RUNS_SCRIPT[language])
    changes(on_phone(page, language, axe), path, f"listings/{number}/upkeep/")


def confirms(editor: Reader, path: str) -> None:
    """One tap on the page that the mail opens, and one more for the capacity."""
    editor.page.goto(path)
    editor.arrive(editor.say("Is this still true?"))
    no_sideways(editor.page)
    editor.press("Still true")
    editor.arrive(editor.say("Thank you, it is confirmed"))
    no_sideways(editor.page)
    editor.press(CapacityValue.WAITLIST.label)
    expect(editor.main.locator(".cap--waitlist").first).to_be_attached()
    assert editor.page.url.endswith(path)


def changes(paula: Reader, path: str, upkeep: str) -> None:
    """The link in the mail, and one tap more: the editor. Signed in, the capacity is one tap as well."""
    paula.page.goto(path)
    paula.follow("Sign in and change it")
    expect(paula.main.get_by_role("button", name=paula.say("See the difference")).last).to_be_visible()
    paula.axe(paula.page)
    no_sideways(paula.page)
    paula.goto(upkeep)
    paula.press(CapacityValue.LIMITED.label)
    expect(paula.main.locator(".cap--limited").first).to_be_attached()
    paula.axe(paula.page)
    no_sideways(paula.page)
