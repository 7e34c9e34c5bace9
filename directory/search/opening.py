"""Who is open at a moment. Listings with the same hours are judged once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import numpy as np
from pyroaring import BitMap

from directory.opening_pattern import Pattern, windows
from directory.search.base import bitmap
from directory.search.snapshot import Snapshot


def open_at(snapshot: Snapshot, moment: datetime) -> BitMap:
    """Certainly open in that minute: where the hours are not known, nobody is sent."""
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0)

    def make() -> BitMap:
        seconds, day = minute.timestamp(), minute.date()
        is_open = [
            any(start <= seconds < end for start, end in _open_on(hours, day)) for hours in snapshot.patterns
        ]
        flags = np.array([*is_open, False])  # the last stands for -1, no hours known
        return bitmap(np.flatnonzero(flags[snapshot.column("hours")])) & snapshot.live

    return snapshot.cached(("open", minute), make)


@lru_cache(maxsize=100_000)
def _open_on(hours: str, day: date) -> tuple[tuple[float, float], ...]:
    """The certain openings that touch this day (UTC), in seconds since 1970."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = windows(Pattern.from_json(hours), start, start + timedelta(days=1))
    return tuple((one.start.timestamp(), one.end.timestamp()) for one in found if one.certain)
