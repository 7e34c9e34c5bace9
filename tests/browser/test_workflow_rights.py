"""What protects a person, and her rights, as those concerned walk through them."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import places
from tests.browser.conftest import OpenPage
from tests.browser.mails import read_mails
from tests.browser.reader import Reader, opens_a_file, records_consent, sends
from tests.browser.server import Site

Member = Callable[[str], Reader]
NAME, SITUATION, NUMBER = "Hildegard", "Her brother looks for her", "204-555-0177"
# A name that no other journey uses: what a list does not hold is looked for by its code.
HIDDEN = "Walburga"
SECRETS = [NAME, SITUATION, NUMBER]
GROUPS = ["identity", "contact", "situation"]
LETTER = settings.BASE_DIR / "fixtures" / "network" / "demo_letter.pdf"
NOTE, REASON = "She comes on foot", "She stands at the door and nobody of the team is here"


@pytest.fixture(params=["en", "fr"])
def member(request: pytest.FixtureRequest, sign_in: OpenPage, axe: Callable[[Page], None]) -> Member:
    """``member("nadia@lantern.example")``, in one language and then in the other."""
    return lambda email: Reader(sign_in(email, language=request.param), request.param, axe)


def test_under_18_stops_until_it_is_reported(site: Site, member: Member) -> None:
    nadia, tom = member("nadia@lantern.example"), member("tom@redriver.example")
    today = timezone.localdate()
    born = datetime.date(today.year - 16, 1, 15).isoformat()
    file = opens_a_file(nadia, NAME, birth_date=born, phone=NUMBER)
    nadia.told("Under 18: you must report")
    expect(nadia.main).to_contain_text("911")
    expect(nadia.main.locator("a[href='tel:+18663459241']").first).to_be_visible()
    clinic = places.service_id(site, "red-river-stbbi")
    consent = {
        "field_groups": ["identity"],
        "consent_state": "now",
        "how": "written",
        "given_by": "self",
        "given_by_reason": "She understands it",
    }
    sends(nadia, file, clinic, "stbbi", **consent)
    nadia.arrive(nadia.say("Under 18: you must report"))
    nadia.follow("Record the report")
    nadia.arrive(nadia.say("Under 18: you must report"))
    nadia.fill(state="reported", reported_to="Child and Family Services")
    nadia.press("Record the report")
    nadia.arrive(NAME)
    nadia.main.locator("a[href*='/referrals/']").filter(has=nadia.page.locator(".code")).first.click()
    nadia.press("Send referral")
    expect(nadia.status()).to_have_text(nadia.whole("Sent"))
    tom.goto(nadia.path())
    tom.holds_none([NAME, "Child and Family Services", "She understands it"])
    read_mails(site, [NAME, "Child and Family Services"])


def test_a_consent_withdrawn_by_phone_closes_all(site: Site, member: Member) -> None:
    nadia, tom = member("nadia@lantern.example"), member("tom@redriver.example")
    file = opens_a_file(nadia, NAME, situation=SITUATION, phone=NUMBER)
    records_consent(nadia, file, "river", GROUPS)
    path = sends(nadia, file, places.service_id(site, "red-river-counselling"), "counselling")
    tom.goto(path)
    tom.press("Accept")
    tom.fill(text=NOTE)
    tom.press("Send message")
    tom.page.locator("[name=file]").set_input_files(LETTER)
    tom.press("Send file")
    expect(tom.page.locator("#documents")).to_contain_text(LETTER.name)
    tom.axe(tom.page)
    document = tom.page.locator("#documents a[download]").get_attribute("href")
    assert document
    nadia.goto(path)
    expect(nadia.page.locator("#messages")).to_contain_text(NOTE)
    nadia.axe(nadia.page)
    nadia.press("Mark as read")
    with nadia.page.expect_download() as download:
        nadia.page.locator("#documents a[download]").click()
    assert LETTER.name not in download.value.suggested_filename
    nadia.goto(file)
    nadia.follow("Withdraw", "consent")
    nadia.fill(how="phone", told_by="She called herself")
    nadia.press("Withdraw consent")
    nadia.told("Consent withdrawn")
    nadia.axe(nadia.page)
    tom.goto(path)
    tom.arrive(tom.say("Referral"))
    tom.told("No longer shared. Contact the sender.")
    tom.holds_none([*SECRETS, NOTE, LETTER.name])
    assert tom.page.locator("[name=text], [name=file]").count() == 0
    assert tom.page.request.get(document).status == 404
    mails = read_mails(site, [*SECRETS, NOTE, LETTER.name, "She called herself"])
    assert "tom@redriver.example" in mails.readers


def test_a_broken_glass_is_reviewed(site: Site, member: Member) -> None:
    nadia, rosa, paula = map(
        member, ("nadia@lantern.example", "rosa@lantern.example", "paula@lantern.example")
    )
    file = opens_a_file(nadia, HIDDEN, situation=SITUATION, phone=NUMBER)
    code = nadia.page.locator("h1 ~ p .code").first.inner_text()
    nadia.follow("Restrict this file")
    nadia.arrive(nadia.say("Care team"))
    nadia.fill(restricted=True)
    nadia.press("Save")
    nadia.goto(file)
    nadia.told("Restricted: only the care team opens this file.")
    answer = rosa.page.goto(f"/{rosa.language}/{file}")
    assert answer is not None
    assert answer.status == 404
    rosa.goto("clients/")
    rosa.holds_none([code])
    rosa.follow("Open a restricted file")
    rosa.arrive(rosa.say("Open a restricted file"))
    rosa.fill(code=code, reason=REASON)
    rosa.press("Open for one hour")
    rosa.arrive(HIDDEN)
    expect(rosa.main).to_contain_text(SITUATION)
    paula.goto("reviews/")
    paula.axe(paula.page)
    paula.main.get_by_role("listitem").filter(has_text=paula.say("To review")).get_by_role(
        "link"
    ).first.click()
    paula.arrive(paula.say("A restricted file was opened"))
    expect(paula.main).to_contain_text(REASON)
    paula.holds_none([HIDDEN, SITUATION])
    paula.press("Mark as reviewed")
    paula.axe(paula.page)
    mails = read_mails(site, [HIDDEN, SITUATION, REASON, code])
    assert "paula@lantern.example" in mails.readers


def test_export_who_saw_and_deletion(site: Site, member: Member) -> None:
    nadia, paula = member("nadia@lantern.example"), member("paula@lantern.example")
    file = opens_a_file(nadia, NAME, situation=SITUATION, phone=NUMBER)
    code = nadia.page.locator("h1 ~ p .code").first.inner_text()
    nadia.follow("Everything that is held, to take along")
    with nadia.page.expect_download() as download:
        nadia.press("Make the file")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as made:
        whole = b"".join(made.read(name) for name in made.namelist())
    assert NAME.encode() in whole
    assert SITUATION.encode() in whole
    assert NAME not in download.value.suggested_filename
    nadia.goto(f"{file}seen/")
    nadia.arrive(nadia.say("Who saw the file"))
    expect(nadia.main).to_contain_text("Nadia (demo)")
    finds_by_code(paula, code)
    paula.fill(authority="court", reason="A letter of the court")
    paula.press("Place a hold")
    paula.told("The file is on hold. Nothing of it is deleted.")
    paula.axe(paula.page)
    paula.follow("Delete the file")
    paula.arrive(paula.say("Delete the file"))
    expect(paula.main.get_by_role("button", name=paula.say("Delete for good"))).to_have_count(0)
    finds_by_code(paula, code)
    paula.press("End the hold")
    paula.follow("Delete the file")
    paula.axe(paula.page)
    paula.holds_none([NAME, SITUATION])
    paula.fill(code="AAA-AAA")
    paula.press("Delete for good")
    expect(paula.page.get_by_role("alert")).to_be_visible()
    paula.axe(paula.page)
    paula.fill(code=code)
    paula.press("Delete for good")
    paula.arrive(paula.say("Rights of the person"))
    answer = nadia.page.goto(f"/{nadia.language}/{file}")
    assert answer is not None
    assert answer.status == 404


def finds_by_code(paula: Reader, code: str) -> None:
    paula.goto("rights/")
    paula.arrive(paula.say("Rights of the person"))
    paula.fill(code=code)
    paula.press("Find the file")
    paula.arrive(code)
