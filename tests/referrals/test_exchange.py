"""Messages and files on the page of a referral: new until read, closed with the consent."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from partners import crypto
from partners.models import AuditEvent
from partners.uploads import MAX_BYTES
from referrals.consent_acts import withdraw_consent
from referrals.models import Document, ReadMark, Referral, TimelineEvent
from tests.factories.files import pdf, photo, picture
from tests.referrals.pages import World, address, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def send(page: Browser, referral: Referral, content: bytes, name: str = "Wren Planted.png") -> Any:
    file = SimpleUploadedFile(name, content, "text/html")
    return page.post(address("document_new", referral.pk), {"file": file})


def page_of(page: Browser, referral: Referral) -> str:
    return page.get(address("detail", referral.pk)).content.decode()


def test_a_file_is_sent_shown_fetched_and_recorded(world: World) -> None:
    referral = world.accepted()
    nadia, tom = browser(world.nadia), browser(world.tom)

    assert send(nadia, referral, photo(), "../Wren Planted.html").status_code == 302
    document = Document.objects.get()
    link = address("document", referral.pk, document.pk)
    shown = page_of(tom, referral)
    assert link in shown
    assert "Wren Planted.html.jpg" in shown
    assert not AuditEvent.objects.filter(action="document.open").exists()

    got = tom.get(link)

    assert got["Content-Disposition"] == f'attachment; filename="{referral.code}-1.jpg"'
    assert "Planted" not in str(got.headers)
    assert got["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "no-store, private")
    assert got.content == document.content
    [one, two] = AuditEvent.objects.filter(action="document.open")
    assert {one.chain, two.chain} == {world.lantern.pk, world.northern.pk}
    assert TimelineEvent.objects.filter(referral=referral, kind="document").count() == 1
    assert tom.head(link).status_code == 405


def test_nothing_leaves_when_the_release_can_not_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = world.accepted()
    send(browser(world.nadia), referral, picture())

    def broken(*args: object, **given: object) -> None:
        raise OSError

    monkeypatch.setattr("referrals.reading.audit.record", broken)
    with pytest.raises(OSError):  # noqa: PT011 - it has no words
        browser(world.tom).get(address("document", referral.pk, Document.objects.get().pk))


def test_who_may_fetch_a_file(world: World) -> None:
    referral, other = world.accepted(), world.accepted(world.client(chosen_name="Robin Planted"))
    send(browser(world.nadia), referral, pdf(), "a.pdf")
    document = Document.objects.get()
    link = address("document", referral.pk, document.pk)

    assert Browser().get(link).status_code == 302
    assert [browser(user).get(link).status_code for user in (world.pat, world.eva)] == [404, 404]
    assert browser(world.tom).get(address("document", other.pk, document.pk)).status_code == 404
    assert send(browser(world.pat), referral, pdf()).status_code == 404
    withdraw_consent(actor=world.actor(world.nadia), consent_id=referral.consent_id, how="phone")

    assert browser(world.tom).get(link).status_code == 404
    assert send(browser(world.tom), referral, pdf()).status_code == 404
    assert link not in page_of(browser(world.tom), referral)
    assert browser(world.nadia).get(link).status_code == 200
    assert send(browser(world.nadia), referral, pdf()).status_code == 422
    assert Document.objects.count() == 1


def test_nothing_is_written_to_a_body_outside_the_network(world: World) -> None:
    referral = world.sent()
    Referral.objects.filter(pk=referral.pk).update(kind="logged")
    nadia = browser(world.nadia)

    assert send(nadia, referral, pdf()).status_code == 403
    assert nadia.post(address("message", referral.pk), {"text": "Words"}).status_code == 403
    assert 'id="document-file"' not in page_of(nadia, referral)


def test_before_acceptance_the_receiver_sees_no_file(world: World) -> None:
    referral = world.sent()
    send(browser(world.nadia), referral, picture())
    tom = browser(world.tom)

    assert 'id="documents"' not in page_of(tom, referral)
    assert tom.get(address("document", referral.pk, Document.objects.get().pk)).status_code == 404
    assert send(tom, referral, picture()).status_code == 403
    assert "unread" not in tom.get(address("inbox")).content.decode()


def test_a_draft_and_an_ended_referral_take_no_file(world: World) -> None:
    draft = world.draft(consent_id=world.consent().pk)
    assert send(browser(world.nadia), draft, picture()).status_code == 409
    ended = world.act(world.accepted(), "close", outcome="could_not_reach", date="2026-01-01")
    assert send(browser(world.nadia), ended, picture()).status_code == 409
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("language", "content", "words"),
    [
        ("en", b"", "This file is empty."),
        ("en", b"<script>alert(1)</script>", "Only PDF, PNG and JPEG files can be sent."),
        ("en", bytes(MAX_BYTES + 1), "This file is larger than 10 MB."),
        ("fr", b"words", "Seuls les fichiers PDF, PNG et JPEG peuvent être envoyés."),
    ],
)
def test_what_can_not_be_kept_is_said_at_the_field(
    world: World, language: str, content: bytes, words: str
) -> None:
    referral = world.accepted()
    page = browser(world.nadia, language)
    file = SimpleUploadedFile("scan.png", content)

    answer = page.post(address("document_new", referral.pk, language=language), {"file": file})

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert page.post(address("document_new", referral.pk, language=language), {}).status_code == 400
    assert not Document.objects.exists()


def test_what_came_is_counted_until_it_is_read(world: World) -> None:
    referral = world.accepted()
    nadia, tom = browser(world.nadia), browser(world.tom)
    nadia.post(address("message", referral.pk), {"text": "First words"})
    send(nadia, referral, picture())

    def unread_rows(page: Browser, box: str) -> bool:
        return "2 unread" in page.get(address(box)).content.decode()

    shown = tom.get(address("detail", referral.pk))
    assert "2 new" in shown.content.decode()
    assert (unread_rows(tom, "inbox"), unread_rows(nadia, "sent")) == (True, False)
    assert "Message from" in tom.get(address("home")).content.decode()
    assert not ReadMark.objects.filter(organization=world.northern).exists()

    until = shown.context["read_form"].initial["until"]
    nadia.post(address("message", referral.pk), {"text": "While the page lay open"})
    assert tom.post(address("messages_read", referral.pk), {"until": until}).status_code == 302
    assert "1 new" in page_of(tom, referral)
    tom.post(address("message", referral.pk), {"text": "A reply", "until": ""})
    assert "Mark as read" not in page_of(tom, referral)
    assert "Message from" not in tom.get(address("home")).content.decode()
    assert "Message from" in nadia.get(address("home")).content.decode()
    assert browser(world.pat).post(address("messages_read", referral.pk)).status_code == 404
    assert tom.post(address("messages_read", referral.pk), {"until": "words"}).status_code == 404


def test_counting_costs_the_same_for_any_number(world: World, assert_flat: Any) -> None:
    rows = [world.accepted(world.client(chosen_name=f"Person {n}")) for n in range(3)]
    tom, nadia = browser(world.tom), browser(world.nadia)

    def grow() -> None:
        for row in rows:
            nadia.post(address("message", row.pk), {"text": "Words"})
            send(nadia, row, picture())

    assert_flat(lambda: tom.get(address("inbox")), grow)


def test_a_damaged_file_is_not_answered_as_another(world: World) -> None:
    referral = world.accepted()
    nadia = browser(world.nadia)
    send(nadia, referral, picture())
    send(nadia, referral, pdf())
    one, two = Document.objects.order_by("sent_at")
    sealed = Document.objects.filter(pk=one.pk).values_list("content", flat=True).get()
    Document.objects.filter(pk=two.pk).update(content=sealed)

    with pytest.raises(crypto.Unreadable):
        nadia.get(address("document", referral.pk, two.pk))
