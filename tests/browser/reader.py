"""One person at her browser, who reads pages by their roles and by the words of the catalogue.

So one text tells a story in both languages, with and without JavaScript.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.functional import Promise
from playwright.sync_api import Locator, Page, ViewportSize, expect

# A journey is told without script in the one language, and with it (axe needs it) in the other.
RUNS_SCRIPT = {"en": False, "fr": True}
NARROW: ViewportSize = {"width": 320, "height": 640}
PASSWORD = "a kettle and four spoons"
PARTNERS = {
    "northern": {
        "en": "Northern Light Addiction Service (demo)",
        "fr": "Service en dépendances Northern Light (démo)",
    },
    "river": {
        "en": "Red River Community Health Centre (demo)",
        "fr": "Centre de santé communautaire Red River (démo)",
    },
    "police": {
        "en": "City Police Liaison Unit (demo)",
        "fr": "Unité de liaison de la police municipale (démo)",
    },
}


@dataclass(frozen=True)
class Reader:
    """Pages by their roles, labels in her language, axe on the way."""

    page: Page
    language: str
    axe: Callable[[Page], None]

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def say(self, text: str | Promise, context: str | None = None) -> str:
        with translation.override(self.language):
            if isinstance(text, Promise):
                return str(text)
            return translation.pgettext(context, text) if context else translation.gettext(text)

    def arrive(self, heading: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        self.axe(self.page)

    def goto(self, path: str) -> None:
        self.page.goto(f"/{self.language}/{path}")

    def press(self, text: str, inside: Locator | None = None, context: str | None = None) -> None:
        name = self.say(text, context)
        (inside or self.main).get_by_role("button", name=name).first.click()

    def follow(self, text: str, context: str | None = None) -> None:
        self.main.get_by_role("link", name=self.say(text, context)).first.click()

    def unfold(self, text: str) -> Locator:
        """Opens what is folded under these words; the part that holds it."""
        # While a page loads it scrolls to its anchor, and a click would miss.
        self.page.wait_for_load_state()
        part = self.page.locator("details", has=self.page.locator("summary", has_text=self.whole(text)))
        if part.get_attribute("open") is None:
            part.locator("summary").click()
            expect(part).to_have_attribute("open", "")
        return part

    def field(self, label: str | Promise, inside: Locator | None = None) -> Locator:
        """By its whole label, apart from what says that it may stay empty."""
        shown = re.compile(rf"^\s*{re.escape(self.say(label))}\s*(\(|$)")
        return (inside or self.main).get_by_label(shown)

    def tick(self, label: str | Promise, inside: Locator | None = None) -> None:
        self.field(label, inside).check()

    def whole(self, text: str) -> re.Pattern[str]:
        return re.compile(rf"^\s*{re.escape(self.say(text))}\s*$")

    def status(self) -> Locator:
        return self.page.locator("h1 ~ .status, .title-row .status").first

    def rows(self, title: str) -> list[str]:
        """The labels of what the part under this heading tells."""
        part = self.page.get_by_role("region", name=self.say(title))
        return [label.strip() for label in part.locator("dt").all_inner_texts()]

    def fill(self, inside: Locator | None = None, **given: Any) -> None:
        """A form by the names of its fields: codes are ticked or chosen, texts are written."""
        for name, value in given.items():
            field = (inside or self.main).locator(f"[name={name}]")
            if value is True:
                field.check()
            elif field.first.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            elif field.first.get_attribute("type") in ("radio", "checkbox"):
                for one in [value] if isinstance(value, str) else value:
                    field.and_(self.page.locator(f"[value='{one}']")).check()
            else:
                field.fill(value)

    def told(self, text: str) -> None:
        """These words of ours stand on the page."""
        expect(self.main).to_contain_text(self.say(text))

    def holds_none(self, secrets: list[str]) -> None:
        """In the whole document, attributes and all."""
        content = self.page.content()
        assert [secret for secret in secrets if secret in content] == []

    def path(self) -> str:
        """Where she is, without the language."""
        return self.page.url.partition(f"/{self.language}/")[2].partition("#")[0]


def opens_a_file(worker: Reader, name: str, **given: Any) -> str:
    """A new client file; its path without the language."""
    worker.goto("clients/new/")
    fields = {"birth_date": "1994-05-06", "methods": ["call", "text"], "phone": "204-555-0179", "text": True}
    worker.fill(chosen_name=name, **fields | given)
    worker.press("Save")
    worker.arrive(name)
    return worker.path()


def records_consent(worker: Reader, file: str, partner: str, groups: list[str], **given: Any) -> None:
    """In writing, to one of the partners above."""
    worker.goto(f"{file}consents/new/")
    worker.page.locator("[name=recipient]").select_option(label=PARTNERS[partner][worker.language])
    worker.tick("The person said yes")
    worker.fill(field_groups=groups, how="written", **given)
    worker.press("Record consent")
    expect(worker.main).to_contain_text(PARTNERS[partner][worker.language])


def sends(worker: Reader, file: str, service: UUID, category: str, **consent: Any) -> str:
    """From the one screen, with a consent read just now or the one in force; where that leads to."""
    client = file.split("/")[1]
    worker.goto(f"referrals/new/?service={service}&client={client}")
    worker.arrive(worker.say("Send a referral"))
    worker.fill(category=category, **consent)
    worker.press("Send referral")
    return worker.path()


def on_phone(page: Page, language: str, axe: Callable[[Page], None]) -> Reader:
    """A narrow one, which runs scripts in one language."""
    page.set_viewport_size(NARROW)
    return Reader(page, language, axe if RUNS_SCRIPT[language] else lambda _page: None)


def takes_up(invited: Reader, path: str) -> None:
    """The link of an invitation, on a narrow phone: a member from now on, and signed in."""
    invited.page.goto(path)
    invited.arrive(invited.say("You are invited"))
    no_sideways(invited.page)
    invited.fill(password=PASSWORD, again=PASSWORD)
    invited.press("Become a member")
    invited.page.wait_for_url("**/home/")


def no_sideways(page: Page) -> None:
    """Nothing stands beside a narrow phone's screen."""
    assert page.viewport_size == NARROW
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0, page.url
