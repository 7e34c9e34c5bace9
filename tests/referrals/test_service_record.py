"""How a service answers and helps: told to workers alone, from enough of its newest referrals."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client as Browser

from referrals import service_record
from referrals.models import Referral, TimelineEvent
from referrals.service_record import TOO_FEW, ServiceRecord, records_of
from tests.factories.listings import make_service
from tests.referrals.pages import World, browser

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 9, 14, 15, tzinfo=datetime.UTC)


@pytest.fixture
def world() -> World:
    return World()


def past(
    world: World, days: int | None, end: str = "", *, confirmed: bool = False, **more: object
) -> Referral:
    """A referral of the past, put directly: answered after so many days, ended with that outcome."""
    base = world.draft()
    changes = {"sent_at": MONDAY, "status": "closed" if end else "accepted", "end_reason": end, **more}
    if confirmed:
        changes["confirmed_at"] = MONDAY
    Referral.objects.filter(pk=base.pk).update(**changes)
    if days is not None:
        event = TimelineEvent.objects.create(referral=base, kind="accept", side="receiver")
        TimelineEvent.objects.filter(pk=event.pk).update(at=MONDAY + datetime.timedelta(days=days))
    return base


def record(world: World) -> ServiceRecord:
    return records_of(world.actor(world.nadia), [world.service.pk])[world.service.pk]


def test_four_are_too_few_and_five_are_told(world: World) -> None:
    for days, end in ((0, "got_help"), (1, "got_some_help"), (1, "no_capacity"), (4, "got_help")):
        past(world, days, end, confirmed=end == "got_help")
    assert record(world) == TOO_FEW

    past(world, 7, "could_not_reach")  # over a weekend: five working days

    assert record(world) == ServiceRecord(median_days=1, helped=60, confirmed=40)


def test_what_is_no_answer_of_the_service_is_left_out(world: World) -> None:
    for _n in range(5):
        past(world, 1, "got_help")
    before = record(world)
    past(world, 4, "could_not_help", status="entered_in_error")
    past(world, 4, "could_not_help", kind="logged")
    past(world, None, "client_choice", status="withdrawn")
    assert record(world) == before

    for _n in range(6):  # nobody answered before the deadline: that is told as well
        past(world, None, "deadline", status="expired", ended_at=MONDAY + datetime.timedelta(days=28))
    assert record(world).median_days == 18  # two holidays among them


def test_only_the_newest_count(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_record, "NEWEST", 5)
    for _n in range(5):
        past(world, 4, "could_not_help", sent_at=MONDAY - datetime.timedelta(days=400))
    for _n in range(5):
        past(world, 0, "got_help")

    assert record(world) == ServiceRecord(median_days=0, helped=100, confirmed=0)


def test_two_queries_whatever_the_number(
    world: World, assert_flat: Callable[[Callable[[], object], Callable[[], object]], None]
) -> None:
    services = [world.service.pk]
    nadia = world.actor(world.nadia)

    def grow() -> None:
        for _n in range(3):
            past(world, 1, "got_help")
            services.append(make_service().pk)

    assert_flat(lambda: records_of(nadia, services), grow)


def test_workers_read_it_on_the_listing_and_nobody_else_does(world: World) -> None:
    for _n in range(5):
        past(world, 1, "got_help")
    listing = f"/en/services/{world.service.pk}/"
    words = "Half of its answers came within 1 working day"

    page = browser(world.nadia).get(listing).content.decode()
    assert words in page
    assert "100% got help or some of it" in page
    for reader in (Browser(), browser(world.eva)):
        assert words not in reader.get(listing).content.decode()
    assert records_of(world.actor(world.eva), [world.service.pk]) == {}
