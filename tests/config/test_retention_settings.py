"""How long data is kept: a whole number within reason, or the start stops with the variable's name."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import env

NAME = "RELAIS_RETENTION_DRAFT_DAYS"


@pytest.mark.parametrize(("value", "expected"), [(None, 14), ("", 14), (" 1 ", 1), ("30", 30), ("366", 366)])
def test_a_number_of_days_or_the_default(value: str | None, expected: int) -> None:
    assert env.number({} if value is None else {NAME: value}, NAME, 14, most=366) == expected


@pytest.mark.parametrize("value", ["0", "-1", "367", "14.5", "two weeks", "for ever", "1e2", "٣", "²"])
def test_a_bad_value_stops_the_start_and_names_the_variable(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.number({NAME: value}, NAME, 14, most=366)


def test_the_defaults() -> None:
    days = (
        settings.RETENTION_DRAFT_DAYS,
        settings.RETENTION_CLOSED_DAYS,
        settings.RETENTION_INTRODUCTION_DAYS,
    )
    assert days == (14, 730, 90)
