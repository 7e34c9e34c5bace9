"""Open sessions: what is kept of them, who sees and ends them, and what ends them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client

from partners.models import AuditEvent, OpenSession, Organization, User
from partners.signing import sessions

PASSWORD = "three rivers under ice"
PAGE = "/en/second-factor/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
pytestmark = pytest.mark.django_db


def signed_in(user: User, agent: str = FIREFOX) -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR="203.0.113.9")
    client.post("/en/sign-in/", {"login": user.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (FIREFOX, "Firefox"),
        (EDGE, "Edge"),
        ("… Chrome/130.0 Safari/537.36", "Chrome"),
        ("… Version/18.0 Mobile/15E148 Safari/604.1", "Safari"),
        ("… CriOS/130.0 Mobile/15E148 Safari/604.1", "Chrome"),
        ("… SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36", "Samsung Internet"),
        ("… Chrome/130.0 Safari/537.36 OPR/115.0", "Opera"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_of_the_browser_its_family_is_known(agent: str, family: str) -> None:
    assert sessions.family_of(agent) == family


def test_the_page_shows_ones_own_and_ends_one_or_all_others(
    nadia: User, member: Callable[..., User], lantern: Organization
) -> None:
    here, there, third = signed_in(nadia), signed_in(nadia, EDGE), signed_in(nadia, "curl/8.0")
    foreign = signed_in(member("omar@lantern.example", {lantern: ["manager"]}))

    page = here.get(PAGE)
    assert page.context["current"].session_key == here.session.session_key
    assert [row.browser for row in page.context["others"]] == ["", "Edge"]
    text = page.content.decode()
    assert "Another browser" in text
    assert "203.0.113" not in text
    assert "Windows" not in text

    stranger = OpenSession.objects.get(session_key=foreign.session.session_key).pk
    own = page.context["current"].pk
    for wrong in (str(stranger), str(own), "0", "x", "", "9" * 40, "٣"):
        assert here.post(PAGE, {"session": wrong}).status_code == 404
    assert is_in(foreign)
    assert is_in(there)
    assert is_in(third)

    edge = OpenSession.objects.get(browser="Edge").pk
    assert here.post(PAGE, {"session": edge})["Location"] == PAGE
    assert not is_in(there)
    assert is_in(third)
    here.post(PAGE, {"session": "others"})
    assert not is_in(third)
    assert is_in(here)
    assert is_in(foreign)
    assert "nowhere else" in here.get(PAGE).content.decode()
    row = AuditEvent.objects.filter(action="session.end").latest("sequence")
    assert (row.user_id, row.details) == (nadia.pk, {"sessions": 1})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_costs_the_same_however_many_there_are(
    nadia: User, language: str, assert_flat: Callable[..., None]
) -> None:
    here = signed_in(nadia)
    assert_flat(
        lambda: here.get(f"/{language}/second-factor/sessions/"),
        lambda: [signed_in(nadia) for _ in range(3)],
    )


def test_no_address_stands_in_a_row_and_times_are_hours(nadia: User) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 15, 40, tzinfo=UTC), tick=False) as clock:
        client = signed_in(nadia, EDGE)
        assert {field.name for field in OpenSession._meta.fields} == {
            "id",
            "session_key",
            "user",
            "browser",
            "started_at",
            "last_seen_at",
        }
        clock.shift(timedelta(minutes=10))
        client.post("/en/sign-in/active/")
        assert OpenSession.objects.get().last_seen_at == datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
        clock.shift(timedelta(minutes=14))
        client.get(PAGE)  # reading writes nothing
        assert OpenSession.objects.get().last_seen_at.hour == 15
        client.post("/en/sign-in/active/")
        assert OpenSession.objects.get().last_seen_at.hour == 16


def test_a_new_password_ends_every_other_session(nadia: User) -> None:
    here, there = signed_in(nadia), signed_in(nadia, EDGE)
    good = "a longer walk home"

    here.post("/en/password/", {"oldpassword": PASSWORD, "password1": good, "password2": good})

    assert is_in(here)
    assert not is_in(there)
    assert OpenSession.objects.get().session_key == here.session.session_key
    assert "password.change" in AuditEvent.objects.values_list("action", flat=True)


def test_whoever_leaves_is_out_everywhere(nadia: User) -> None:
    here, there = signed_in(nadia), signed_in(nadia)

    assert sessions.end_all(nadia.pk) == 2

    assert not is_in(here)
    assert not is_in(there)
    assert not OpenSession.objects.exists()


def test_signing_out_and_the_clock_leave_no_row_behind(nadia: User) -> None:
    signed_in(nadia).post("/en/sign-out/")
    assert not OpenSession.objects.exists()

    client = signed_in(nadia)
    client.session.delete(client.session.session_key)
    sessions.forget_ended()
    assert OpenSession.objects.exists()  # it may be about to be saved
    OpenSession.objects.update(started_at=datetime(2026, 1, 1, tzinfo=UTC))
    sessions.forget_ended()
    assert not OpenSession.objects.exists()


def test_limits_outlive_the_process(client: Client, nadia: User) -> None:
    """What a new process starts with is the database alone: no connection and no memory of the old one."""
    for _ in range(5):
        client.post("/en/sign-in/", {"login": nadia.email, "password": "wrong"})
    before = caches["default"]
    del caches["default"]
    assert caches["default"] is not before

    page: Any = Client().post("/en/sign-in/", {"login": nadia.email, "password": PASSWORD})

    assert page.status_code == 200
    assert "Too many attempts" in page.content.decode()
