"""Lists: what stands where, in which order, page by page, with as many queries for fifty as for one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client as Browser

from referrals.models import Referral
from tests.referrals.pages import NAME, SECRETS, World, address, browser

pytestmark = pytest.mark.django_db
Flat = Callable[[Callable[[], object], Callable[[], object]], None]


@pytest.fixture
def world(db: None) -> World:
    return World()


def many(world: World, count: int) -> None:
    """Referrals of as many people, in all the states that a list shows."""
    for number in range(count):
        person = world.client(chosen_name=f"Person {number}")
        if number % 5 == 0:
            world.draft(person)
        elif number % 5 == 1:
            world.act(world.sent(person), "decline", reason="no_capacity")
        elif number % 5 == 2:
            world.accepted(person)
        else:
            world.sent(person, urgency=("urgent", "routine")[number % 2])


PAGES = [("home", "nadia"), ("home", "tom"), ("inbox", "tom"), ("sent", "nadia"), ("clients", "nadia")]


@pytest.mark.parametrize(("name", "who"), PAGES)
def test_a_list_asks_the_database_as_often_for_fifty_as_for_one(
    world: World, assert_flat: Flat, name: str, who: str
) -> None:
    many(world, 5)
    page = browser(getattr(world, who))

    def read() -> None:
        assert page.get(address(name)).status_code == 200

    assert_flat(read, lambda: many(world, 50))


def codes_of(page: Browser, url: str) -> list[str]:
    answer = page.get(url)
    return [row.code for row in answer.context["page"].object_list]


def test_the_inbox_is_ordered_by_urgency_and_age(world: World) -> None:
    routine = world.sent(world.client(chosen_name="A"), urgency="routine")
    urgent = world.sent(world.client(chosen_name="B"), urgency="urgent")
    later = world.sent(world.client(chosen_name="C"), urgency="urgent")
    done = world.accepted(world.client(chosen_name="D"))

    codes = codes_of(browser(world.tom), address("inbox"))
    assert codes == [urgent.code, later.code, routine.code, done.code]


def test_the_boxes_are_filtered_and_paged(world: World) -> None:
    for number in range(23):
        world.sent(world.client(chosen_name=f"Person {number}"))
    first_row, second_row = Referral.objects.order_by("pk")[:2]
    accepted = world.act(first_row, "accept")
    declined = world.act(second_row, "decline", reason="outside_area")
    tom = browser(world.tom)

    first = tom.get(address("inbox"))
    assert len(first.context["page"].object_list) == 20
    assert "?page=2" in first.content.decode()
    assert len(codes_of(tom, address("inbox") + "?page=2")) == 3
    assert codes_of(tom, address("inbox") + "?status=accepted") == [accepted.code]
    assert codes_of(browser(world.nadia), address("sent") + "?status=declined") == [declined.code]
    assert len(codes_of(tom, address("inbox") + "?status=nonsense&page=99")) == 3
    assert tom.get(address("list"), {"box": "sent"}).headers["Location"] == address("sent")


def test_the_inbox_names_nobody_in_either_language(world: World) -> None:
    world.sent()
    world.accepted(world.client(chosen_name="Planted other"))
    for language in ("en", "fr"):
        text = browser(world.tom, language).get(address("inbox", language=language)).content.decode()
        assert not [secret for secret in (*SECRETS, "Planted other") if secret in text]


@pytest.mark.parametrize("how", ["withdrawn", "declined", "consent"])
def test_what_is_no_longer_shared_is_a_code_in_the_inbox(world: World, how: str) -> None:
    """The same row whatever the cause, and no filter tells the causes apart."""
    referral = world.sent()
    if how == "withdrawn":
        world.act(referral, "withdraw", world.nadia, reason="safety")
    elif how == "declined":
        world.act(referral, "decline", reason="not_eligible")
    else:
        world.act(referral, "accept")
        world.take_back(referral)
    tom = browser(world.tom)
    row = tom.get(address("inbox")).context["page"].object_list[0]
    assert (row.code, row.status, row.need, row.service) == (referral.code, "", "", None)
    assert "No longer shared" in tom.get(address("inbox")).content.decode()
    offered = {value for value, _label in tom.get(address("inbox")).context["filters"]}
    assert not offered & {"draft", "withdrawn", "declined", "expired", "entered_in_error"}


def test_the_work_list_names_own_clients_to_their_own_worker_only(world: World) -> None:
    world.sent()
    assert NAME in browser(world.nadia).get(address("home")).content.decode()
    assert NAME not in browser(world.tom).get(address("home")).content.decode()
    assert NAME not in browser(world.pat).get(address("home")).content.decode()


def test_an_empty_list_says_so(world: World) -> None:
    pat: AbstractBaseUser = world.pat
    page = browser(pat)
    assert "Nothing waits for you." in page.get(address("home")).content.decode()
    assert "Nothing waits for your answer." in page.get(address("inbox")).content.decode()
    assert "No clients yet." in page.get(address("clients")).content.decode()


def test_a_search_for_nobody(world: World) -> None:
    text = browser(world.nadia).post(address("clients"), {"q": "Nobody"}).content.decode()
    assert "No client of that chosen name." in text


def test_a_listing_offers_its_panel_to_those_who_send(world: World) -> None:
    url = f"/en/services/{world.service.pk}/"
    offer = f"{address('send')}?service={world.service.pk}"
    assert offer in browser(world.nadia).get(url).content.decode()
    assert offer not in browser(world.eva).get(url).content.decode()
    assert offer not in Browser().get(url).content.decode()
