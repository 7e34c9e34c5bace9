"""How hours, holidays and exceptions are said, in both languages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from directory.hours import in_words, is_always_open, next_open, open_now, open_until
from directory.opening import in_short
from directory.opening_pattern import pattern_of
from tests.factories.listings import PUBLIC_PLACE, make_service

pytestmark = pytest.mark.django_db
ALL = "MO,TU,WE,TH,FR,SA,SU"
HOURS = {"opens_at": "09:00", "closes_at": "12:00"}
OFFICE = {"byday": "MO,TU,WE,TH,FR", "opens_at": "08:30", "closes_at": "16:30"}
ALWAYS = {"byday": ALL, "opens_at": "00:00", "closes_at": "23:59"}
PHONE = [{"number": "204-555-0100", "kind": "voice"}]


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo("America/Winnipeg"))


def french(lines: list[str]) -> list[str]:
    return [line.replace("\xa0", " ") for line in lines]


@pytest.mark.parametrize(
    ("row", "english", "said_in_french"),
    [
        (
            {"byday": "MO", "interval": 2, "dtstart": "2026-01-05"},
            "Every second week, Monday: 9:00 to 12:00",
            "Une semaine sur deux, lundi : de 9 h à 12 h",
        ),
        (
            {"byday": "MO,TU,WE", "interval": 3, "dtstart": "2026-01-05"},
            "Every 3 weeks, Monday to Wednesday: 9:00 to 12:00",
            "Toutes les 3 semaines, du lundi au mercredi : de 9 h à 12 h",
        ),
        (
            {"freq": "MONTHLY", "byday": "2MO,-1FR"},
            "Second Monday, last Friday of the month: 9:00 to 12:00",
            "Deuxième lundi, dernier vendredi du mois : de 9 h à 12 h",
        ),
        (
            {"freq": "MONTHLY", "byday": "1TU", "interval": 2, "dtstart": "2026-01-06"},
            "Every second month, first Tuesday of the month: 9:00 to 12:00",
            "Un mois sur deux, premier mardi du mois : de 9 h à 12 h",
        ),
        (
            {"freq": "MONTHLY", "bymonthday": "1,15,-1"},
            "The first day, day 15, the last day of the month: 9:00 to 12:00",
            "Le 1er, le 15, le dernier jour du mois : de 9 h à 12 h",
        ),
        (
            {"freq": "MONTHLY", "bymonthday": "13", "byday": "FR"},
            "Friday, only day 13 of the month: 9:00 to 12:00",
            "Vendredi, seulement le 13 du mois : de 9 h à 12 h",
        ),
        (
            {"freq": "DAILY", "interval": 2, "dtstart": "2026-01-05"},
            "Every second day: 9:00 to 12:00",
            "Un jour sur deux : de 9 h à 12 h",
        ),
        (
            {"byday": "MO", "valid_from": "2026-12-01", "valid_to": "2027-03-02"},
            "Monday: 9:00 to 12:00 (from December 1, 2026 to March 2, 2027)",
            "Lundi : de 9 h à 12 h (du 1er décembre 2026 au 2 mars 2027)",
        ),
        (
            {"byday": "MO", "valid_from": "2026-11-02", "count": 5},
            "Monday: 9:00 to 12:00 (until November 30, 2026)",
            "Lundi : de 9 h à 12 h (jusqu’au 30 novembre 2026)",
        ),
        (
            {"byday": "MO", "dtstart": "2026-12-07"},
            "Monday: 9:00 to 12:00 (from December 7, 2026)",
            "Lundi : de 9 h à 12 h (à partir du 7 décembre 2026)",
        ),
    ],
)
def test_recurrences_in_words(row: dict[str, Any], english: str, said_in_french: str) -> None:
    listed = make_service(schedules=[row | HOURS])
    assert in_words(listed, at(24, 12)) == [english]
    with override("fr"):
        assert french(in_words(listed, at(24, 12))) == [said_in_french]


def test_hours_that_have_ended_are_left_out() -> None:
    summer = {"byday": "SA", "valid_to": "2026-08-31", **HOURS}
    assert len(in_words(make_service(schedules=[OFFICE, summer]), at(24, 12))) == 1


def test_exceptions_of_the_next_sixty_days_are_named() -> None:
    days = [
        {"first_day": "2026-11-20", "last_day": "2026-11-23"},
        {"first_day": "2026-12-24", "last_day": "2027-01-02", "note_en": "Holidays", "note_fr": "Fêtes"},
        {"first_day": "2026-12-03", "last_day": "2026-12-03", "opens_at": "13:00", "closes_at": "15:00"},
        {"first_day": "2027-01-24", "last_day": "2027-01-24"},
    ]
    listed = make_service(schedules=[OFFICE], schedule_exceptions=days)
    assert in_words(listed, at(24, 12))[1:] == [
        "December 3, 2026: 13:00 to 15:00",
        "December 24, 2026 to January 2, 2027: closed (Holidays)",
    ]
    with override("fr"):
        assert french(in_words(listed, at(24, 12))[1:]) == [
            "3 décembre 2026 : de 13 h à 15 h",
            "Du 24 décembre 2026 au 2 janvier 2027 : fermé (Fêtes)",
        ]


def test_a_holiday_nobody_spoke_of_says_call_first() -> None:
    office = make_service(schedules=[OFFICE], phones=PHONE)
    noon = at(25, 12, month=12)
    assert open_now(office, noon) is None
    assert next_open(office, noon) == at(29, 8, month=12).replace(minute=30)
    for hour in (6, 12, 20):
        assert in_short(office, at(25, hour, month=12)).text == "Public holiday. Call first."
    assert in_words(office, noon)[1:] == ["Public holiday. Call first."]
    with override("fr"):
        assert in_short(office, noon).text == "Jour férié. Téléphonez d’abord."
    assert in_short(make_service(schedules=[OFFICE]), noon).text == "Public holiday. Hours not known."
    assert in_words(office, at(24, 12)) == ["Monday to Friday: 8:30 to 16:30"]


def test_a_night_that_a_holiday_began_is_not_called_closed() -> None:
    night = make_service(schedules=[{"byday": ALL, "opens_at": "22:00", "closes_at": "07:00"}], phones=PHONE)
    early = at(12, 3, month=11)  # Remembrance Day was the day before
    assert open_now(night, early) is None
    assert in_short(night, early).text == "Public holiday. Call first."
    assert in_short(night, at(11, 3)).text == "Open now, until 7:00"


@pytest.mark.parametrize(
    ("holiday_hours", "state", "short", "line"),
    [
        ("usual", True, "Open now, until 16:30", "Open as usual on public holidays"),
        ("closed", False, "Opens on December 29, 2026 at 8:30", "Closed on public holidays"),
    ],
)
def test_what_holds_on_holidays_is_said(holiday_hours: str, state: bool, short: str, line: str) -> None:
    listed = make_service(schedules=[OFFICE], holiday_hours=holiday_hours)
    noon = at(25, 12, month=12)
    assert open_now(listed, noon) is state
    assert in_words(listed, noon)[1:] == [line]
    if state:
        assert in_short(listed, noon).text == short


def test_day_and_night_includes_holidays_and_keeps_its_exceptions() -> None:
    always = make_service(schedules=[ALWAYS])
    noon = at(25, 12, month=12)
    assert (open_now(always, noon), in_short(always, noon).text) == (True, "Open day and night")
    assert in_words(always, noon) == ["Open day and night"]
    closed = {"first_day": "2026-12-28", "last_day": "2026-12-28"}
    moving = make_service(schedules=[ALWAYS], schedule_exceptions=[closed])
    assert is_always_open(moving)
    assert open_until(moving, noon) == at(28, 0, month=12)
    assert in_short(moving, noon).text == "Open now, until Monday at 0:00"


def test_the_province_of_the_place_has_its_own_holidays() -> None:
    ontario = PUBLIC_PLACE | {"province": "ON", "city": "Kenora", "postal_area": None, "postal_code": None}
    orange_shirt_day = at(30, 12, month=9)
    assert open_now(make_service(schedules=[OFFICE]), orange_shirt_day) is None
    assert open_now(make_service(schedules=[OFFICE], location=ontario), orange_shirt_day) is True
    abroad = make_service(schedules=[OFFICE], location=ontario | {"province": "ND"})
    assert open_now(abroad, orange_shirt_day) is None


def test_equal_hours_make_equal_patterns() -> None:
    first = pattern_of(make_service(schedules=[OFFICE, HOURS | {"byday": "SA"}]))
    other = pattern_of(make_service(schedules=[HOURS | {"byday": "SA"}, OFFICE, OFFICE]))
    assert first == other
    assert first
    assert first.exceptional(date(2026, 11, 24)) is None
    assert pattern_of(make_service()) is None
