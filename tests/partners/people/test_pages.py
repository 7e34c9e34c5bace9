"""The pages of members and invitations, from the mail to the first page of a new member."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone, translation

from partners.models import Invitation, Membership, OutboxRow, User
from partners.people import letters
from tests.partners.conftest import PASSWORD
from tests.partners.people.conftest import People

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "a kettle and four spoons"
JOINING = {"full_name": "Newt", "language": "fr", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
INVITED = {"full_name": "Newt", "email": "newt@people.example", "language": "fr", "roles": ["worker"]}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def inside(content: bytes) -> bytes:
    """What the page itself says; the frame links to the same address in the other language."""
    return content.split(b"<main")[1].split(b"</main>")[0]


def link() -> str:
    row = OutboxRow.objects.filter(kind="invitation").latest("created_at")
    (letter,) = letters.invitation_letter(row)
    return re.sub(r"^https?://[^/]+", "", letter.url)


def test_from_the_invitation_to_the_second_step(people: People, settings: LazySettings) -> None:
    ada = signed_in(people.users["ada"])
    refused = ada.post("/en/members/invite/", {**INVITED, "roles": ["evaluator"], "email": "x"})
    assert refused.status_code == 400
    assert ada.post("/en/members/invite/", INVITED)["Location"] == "/en/members/"
    listed = ada.get("/en/members/").content.decode()
    assert "newt@people.example" in listed

    path = link()
    assert path.startswith("/fr/invitation/")
    newt = Client()
    before = list(Invitation.objects.values())
    page = newt.get(path)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "strict-origin")
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "Lanterne (démo)" in page.content.decode()
    assert list(Invitation.objects.values()) == before
    assert newt.post(path, {**JOINING, "again": "another one entirely"}).status_code == 400
    assert newt.post(path, {**JOINING, "password": "short", "again": "short"}).status_code == 400
    assert not User.objects.filter(email="newt@people.example").exists()

    settings.REQUIRE_SECOND_FACTOR = True
    assert newt.post(path, JOINING).status_code == 302
    assert newt.get("/fr/home/")["Location"] == "/fr/second-factor/set-up/"
    dead, guessed = Client().get(path), Client().get("/fr/invitation/guessed/")
    assert (dead.status_code, guessed.status_code) == (404, 404)
    assert inside(dead.content) == inside(guessed.content)


def test_an_account_accepts_signed_in_and_acts_there_at_once(people: People) -> None:
    ada = signed_in(people.users["ada"])
    ada.post("/en/members/invite/", {**INVITED, "email": "tom@people.example"})
    path = link()
    stranger = Client().get(path)
    assert stranger.status_code == 200
    assert b"<form" not in inside(stranger.content)
    assert signed_in(people.users["nadia"]).post(path).status_code == 200
    assert not Membership.objects.filter(user=people.users["tom"], organization=people.lantern).exists()

    tom = signed_in(people.users["tom"])
    assert tom.post(path)["Location"].endswith("/organization/")
    page = tom.get("/en/organization/").content.decode()
    assert "Lantern (demo)" in page


def test_roles_change_and_a_membership_ends_on_the_page(people: People) -> None:
    ada, nadia = signed_in(people.users["ada"]), people.users["nadia"]
    path = f"/en/members/{nadia.pk}/"
    assert ada.post(path, {"roles": ["listing_editor", "worker"]})["Location"] == "/en/members/"
    assert "Listing editor" in ada.get("/en/members/").content.decode()
    own = f"/en/members/{people.users['ada'].pk}/"
    last = ada.post(own, {"roles": ["worker"]})
    assert last.status_code == 400
    assert b"Give the role to somebody else first." in last.content
    assert ada.post(f"{own}end/").status_code == 400

    assert ada.post(f"{path}end/")["Location"] == "/en/members/"
    assert ada.get(path).status_code == 404


def test_a_member_leaves(people: People) -> None:
    nadia = signed_in(people.users["nadia"])
    assert nadia.get("/en/organization/leave/").status_code == 200
    assert nadia.post("/en/organization/leave/")["Location"] == "/en/"
    assert nadia.get("/en/home/")["Location"].startswith("/en/sign-in/")

    olga = people.users["olga"]
    Membership.objects.create(user=olga, organization=people.clinic, role="worker")
    client = signed_in(olga)
    client.post("/en/organization/switch/", {"organization": str(people.lantern.pk)})
    assert client.post("/en/organization/leave/")["Location"] == "/en/organization/switch/"
    assert b"Clinic (demo)" in client.get("/en/organization/").content


def test_who_was_dismissed_where_they_act_keeps_no_page_of_it(
    people: People, member: Callable[..., User]
) -> None:
    both = member("both@people.example", {people.lantern: ["manager"], people.clinic: ["worker"]})
    client = signed_in(both)
    client.post("/en/organization/switch/", {"organization": str(people.lantern.pk)})
    ended = Membership.objects.filter(user=both, organization=people.lantern)
    ended.update(ended_at=timezone.now())
    for path in ("/en/members/", "/en/members/invite/", "/en/organization/agreement/", "/en/notices/"):
        assert client.get(path).status_code == 403, path


def test_several_hats_are_chosen_after_signing_in(people: People, member: Callable[..., User]) -> None:
    member("both@people.example", {people.lantern: ["worker"], people.clinic: ["worker"]}, language="fr")
    for email, where in (("both", "/fr/organization/switch/"), ("nadia", "/en/home/")):
        sent = {"login": f"{email}@people.example", "password": PASSWORD}
        assert Client().post("/en/sign-in/", sent)["Location"] == where


def test_the_header_stays_short_and_the_hub_holds_the_rest(
    people: People, member: Callable[..., User], django_assert_max_num_queries: Callable[..., object]
) -> None:
    roles = ["organization_admin", "manager", "privacy_officer", "listing_editor", "worker"]
    every = signed_in(member("every@people.example", {people.lantern: roles}))
    lea = signed_in(people.users["lea"])
    seen = {}
    for name, client in (("every", every), ("lea", lea), ("mo", signed_in(people.users["mo"]))):
        with django_assert_max_num_queries(12):
            page = client.get("/en/organization/")
        header = page.content.decode().split("<nav")[1].split("</nav>")[0]
        assert header.count("<a ") <= 7
        assert header.count('aria-current="page"') == 1
        seen[name] = page.content.decode()
        with django_assert_max_num_queries(12):
            client.get("/en/members/")
    for path in ("/en/members/", "/en/audit/", "/en/rights/", "/en/reviews/", "/en/police-channel/"):
        assert (f'href="{path}"' in seen["every"], f'href="{path}"' in seen["mo"]) == (
            True,
            path == "/en/members/",
        )
    audit = every.get("/en/audit/").content.decode()
    assert re.search(r'href="/en/organization/" aria-current="page"', audit)


def test_the_pages_speak_french(people: People) -> None:
    ada = signed_in(people.users["ada"])
    with translation.override("fr"):
        for path in ("members/", "members/invite/", "organization/", "organization/leave/"):
            assert ada.get(f"/fr/{path}").status_code == 200
