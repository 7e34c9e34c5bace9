"""The clock asks for a due check: each reminder once, on its days, to whom it concerns."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from directory.models import ListingLink, Publication, Service
from directory.upkeep import letters, links, reminders
from directory.upkeep.archiving import archive
from directory.upkeep.checks import confirm
from partners.models import Membership, OutboxRow
from partners.notifications.kinds import Letter
from partners.one_time import digest_of
from tests.directory.upkeep.ground import Ground, fresh

pytestmark = pytest.mark.django_db
FIRST = datetime.datetime(2026, 1, 5, 18, tzinfo=datetime.UTC)  # a listing is made; it is due on April 5
DUE = datetime.date(2026, 4, 5)


def on(day: datetime.date, hour: int = 18) -> time_machine.travel:
    moment = datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def ground() -> Ground:
    with time_machine.travel(FIRST, tick=False):
        made = Ground()
        reminders.remind_of_checks()
        return made


def rows() -> list[str]:
    return list(OutboxRow.objects.order_by("created_at", "pk").values_list("kind", flat=True))


def secret_of(letter: Letter) -> str:
    return letter.url.rstrip("/").rsplit("/", 1)[1]


def test_each_reminder_comes_once_and_the_last_goes_to_the_network(ground: Ground) -> None:
    assert fresh(ground.service).next_due == DUE
    expected = {-1: 0, 0: 1, 1: 1, 6: 1, 7: 2, 13: 2, 14: 3, 29: 3, 30: 4, 60: 4}
    for days, count in expected.items():
        with on(DUE + datetime.timedelta(days=days)):
            reminders.remind_of_checks()
            reminders.remind_of_checks()
        assert len(rows()) == count, days
    assert rows() == ["listing_check", "listing_check_again", "listing_check_late", "listing_lapsed"]
    told = OutboxRow.objects.order_by("created_at", "pk").values_list("organization_id", flat=True)
    assert list(told) == [ground.lantern.pk] * 3 + [ground.network.pk]


def test_a_clock_that_stood_still_asks_once_and_a_confirmed_listing_is_asked_anew(ground: Ground) -> None:
    with on(DUE + datetime.timedelta(days=9)):
        reminders.remind_of_checks()
        assert rows() == ["listing_check_again"]
        confirm(ground.actor(ground.ed), ground.service)
        reminders.remind_of_checks()
    with on(DUE + datetime.timedelta(days=14)):
        reminders.remind_of_checks()
    assert rows() == ["listing_check_again"]
    with on(DUE + datetime.timedelta(days=9 + 90)):
        reminders.remind_of_checks()
    assert rows() == ["listing_check_again", "listing_check"]


def test_nobody_is_asked_for_what_is_archived_or_was_never_owed(ground: Ground) -> None:
    with on(DUE):
        archive(ground.actor(ground.ed), ground.service.pk)
        reminders.remind_of_checks()
    assert rows() == []
    # Its day was stored while it took referrals; it takes none any more, and nobody ever checked it.
    Service.objects.update(publication=Publication.PUBLISHED, accepts_referrals=False)
    for days in (0, 30):
        with on(DUE + datetime.timedelta(days=days)):
            reminders.remind_of_checks()
    assert rows() == []


def test_the_letter_holds_its_own_link_and_the_row_none(ground: Ground) -> None:
    with on(DUE):
        reminders.remind_of_checks()
        row = OutboxRow.objects.get()
        (letter,) = letters.ask_editors(row)
        secret = secret_of(letter)
        assert (letter.recipient, letter.address) == (ground.ed.pk, ground.ed.email)
        said = " ".join((letter.subject, *letter.lines, *letter.closing, row.kind, row.code))
        assert "Evening" not in said
        assert "Lantern" not in said
        assert secret not in said
        link = ListingLink.objects.get()
        assert link.digest == digest_of(secret)
        assert secret not in str(ListingLink.objects.values().get())
        assert links.holds(link)
        # A retry writes it anew: the letter that went out before still holds.
        (again,) = letters.ask_editors(row)
        assert secret_of(again) != secret
        assert all(map(links.holds, ListingLink.objects.all()))
    with on(DUE + datetime.timedelta(days=7)):
        reminders.remind_of_checks()
        newer = OutboxRow.objects.get(kind="listing_check_again")
        (letter,) = letters.ask_editors(newer)
        assert [links.holds(one) for one in ListingLink.objects.all()] == [True, False, False]
    with on(DUE + datetime.timedelta(days=7 + 30), hour=19):
        assert not any(map(links.holds, ListingLink.objects.all()))


def test_who_gets_it_editors_then_administrators_then_the_address_on_file(ground: Ground) -> None:
    with on(DUE):
        reminders.remind_of_checks()
        row = OutboxRow.objects.get()
        assert {one.address for one in letters.ask_administrators(row)} == {ground.ed.email, ground.ada.email}
        Membership.objects.filter(user=ground.ed).update(ended_at=FIRST)
        assert [one.address for one in letters.ask_editors(row)] == [ground.ada.email]
        Membership.objects.filter(organization=ground.lantern).update(ended_at=FIRST)
        assert [one.address for one in letters.ask_editors(row)] == ["lantern@pages.example"]
        Service.objects.update(email="desk@pages.example")
        assert [one.address for one in letters.ask_administrators(row)] == ["desk@pages.example"]
        ground.lantern.suspended_at = FIRST
        ground.lantern.save()
        assert letters.ask_editors(row) == []


def test_a_letter_is_not_written_once_somebody_has_confirmed(ground: Ground) -> None:
    with on(DUE):
        reminders.remind_of_checks()
        confirm(ground.actor(ground.ed), ground.service)
        assert letters.ask_editors(OutboxRow.objects.get()) == []
        assert not ListingLink.objects.exists()


def test_french_is_written_to_who_reads_french(ground: Ground) -> None:
    with on(DUE):
        ground.ed.language = "fr"
        ground.ed.save()
        reminders.remind_of_checks()
        (letter,) = letters.ask_editors(OutboxRow.objects.get())
        assert letter.language == "fr"
        assert "/fr/" in letter.url
