"""The pages of the person's rights, as her worker and the privacy officer use them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client as Browser

from partners import audit
from partners.models import AuditEvent, User
from referrals import clients
from referrals.consent import disclose
from referrals.models import Client, ClientCorrection, LegalHold, Referral
from referrals.rights import corrections
from tests.referrals.pages import NAME, SECRETS, World, address, browser, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def peter(world: World) -> User:
    """A privacy officer and nothing else: works with no client."""
    return member("Peter", world.lantern, "privacy_officer")


def text(answer: Any) -> str:
    return answer.content.decode()


def found_by_code(peter: User, world: World, code: str) -> Any:
    return browser(peter).post(address("rights"), {"code": code})


def test_the_officer_finds_a_file_by_its_code_and_sees_no_name(world: World, peter: User) -> None:
    theirs = member("Olga", world.northern, "privacy_officer")

    found = found_by_code(peter, world, f" {world.person.code.lower()} "[1:8])
    page = browser(peter).get(found["Location"])

    assert found["Location"] == address("rights_client", world.person.pk)
    assert page.status_code == 200
    assert world.person.code in text(page)
    assert [secret for secret in SECRETS if secret in text(page)] == []
    for user, code in ((peter, "AAA-AAA"), (theirs, world.person.code)):
        assert browser(user).post(address("rights"), {"code": code}).status_code == 400
    assert browser(theirs).get(found["Location"]).status_code == 404


def test_who_saw_it_names_colleagues_and_the_partner_but_not_its_people(world: World, peter: User) -> None:
    referral = world.accepted()
    clients.open_file(actor=world.actor(world.nadia), client_id=world.person.pk)
    disclose(Referral.objects.get(pk=referral.pk), world.actor(world.tom))

    page = text(browser(peter).get(address("rights_seen", world.person.pk)))
    french = text(browser(world.nadia, "fr").get(address("rights_seen", world.person.pk, language="fr")))

    assert "Nadia" in page
    assert "Northern (demo)" in page
    assert "Tom" not in page
    assert "Name and birth date" in page
    assert "Dossier" in french
    # The address of the file stands in the links of the page; an id of anything else says nothing to her.
    assert str(referral.pk) not in page
    assert [secret for secret in SECRETS if secret in page] == []


def test_who_saw_it_is_flat_and_paged(world: World, assert_flat: Any) -> None:
    nadia, officer = world.actor(world.nadia), browser(world.paula)
    url = address("rights_seen", world.person.pk)

    def grow() -> None:
        for _number in range(60):
            clients.open_file(actor=nadia, client_id=world.person.pk)

    clients.open_file(actor=nadia, client_id=world.person.pk)
    assert_flat(lambda: officer.get(url), grow)
    assert "51 to " in text(officer.get(url + "?page=2"))
    for page in ("0", "-1", "x", "9" * 5000):
        assert officer.get(url, {"page": page}).status_code == 200


def test_a_change_keeps_what_was_before_and_why(world: World) -> None:
    nadia = browser(world.nadia)
    edit = address("client_edit", world.person.pk)
    given = {
        "chosen_name": NAME,
        "age_band": "25_34",
        "language": "fr",
        "methods": ["text"],
        "phone": "204-555-0189",
        "text": "on",
        "health": "New health",
        "family": "Planted family",
        "situation": "Planted situation",
        "reason": "She told us",
    }

    assert nadia.post(edit, given).status_code == 302

    kept = {row.field: row for row in ClientCorrection.objects.all()}
    assert set(kept) == {"health", "language", "safe_contact"}
    assert (kept["health"].before, kept["health"].reason) == ("Planted health", "She told us")
    page = text(nadia.get(address("rights_history", world.person.pk)))
    for words in ("Planted health", "She told us", "204-555-0188", "English", "Nadia"):
        assert words in page
    assert AuditEvent.objects.filter(action="client.history", result="released").count() == 1
    nadia.post(edit, given)
    assert ClientCorrection.objects.count() == 3, "nothing was changed the second time"


def test_a_correction_that_is_not_made_leaves_her_words_and_why(world: World) -> None:
    nadia = browser(world.nadia)
    url = address("rights_history", world.person.pk)

    assert nadia.post(url, {"statement": "I was never there", "reason": ""}).status_code == 400
    assert not ClientCorrection.objects.exists()
    assert (
        nadia.post(url, {"statement": "I was never there", "reason": "A report says so"}).status_code == 302
    )

    page = text(nadia.get(url))
    assert "I was never there" in page
    assert "A report says so" in page
    assert "Statement of the person" in page
    assert audit.verify()[1] is None
    with pytest.raises(corrections.Invalid):
        clients.change_client(
            actor=world.actor(world.nadia), client_id=world.person.pk, reason="x" * 501, pronouns="they"
        )
    assert ClientCorrection.objects.count() == 1


def test_the_export_is_a_download_that_names_nobody_outside_itself(world: World, peter: User) -> None:
    url = address("rights_export", world.person.pk)
    for user in (world.nadia, peter):
        seen = browser(user).get(url)
        answer = browser(user).post(url)
        assert NAME not in text(seen)
        assert answer["Content-Type"] == "application/zip"
        assert answer["Content-Disposition"] == 'attachment; filename="export.zip"'
        assert answer["Cache-Control"] == "no-store"
        assert NAME in zipfile.ZipFile(io.BytesIO(answer.content)).read("export.html").decode()
    assert AuditEvent.objects.filter(action="client.export").count() == 2


def test_a_hold_is_placed_and_ended_and_stops_deletion(world: World, peter: User) -> None:
    officer = browser(peter)
    page, delete = address("rights_client", world.person.pk), address("rights_delete", world.person.pk)
    place = address("hold_new", world.person.pk)
    assert officer.post(place, {"authority": ""}).status_code == 400

    assert officer.post(place, {"authority": "court", "reason": "Order 12"}).status_code == 302

    hold = LegalHold.objects.get()
    assert "Order 12" in text(officer.get(page))
    assert "Delete for good" not in text(officer.get(delete))
    refused = officer.post(delete, {"code": world.person.code})
    assert refused.status_code == 409
    assert "legal hold" in text(refused)
    assert AuditEvent.objects.get(action="client.delete").result == "refused"
    assert officer.post(address("hold_end", hold.pk)).status_code == 302
    assert officer.post(address("hold_end", hold.pk)).status_code == 409
    assert "Delete for good" in text(officer.get(delete))


def test_deletion_in_two_steps(world: World, peter: User) -> None:
    referral = world.accepted()
    disclose(Referral.objects.get(pk=referral.pk), world.actor(world.tom))
    officer, delete = browser(peter, "fr"), address("rights_delete", world.person.pk, language="fr")

    dry = text(officer.get(delete))

    for words in (world.person.code, referral.code, "Northern (demo)", "Accepté"):
        assert words in dry
    assert [secret for secret in SECRETS if secret in dry] == []
    for code in ("", "AAA-AAA"):
        assert officer.post(delete, {"code": code}).status_code == 400
    assert Client.objects.filter(pk=world.person.pk).exists()
    assert officer.post(delete, {"code": world.person.code}).status_code == 302
    assert not Client.objects.filter(pk=world.person.pk).exists()
    tom: Browser = browser(world.tom)
    assert tom.get(address("detail", referral.pk)).status_code == 404
    assert referral.code not in text(tom.get(address("inbox")))
    assert officer.get(delete).status_code == 404


def test_the_dry_run_of_retention_is_the_own_organizations(world: World, peter: User) -> None:
    draft = world.draft()
    Referral.objects.filter(pk=draft.pk).update(last_modified="2020-01-02T12:00:00+00:00")
    olga = member("Olga", world.northern, "privacy_officer")

    own, theirs = (text(browser(user).get(address("rights_retention"))) for user in (peter, olga))

    assert draft.code in own
    assert draft.code not in theirs
    assert "14 days" in theirs
    assert [secret for secret in SECRETS if secret in own] == []
    assert Referral.objects.filter(pk=draft.pk).exists()
