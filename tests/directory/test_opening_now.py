"""What is kept about the opening of a place says of every minute what the pattern itself says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import opening_now
from directory.models import HolidayHours, Schedule
from directory.opening_now import standing
from directory.opening_pattern import Exceptional, is_open, next_open
from tests.directory.test_opening_properties import MOMENTS, exceptions, rows
from tests.factories.opening import pattern


@given(
    st.lists(rows(), min_size=1, max_size=3),
    st.lists(exceptions(), max_size=2),
    st.sampled_from(HolidayHours.values),
    MOMENTS,
    st.lists(st.integers(-90, 26 * 60), min_size=8, max_size=20),
)
def test_kept_from_minute_to_minute(
    listed: list[Schedule], excepted: list[Exceptional], holidays: str, moment: datetime, later: list[int]
) -> None:
    """Forwards, backwards, and again."""
    made = pattern(*listed, exceptions=tuple(excepted), holidays=holidays)
    opening_now._kept.clear()
    for minutes in (0, *later):
        at = moment + timedelta(minutes=minutes)
        found = standing(made.to_json(), at)
        assert found[:2] == (is_open(made, at), next_open(made, at)), at
        assert found.since <= at < found.until


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening_now, "KEPT", 3)
    opening_now._kept.clear()
    at = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    for hour in range(10):
        standing(f'[true,"usual","",[["America/Winnipeg","0{hour}:00:00","17:00:00"]],[]]', at)
        assert len(opening_now._kept) <= 3
