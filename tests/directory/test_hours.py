"""Open now, next opening, hours in words. Winnipeg is six hours behind UTC in winter, five in summer."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils.translation import override

from directory.hours import in_words, is_always_open, next_open, open_now, open_until
from directory.models import Schedule, Service
from tests.factories.listings import make_service

pytestmark = pytest.mark.django_db
WINNIPEG = ZoneInfo("America/Winnipeg")
WEEK = "MO,TU,WE,TH,FR"
ALL = "MO,TU,WE,TH,FR,SA,SU"


def service(*rows: tuple[str, str, str], **data: object) -> Service:
    schedules = [{"byday": days, "opens_at": opens, "closes_at": closes} for days, opens, closes in rows]
    return make_service(schedules=schedules, **data)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """In November 2026 the 23rd is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=WINNIPEG)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(23, 8, 29), False),
        (at(23, 8, 30), True),
        (at(23, 16, 29), True),
        (at(23, 16, 30), False),
        (at(28, 12), False),
        (datetime(2026, 11, 23, 14, 30, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 14, 29, tzinfo=UTC), False),
        (datetime(2026, 7, 6, 13, 30, tzinfo=UTC), True),
    ],
)
def test_open_from_the_first_minute_to_before_the_last(moment: datetime, is_open: bool) -> None:
    assert open_now(service((WEEK, "08:30", "16:30")), moment) is is_open


def test_a_night_belongs_to_the_day_it_began() -> None:
    night = service(("FR", "23:00", "07:00"))
    assert [open_now(night, at(27, 22)), open_now(night, at(27, 23))] == [False, True]
    assert [open_now(night, at(28, 6, 59)), open_now(night, at(28, 7))] == [True, False]
    assert open_now(night, at(27, 6)) is False
    assert open_until(night, at(27, 23, 30)) == at(28, 7)


def test_day_and_night_has_no_gap_and_no_next_opening() -> None:
    always = service((ALL, "00:00", "23:59"))
    assert is_always_open(always)
    assert open_now(always, at(23, 23, 59)) is True
    assert open_now(always, datetime(2026, 11, 24, 5, 59, 59, tzinfo=UTC)) is True
    assert next_open(always, at(23, 12)) is None
    assert in_words(always) == ["Open day and night"]


def test_next_opening() -> None:
    office = service((WEEK, "08:30", "16:30"), ("SA", "12:00", "16:00"))
    assert next_open(office, at(23, 7)) == at(23, 8, 30)
    assert next_open(office, at(23, 17)) == at(24, 8, 30)
    assert next_open(office, at(28, 17)) == at(30, 8, 30)
    assert next_open(office, at(23, 9)) is None


def test_the_clock_change_moves_no_opening() -> None:
    office = service(("SU", "01:30", "09:00"))
    assert next_open(office, datetime(2026, 10, 31, 12, tzinfo=UTC)) == at(1, 1, 30)
    assert open_now(office, datetime(2026, 11, 1, 14, 59, tzinfo=UTC)) is True
    assert open_now(office, datetime(2026, 11, 1, 15, 0, tzinfo=UTC)) is False


def test_without_hours_nothing_is_said() -> None:
    unknown = service()
    assert (open_now(unknown), next_open(unknown), in_words(unknown)) == (None, None, [])


@pytest.mark.parametrize("status", ["inactive", "temporarily closed"])
def test_what_is_not_active_is_not_open(status: str) -> None:
    closed = service((ALL, "00:00", "23:59"), status=status)
    assert (open_now(closed), next_open(closed)) == (False, None)


def test_the_present_moment_is_the_default() -> None:
    office = service((WEEK, "08:30", "16:30"))
    with time_machine.travel(at(23, 9), tick=False):
        assert open_now(office) is True
    with time_machine.travel(at(23, 18), tick=False):
        assert next_open(office) == at(24, 8, 30)


@pytest.mark.parametrize(("byday", "first"), [("2MO", at(14, 10, month=12)), ("-1FR", at(27, 10))])
def test_monthly_days(byday: str, first: datetime) -> None:
    monthly = service()
    Schedule.objects.create(
        service=monthly, freq="MONTHLY", byday=byday, opens_at=time(10), closes_at=time(11)
    )
    listed = Service.objects.get(pk=monthly.pk)
    assert next_open(listed, at(23, 12)) == first
    assert "of the month" in in_words(listed)[0]


def test_seasons_end() -> None:
    summer = service((ALL, "09:00", "17:00"))
    Schedule.objects.update(valid_to=at(22, 0).date())
    assert open_now(Service.objects.get(pk=summer.pk), at(22, 12)) is True
    assert open_now(Service.objects.get(pk=summer.pk), at(23, 12)) is False


@pytest.mark.parametrize(
    ("row", "english", "french"),
    [
        (
            (WEEK, "08:30", "16:30"),
            "Monday to Friday: 8:30 to 16:30",
            "Du lundi au vendredi : de 8 h 30 à 16 h 30",
        ),
        (("TU,TH", "13:00", "19:00"), "Tuesday, Thursday: 13:00 to 19:00", "Mardi, jeudi : de 13 h à 19 h"),
        (("SA", "12:00", "16:00"), "Saturday: 12:00 to 16:00", "Samedi : de 12 h à 16 h"),
        ((ALL, "23:00", "07:00"), "Every day: 23:00 to 7:00", "Tous les jours : de 23 h à 7 h"),
    ],
)
def test_hours_in_words(row: tuple[str, str, str], english: str, french: str) -> None:
    listed = service(row)
    assert in_words(listed) == [english]
    with override("fr"):
        assert [line.replace("\xa0", " ") for line in in_words(listed)] == [french]
