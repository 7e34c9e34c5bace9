"""The idle lock: what locks, what the lock shows, who opens it, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from partners.models import OpenSession, User
from partners.signing import idle

PASSWORD = "three rivers under ice"
LOCK, WORK, ACTIVE = "/en/sign-in/locked/", "/en/second-factor/sessions/", "/en/sign-in/active/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 2, 15, 0, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def worker(clock: time_machine.Traveller, client: Client, nadia: User) -> Client:
    client.post("/en/sign-in/", {"login": nadia.email, "password": PASSWORD})
    return client


def unlock(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOCK, {"password": password, **more})


def test_it_locks_a_quarter_of_an_hour_after_the_last_request(
    worker: Client, clock: time_machine.Traveller
) -> None:
    for _step in range(3):
        clock.shift(14 * 60)
        assert worker.get(WORK).status_code == 200
    clock.shift(15 * 60)

    answer = worker.get(f"{WORK}?page=2")

    assert answer["Location"] == f"{LOCK}?next=%2Fen%2Fsecond-factor%2Fsessions%2F%3Fpage%3D2"
    page = worker.get(answer["Location"])
    assert page.status_code == 200
    for secret in ("Nadia", "nadia@", "Lantern"):
        assert secret not in page.content.decode()
    assert "_auth_user_id" in worker.session
    opened = unlock(worker, next=f"{WORK}?page=2")
    assert opened["Location"] == f"{WORK}?page=2"
    assert worker.get(WORK).status_code == 200
    assert worker.get(LOCK)["Location"] == "/en/home/"


def test_the_cookie_is_signed_for_its_session_alone(
    worker: Client, clock: time_machine.Traveller, nadia: User
) -> None:
    worker.get(WORK)
    cookie = worker.cookies[idle.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    clock.shift(16 * 60)
    other = Client()
    other.force_login(nadia)
    other.get(WORK)
    late = other.cookies[idle.COOKIE].value

    for forged in (late, "9999999999:x", "", "junk"):
        worker.cookies[idle.COOKIE] = forged
        assert worker.get(WORK)["Location"].startswith(LOCK)
    del worker.cookies[idle.COOKIE]
    assert worker.get(WORK)["Location"].startswith(LOCK)


def test_without_the_cookie_the_time_of_the_sign_in_counts(
    worker: Client, clock: time_machine.Traveller
) -> None:
    del worker.cookies[idle.COOKIE]
    clock.shift(14 * 60)
    assert worker.get(WORK).status_code == 200


def test_public_pages_set_no_cookie_and_are_no_sign_of_life(
    worker: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(14 * 60)
    page = worker.get("/en/get-help/")
    assert idle.COOKIE not in page.cookies
    clock.shift(2 * 60)
    assert worker.get("/en/get-help/").status_code == 200
    assert worker.get(WORK)["Location"].startswith(LOCK)


def test_a_form_sent_while_locked_comes_back_after_the_password(
    worker: Client, clock: time_machine.Traveller, nadia: User
) -> None:
    clock.shift(16 * 60)
    typed = {"oldpassword": PASSWORD, "password1": "Planted words\nof a form", "password2": "other"}

    lock = worker.post("/en/password/", typed)

    assert lock.status_code == 403
    assert "Planted words" not in lock.content.decode()
    sealed = lock.context["form"]["kept"].value()
    wrong = unlock(worker, "wrong", kept=sealed)
    assert wrong.context["form"]["kept"].value() == sealed
    assert "Planted words" not in wrong.content.decode()
    page = unlock(worker, kept=sealed, next="/en/password/")
    assert "Planted words\nof a form" in page.content.decode()
    assert page.context["kept"].path == "/en/password/"
    assert dict(page.context["kept"].fields) == typed
    nadia.refresh_from_db()
    assert nadia.check_password(PASSWORD)  # nothing was sent yet

    other = Client()
    other.force_login(nadia)
    assert unlock(other, kept=sealed)["Location"] == "/en/home/"  # it opens in its own session alone
    assert unlock(other, kept="junk.x")["Location"] == "/en/home/"


def test_five_wrong_tries_end_the_session(worker: Client, clock: time_machine.Traveller) -> None:
    clock.shift(16 * 60)
    for _try in range(4):
        assert "The password is not right." in unlock(worker, "wrong").content.decode()

    ended = worker.post(LOCK, {"password": "wrong"}, follow=True)

    assert ended.redirect_chain[0][0] == "/en/sign-in/"
    assert "Five wrong tries" in ended.content.decode()
    assert "_auth_user_id" not in worker.session
    assert not OpenSession.objects.exists()
    assert unlock(worker)["Location"].startswith("/en/sign-in/")


def test_right_ones_are_not_counted_against_anybody(worker: Client, clock: time_machine.Traveller) -> None:
    for _time in range(7):
        clock.shift(16 * 60)
        assert unlock(worker, next=WORK)["Location"] == WORK


def test_no_other_site_comes_next(worker: Client, clock: time_machine.Traveller) -> None:
    clock.shift(16 * 60)
    assert unlock(worker, next="https://elsewhere.example/")["Location"] == "/en/home/"


def test_the_page_hears_how_long_it_has_and_can_say_it_is_in_use(
    worker: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(10 * 60)
    assert worker.get(ACTIVE).json() == {"left": 300}
    assert worker.post(ACTIVE).json() == {"left": 900}
    clock.shift(14 * 60)
    assert worker.get(ACTIVE).json() == {"left": 60}
    clock.shift(2 * 60)
    assert worker.get(ACTIVE).json() == worker.post(ACTIVE).json() == {"left": 0}
    assert worker.get(WORK)["Location"].startswith(LOCK)

    asked = {"headers": {"Accept": "application/json"}}
    wrong = worker.post(LOCK, {"password": "wrong"}, **asked)
    assert wrong.json() == {"locked": True, "error": "The password is not right."}
    assert worker.post(LOCK, {"password": ""}, **asked).json()["locked"]
    assert worker.post(LOCK, {"password": PASSWORD}, **asked).json() == {"locked": False, "left": 900}


def test_the_api_says_so_with_a_code_of_its_own(worker: Client, clock: time_machine.Traveller) -> None:
    path = reverse("api:vocabularies")
    assert worker.get(path).status_code == 200
    clock.shift(16 * 60)

    answer = worker.get(path)

    assert (answer.status_code, answer.json()["code"]) == (401, "session_locked")


def test_signing_out_is_always_open_and_strangers_find_no_lock(
    worker: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(16 * 60)
    assert worker.post("/en/sign-out/").status_code == 302
    assert "_auth_user_id" not in worker.session
    assert Client().get(LOCK)["Location"].startswith("/en/sign-in/")


def test_pages_of_work_carry_the_lock_and_public_ones_do_not(worker: Client) -> None:
    page = worker.get(WORK).content.decode()
    assert "data-idle" in page
    assert "idle.js" in page
    assert '<noscript><meta http-equiv="refresh" content="905; url=/en/sign-in/locked/' in page
    assert "data-idle" not in Client().get("/en/get-help/").content.decode()
