"""Every page that somebody can reach, in both languages: accessible, narrow enough, translated, quiet."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from partners import localization
from tests.architecture.urls import addresses
from tests.browser import places
from tests.browser.conftest import OpenPage
from tests.browser.server import Site
from tests.extent import takes_sample

CATALOG = Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES" / "django.po"
# The one goes to another site, the other ends the visit, the rest are no pages.
NOT_VISITED = {
    "directory:exit",
    "account_logout",
    "account_active",
    "mfa_login_webauthn",
    "mfa_passkey_challenge",
    "referrals:document",
    "referrals:network_csv",
}
# Public forms that sign in: they need their token.
WITH_TOKEN = {"account_login", "account_forgotten_password"}
# What nobody in the demo can open as it stands: these have journeys of their own.
ELSEWHERE = {
    "referrals:list": "leads on to what was sent",
    "account_login": "who is signed in does not see it: the other test",
    "account_forgotten_password": "the same",
    "account_new_password": "the link of a letter opens it: tests/partners",
    "account_locked": "after a while without use: test_signing and tests/partners",
    "referrals:answer": "a code of hers opens it: test_answer",
    "directory:styleguide": "for developers",
    "mfa_authenticate": "the demo signs in without a second factor: tests/partners",
    "mfa_deactivate_totp": "the same",
    "mfa_view_recovery_codes": "the same",
    "mfa_generate_recovery_codes": "the same",
    "mfa_reauthenticate": "the same",
    "mfa_edit_webauthn": "no member of the demo has a passkey: test_signing and tests/partners",
    "mfa_remove_webauthn": "the same",
    "mfa_reauthenticate_webauthn": "the same",
    "account_reauthenticate": "asked for before a change of the sign-in: tests/partners",
    "partners:invitation": "the link of a letter opens it: test_members_journey",
    "partners:mailbox": "this demo's mails go nowhere: tests/partners",
    "partners:mailbox_mail": "the same",
    "partners:mailbox_html": "the same",
    "directory:verify": "the link of a mail opens it: test_kept_true_journey",
}
PUBLIC = {address.name for address in addresses() if address.is_public}
# Enough words to be a sentence of ours and not by chance a word of both languages.
SENTENCE = re.compile(r"(?:\S+\s+){2,}\S+")
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
POST_ONLY = 405
# axe looks at each page once in each language: in French, whose words are longer, on the narrow phone.
PHONE, LARGER_PHONE, DESKTOP = (
    {"width": 320, "height": 640},
    {"width": 390, "height": 844},
    {"width": 1280, "height": 900},
)
AXE_AT = {"en": DESKTOP, "fr": PHONE}

# A box that hides what does not fit may cut off half of a number. Texts for the ear alone are 1 px wide;
# what is typed into a field scrolls in it.
CUT_OFF = """() => [...document.querySelectorAll('main *')]
    .filter(box => box.tagName !== 'INPUT' && box.clientWidth > 1 && box.scrollWidth > box.clientWidth + 1
        && ['hidden', 'clip'].includes(getComputedStyle(box).overflowX))
    .map(box => box.outerHTML.slice(0, 200))"""


@dataclass
class Inspector:
    """Looks at each kind of page once: on two phones and on a desktop."""

    axe: Callable[[Page], None]
    english: set[str]
    language: str
    seen: set[str] = field(default_factory=set)

    def look(self, page: Page, kind: str) -> None:
        self.seen.add(kind)
        where = page.url
        assert page.locator("html").get_attribute("lang") == f"{self.language}-CA", where
        assert page.locator("h1").count() == 1, where
        for size in (LARGER_PHONE, PHONE, DESKTOP):
            page.set_viewport_size(size)
            overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(overflow) <= 0, f"{where} scrolls sideways at {size['width']}"
            assert page.evaluate(CUT_OFF) == [], f"{where} cuts text off at {size['width']}"
            if size is AXE_AT[self.language]:
                self.axe(page)
        if self.language == "fr":
            self._translated(page)

    def misses(self, view: str) -> bool:
        """Each member has a first page of their own; on a listing members read more than everybody."""
        return view == "referrals:home" or (view not in self.seen and not is_public(view))

    def _translated(self, page: Page) -> None:
        """What the page marks as English (a name, a text nobody has translated yet) may be English."""
        text = page.evaluate(
            "() => { const copy = document.body.cloneNode(true);"
            " copy.querySelectorAll('[lang^=en]').forEach(part => part.remove());"
            " return copy.textContent.replace(/\\s+/g, ' '); }"
        )
        assert {sentence for sentence in self.english if sentence in text} == set(), page.url


@pytest.fixture(scope="module")
def english_sentences() -> set[str]:
    """What a French page must not say: texts whose translation is another one."""
    return {
        message.id
        for message in localization.texts(localization.read(CATALOG))
        if isinstance(message.id, str)
        and SENTENCE.fullmatch(message.id)
        and not localization.PLACEHOLDER.search(message.id)
        and message.string != message.id
    }


def visits(
    page: Page,
    language: str,
    seeds: Iterable[str],
    *,
    signed_in: bool,
    wanted: Callable[[str], bool] = lambda view: True,
) -> Iterator[str]:
    """Opens one page of each wanted view that can be reached by its address or by a link; names the view.

    The other views are only asked for their links. Without a sign-in each page finds an empty browser,
    so that whatever is in it afterwards is its own.
    """
    plain = plain_addresses(language)  # of which some take forms alone: a browser would show its own error
    waiting, seen = deque([*seeds, *plain]), set(NOT_VISITED)
    while waiting:
        path = waiting.popleft()
        view = view_of(path)
        if view is None or view in seen:
            continue
        opened = wanted(view) and not (path in plain and page.request.get(path).status == POST_ONLY)
        if not signed_in:
            page.context.clear_cookies()
        answer = page.goto(path) if opened else page.request.get(path)
        assert answer is not None
        assert answer.status < 500, path
        if answer.status < 400 and view_of(answer.url) == view:
            seen.add(view)
            if opened:
                yield view
            waiting.extend(own_links(page, language) if opened else links_in(answer.text(), path, language))


def plain_addresses(language: str) -> list[str]:
    """The addresses that name no object."""
    plain = [address for address in addresses() if address.path.startswith("/en/")]
    return [one.path.replace("/en/", f"/{language}/", 1) for one in plain if "<" not in one.route]


def view_of(address: str) -> str | None:
    """Both languages have the same addresses behind their prefix, and this process speaks English."""
    try:
        return resolve(re.sub(r"^/fr/", "/en/", urlsplit(address).path)).view_name
    except Resolver404:
        return None


def own_links(page: Page, language: str) -> Iterator[str]:
    return links_in(page.content(), page.url, language)


def links_in(text: str, base: str, language: str) -> Iterator[str]:
    """The paths in this language that a page leads to."""
    for found in LINK.findall(text):
        link = urlsplit(urljoin(base, html.unescape(found)))
        if link.netloc == urlsplit(base).netloc and link.path.startswith(f"/{language}/"):
            yield f"{link.path}?{link.query}" if link.query else link.path


@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_for_everybody(
    site: Site, visitor: Page, language: str, axe: Callable[[Page], None], english_sentences: set[str]
) -> None:
    inspector = Inspector(axe, english_sentences, language)
    # Few listings belong to a program, so no link may lead to one.
    programs = visitor.request.get("/api/v1/programs/").json()["results"]
    takes_requests = places.service_id(site, "prairie-lantern-program")
    seeds = [f"/{language}/programs/{programs[0]['id']}/", f"/{language}/services/{takes_requests}/ask/"]
    for view in visits(visitor, language, seeds, signed_in=False):
        inspector.look(visitor, view)
        visitor.emulate_media(color_scheme="dark")
        axe(visitor)
        visitor.emulate_media(color_scheme="light")
        if view not in WITH_TOKEN:
            assert visitor.context.cookies() == [], visitor.url
    visitor.context.clear_cookies()
    pages = {address.name for address in addresses() if address.path.startswith("/en/")}
    assert (pages & PUBLIC) - inspector.seen - NOT_VISITED - set(ELSEWHERE) == set()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_for_members(
    site: Site, sign_in: OpenPage, language: str, axe: Callable[[Page], None], english_sentences: set[str]
) -> None:
    """As each of them in turn; what one has shown is not looked at again, but for the first page."""
    inspector = Inspector(axe, english_sentences, language)
    declared = list(places.declared(site, language))
    page = None
    for member in places.MEMBERS:
        page = sign_in(member, language=language)
        seeds = look_at_states(inspector, page, [rest for who, *rest in declared if who == member])
        for view in visits(page, language, seeds, signed_in=True, wanted=inspector.misses):
            inspector.look(page, view)
        page.guard.check()  # type: ignore[attr-defined] - set by open_page
    assert page is not None
    assert unreached(page, inspector.seen) == []


def look_at_states(inspector: Inspector, page: Page, wanted: list[list[str]]) -> list[str]:
    """Each of them; where their links lead to. A sample only reads the links."""
    links: list[str] = []
    for path, special in wanted:
        if takes_sample():
            links += links_in(page.request.get(path).text(), page.url, inspector.language)
            continue
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path} ({special}): {answer.status}"
        inspector.look(page, f"{view_of(path)} {special}")
        links += own_links(page, inspector.language)
    return list(dict.fromkeys(links))


def is_public(view: str) -> bool:
    """Looked at without a sign-in, by the other test; on a listing members read more."""
    return view in PUBLIC and view != "directory:listing"


def unreached(page: Page, seen: set[str]) -> list[str]:
    """Views of pages that nobody has come to. What takes forms alone is no page."""
    views = {name.partition(" ")[0] for name in seen}
    left = [
        address
        for address in addresses()
        if address.path.startswith("/en/")
        and address.name not in views | NOT_VISITED | set(ELSEWHERE)
        and not is_public(address.name)
    ]
    return sorted(one.name for one in left if page.request.get(one.path).status != POST_ONLY)


def test_mistyped_addresses_in_both_languages(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_page("phone")
    for language in ("en", "fr"):
        answer = page.goto(f"/{language}/nothing-here/")
        assert answer is not None
        assert answer.status == 404
        axe(page)
        assert page.locator("html").get_attribute("lang") == f"{language}-CA"
