"""A lost password: who gets a letter, what its link opens, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from config.logs import clean
from partners.models import AuditEvent, Organization, OutboxRow, User
from partners.notifications.kinds import Letter, writer_of
from partners.signing import forgotten

PASSWORD, GOOD = "three rivers under ice", "a longer walk home"
ASK = "/en/password/forgotten/"
pytestmark = pytest.mark.django_db


def letter() -> Letter:
    row = OutboxRow.objects.get(kind=forgotten.KIND)
    writer = writer_of(row)
    assert writer is not None
    return writer(row)[0]


def link_of(user: User) -> str:
    return f"/en/password/new/{forgotten.token_of(user)}/"


def enter(client: Client, link: str, first: str = GOOD, second: str = GOOD) -> Any:
    return client.post(link, {"new_password1": first, "new_password2": second})


def test_the_answer_is_the_same_for_everybody(client: Client, nadia: User) -> None:
    User.objects.create_user("gone@lantern.example", PASSWORD, full_name="Gone", is_active=False)
    User.objects.create_user("alone@lantern.example", PASSWORD, full_name="In no organization")
    addresses = [
        nadia.email.upper(),
        "nobody@lantern.example",
        "gone@lantern.example",
        "alone@lantern.example",
    ]

    answers = [client.post(ASK, {"email": address}) for address in addresses]

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    row = OutboxRow.objects.get()
    assert (row.object_id, row.kind, row.code) == (nadia.pk, "sign_in.password", "")
    assert client.post(ASK, {"email": "no address"}).context["form"].errors


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_letter_is_in_the_members_language_and_names_nobody(
    client: Client, nadia: User, language: str
) -> None:
    User.objects.filter(pk=nadia.pk).update(language=language)
    client.post(ASK, {"email": nadia.email})

    mail = letter()

    assert (mail.address, mail.language, mail.recipient) == (nadia.email, language, nadia.pk)
    assert f"/{language}/password/new/" in mail.url
    assert "Nadia" not in " ".join([mail.subject, *mail.lines, *mail.closing])
    assert mail.url.rpartition("/new/")[2] not in clean(f"GET {mail.url}")
    assert mail.url.rpartition("/new/")[2].strip("/") not in str(OutboxRow.objects.values())
    User.objects.filter(pk=nadia.pk).update(is_active=False)
    assert forgotten.letter(OutboxRow.objects.get()) == []


def test_the_link_sets_a_password_once_and_ends_every_session(client: Client, nadia: User) -> None:
    there = Client()
    there.post("/en/sign-in/", {"login": nadia.email, "password": PASSWORD})
    nadia.refresh_from_db()
    link = link_of(nadia)
    assert client.get(link).status_code == 200
    assert client.head(link).status_code == 200
    assert "12" in enter(client, link, "short", "short").content.decode()
    assert "not the same" in enter(client, link, GOOD, "another long one").content.decode()
    assert "Nadia" not in client.get(link).content.decode()

    assert enter(client, link)["Location"] == "/en/sign-in/"

    assert "_auth_user_id" not in client.session  # it opens no session
    assert there.get("/en/second-factor/sessions/").status_code == 302
    nadia.refresh_from_db()
    assert nadia.check_password(GOOD)
    assert client.get(link).status_code == 404
    assert enter(client, link, "yet another walk", "yet another walk").status_code == 404
    nadia.refresh_from_db()
    assert nadia.check_password(GOOD)
    row = AuditEvent.objects.get(action="password.reset")
    assert (row.user_id, row.channel, row.chain) == (
        nadia.pk,
        "link",
        nadia.memberships.get().organization_id,
    )


def test_dead_and_made_up_links_open_nothing(client: Client, nadia: User, lantern: Organization) -> None:
    good = forgotten.token_of(nadia)
    other = User.objects.create_user("omar@lantern.example", PASSWORD, full_name="Omar (demo)")
    dead = [
        f"{other.pk.hex}.{good.partition('.')[2]}",
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        nadia.pk.hex,
        "junk",
        ".",
        "٣.x",
    ]
    for token in dead:
        assert enter(client, f"/en/password/new/{token}/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert enter(client, f"/en/password/new/{good}/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        assert client.get(f"/en/password/new/{good}/").status_code == 200
    User.objects.filter(pk=nadia.pk).update(is_active=False)
    assert enter(client, f"/en/password/new/{good}/").status_code == 404
    nadia.refresh_from_db()
    assert nadia.check_password(PASSWORD)


def test_asking_is_limited_by_address_and_by_place(client: Client, nadia: User) -> None:
    for _ in range(4):
        assert client.post(ASK, {"email": nadia.email}).status_code == 200
    assert OutboxRow.objects.count() == 3

    for number in range(6):
        client.post(ASK, {"email": f"{number}@lantern.example"})
    assert client.post(ASK, {"email": "last@lantern.example"}).status_code == 429


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_it_renders(client: Client, nadia: User, language: str) -> None:
    assert client.get(f"/{language}/password/forgotten/").status_code == 200
    assert client.post(f"/{language}/password/forgotten/", {"email": nadia.email}).status_code == 200
    assert client.get(link_of(nadia).replace("/en/", f"/{language}/")).status_code == 200
    assert client.get(f"/{language}/password/new/junk/").status_code == 404
