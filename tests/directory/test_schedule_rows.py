"""Hours as they are given: what is kept, and what is refused in words."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from directory.editing import save_service
from directory.models import ScheduleException, Service
from partners.actor import SYSTEM
from partners.errors import Invalid
from tests.factories.listings import make_service

pytestmark = pytest.mark.django_db
HOURS = {"opens_at": "09:00", "closes_at": "17:00"}
CLOSED = {"first_day": "2026-12-24", "last_day": "2027-01-01"}


def test_a_whole_rule_is_kept() -> None:
    given = {"freq": "MONTHLY", "interval": 2, "bymonthday": "1,-1", "dtstart": "2026-01-01", "count": 6}
    [row] = make_service(schedules=[{**given, **HOURS, "timezone": "America/Toronto"}]).schedules.all()
    assert (row.freq, row.interval, row.byday, row.bymonthday) == ("MONTHLY", 2, "", "1,-1")
    assert (row.dtstart, row.count, row.until, row.valid_from) == (date(2026, 1, 1), 6, None, None)
    assert (row.timezone, row.opens_at) == ("America/Toronto", time(9))


def test_the_short_form_is_every_week_in_winnipeg() -> None:
    [row] = make_service(schedules=[{"byday": "MO", **HOURS}]).schedules.all()
    assert (row.freq, row.interval, row.timezone) == ("WEEKLY", 1, "America/Winnipeg")


def test_exceptions_and_holidays_are_written_and_left_alone() -> None:
    service = make_service(
        schedules=[{"byday": "MO", **HOURS}],
        schedule_exceptions=[CLOSED | {"note_en": "Winter break"}],
        holiday_hours="closed",
    )
    before = [row.pk for row in service.schedule_exceptions.all()]
    save_service(SYSTEM, {"name_en": "Other"}, publish=True, service=service)
    saved = Service.objects.for_listing().get(pk=service.pk)
    assert [row.pk for row in saved.schedule_exceptions.all()] == before
    assert saved.holiday_hours == "closed"
    cleared = save_service(SYSTEM, {"schedule_exceptions": []}, publish=True, service=saved)
    assert not cleared.schedule_exceptions.exists()


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"byday": "MO", "opens_at": "9 am", "closes_at": "17:00"}, "schedules"),
        ({"byday": "MO", "opens_at": "09:00"}, "schedules"),
        ({"byday": "MO", "colour": "blue", **HOURS}, "schedules"),
        ({"byday": "2MO", **HOURS}, "schedules"),
        ({"byday": "MO", "interval": 2, **HOURS}, "schedules"),
        ({"byday": "MO", "count": 2, **HOURS}, "schedules"),
        ({"byday": "MO", "dtstart": "2026-01-01", "until": "2026-02-01", "count": 2, **HOURS}, "schedules"),
        ({"byday": "MO", "dtstart": "January", **HOURS}, "schedules"),
        (HOURS, "schedules"),
        ({"byday": "Monday", **HOURS}, "byday"),
        ({"freq": "MONTHLY", "bymonthday": "32", **HOURS}, "bymonthday"),
        ({"freq": "YEARLY", "dtstart": "2026-01-01", **HOURS}, "freq"),
        ({"byday": "MO", "interval": 0, "dtstart": "2026-01-01", **HOURS}, "interval"),
        ({"byday": "MO", "timezone": "America/Flin_Flon", **HOURS}, "timezone"),
    ],
)
def test_hours_that_are_refused(row: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make_service(schedules=[row])
    assert list(refusal.value.errors) == [field]
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        {"first_day": "2026-12-24"},
        {"first_day": "2026-12-24", "last_day": "2026-12-23"},
        {"first_day": "2026-12-24", "last_day": "soon"},
        CLOSED | {"opens_at": "09:00"},
        CLOSED | {"reason": "snow"},
    ],
)
def test_exceptions_that_are_refused(row: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        make_service(schedule_exceptions=[row])
    assert list(refusal.value.errors) == ["schedule_exceptions"]


def test_unknown_holiday_hours_are_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        make_service(holiday_hours="sometimes")
    assert list(refusal.value.errors) == ["holiday_hours"]


@pytest.mark.parametrize("row", [{"last_day": date(2026, 1, 1)}, {"opens_at": time(9)}])
def test_the_database_refuses_half_an_exception(row: dict[str, Any]) -> None:
    whole = {"first_day": date(2026, 12, 24), "last_day": date(2026, 12, 24)}
    service = make_service()
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduleException.objects.create(service=service, **whole | row)


def test_a_note_tells_no_hidden_place() -> None:
    note = CLOSED | {"note_en": "Ring at 44 Hidden Street"}
    with pytest.raises(Invalid) as refusal:
        make_service(location={"policy": "withheld"}, schedule_exceptions=[note])
    assert list(refusal.value.errors) == ["schedule_exceptions"]
    assert make_service(schedule_exceptions=[note]).schedule_exceptions.count() == 1
