"""Signing in with a passkey of the browser's own, and the idle lock over what somebody is typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import guard, server
from tests.browser.conftest import DEVICES, WAIT_MILLISECONDS, OpenPage

WORKER = "key@lantern.example"
# Somebody of their own: a passkey asks for a second step at every sign-in from then on.
MAKE_WORKER = """
from partners.models import Membership, User
user = User.objects.create_user({email!r}, {password!r}, full_name="Kei (demo)")
lantern = Membership.objects.filter(user__email="nadia@lantern.example").first().organization
Membership.objects.create(user=user, organization=lantern, role="worker")
"""
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def at_localhost(site: server.Site, chromium: Browser) -> Iterator[Page]:
    """Passkeys are bound to a name; an address of numbers has none."""
    url = site.url.replace("127.0.0.1", "localhost")
    context = chromium.new_context(
        base_url=url, locale="en-CA", reduced_motion="reduce", **DEVICES["desktop"]
    )
    context.set_default_timeout(WAIT_MILLISECONDS)
    watch = guard.Guard(context, url)
    yield context.new_page()
    watch.check()
    context.close()


def test_a_passkey_is_made_and_signs_in(
    site: server.Site, at_localhost: Page, axe: Callable[[Page], None]
) -> None:
    site.manage("shell", "--no-imports", "-c", MAKE_WORKER.format(email=WORKER, password=site.password))
    page = at_localhost
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    finger = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})["authenticatorId"]
    page.goto("/en/sign-in/")
    axe(page)
    page.locator("[name=login]").fill(WORKER)
    page.locator("[name=password]").fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/home/")
    page.goto("/en/second-factor/passkeys/new/")
    axe(page)
    page.locator("[name=name]").fill("This computer")

    page.get_by_role("button", name="Add a passkey").click()

    page.wait_for_url("**/recovery-codes/")
    axe(page)
    page.get_by_role("button", name="I have kept them").click()
    page.goto("/fr/second-factor/passkeys/")
    expect(page.locator("main")).to_contain_text("This computer")
    axe(page)
    page.locator("main .slip a").first.click()
    axe(page)
    page.goto("/fr/second-factor/passkeys/again/?next=/fr/second-factor/")
    axe(page)
    page.locator("main form[data-passkey] button").click()
    page.wait_for_url(lambda url: url.endswith("/fr/second-factor/") and "?" not in url)
    axe(page)
    page.goto("/fr/second-factor/sessions/")
    axe(page)
    page.goto("/en/sign-out/")
    page.locator("main button").click()
    page.goto("/en/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/home/")

    # Without the finger nobody is signed in, and the page says so.
    page.goto("/en/sign-out/")
    page.locator("main button").click()
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": finger, "isUserVerified": False})
    page.goto("/en/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-passkey-error]")).to_have_text(
        "The passkey was not used. Try again, or use another way."
    )


def test_the_lock_covers_the_page_and_what_was_typed_lives_on(
    site: server.Site, sign_in: OpenPage, axe: Callable[[Page], None]
) -> None:
    page = sign_in("nadia@lantern.example")
    page.clock.install()
    page.goto("/en/password/")
    page.locator("[name=oldpassword]").first.fill("half a sentence")
    page.route("**/sign-in/active/", lambda route: route.fulfill(json={"left": 0}))

    page.clock.fast_forward("15:00")

    lock = page.locator("dialog.lock")
    expect(lock).to_be_visible()
    expect(page.locator("h1")).to_be_hidden()
    axe(page)
    page.keyboard.press("Escape")
    expect(lock).to_be_visible()
    lock.locator("[name=password]").fill("wrong")
    lock.get_by_role("button", name="Unlock").click()
    expect(lock.get_by_role("alert")).to_have_text("The password is not right.")
    lock.locator("[name=password]").fill(site.password)
    lock.get_by_role("button", name="Unlock").click()
    expect(lock).to_be_hidden()
    expect(page.locator("[name=oldpassword]").first).to_have_value("half a sentence")
