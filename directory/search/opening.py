"""Who is open at a moment. Listings with the same hours are judged once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from pyroaring import BitMap

from directory.opening_pattern import Pattern, windows
from directory.search.base import bitmap
from directory.search.snapshot import Snapshot


def open_at(snapshot: Snapshot, moment: datetime) -> BitMap:
    """Certainly open in that minute: where the hours are not known, nobody is sent."""
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0)

    def make() -> BitMap:
        seconds = minute.timestamp()
        patterns, starts, ends = _openings(snapshot, minute.date())
        flags = np.zeros(len(snapshot.patterns) + 1, dtype=bool)  # the last stands for -1, no hours known
        flags[patterns[(starts <= seconds) & (seconds < ends)]] = True
        # A later state, of which these arrays may know more already, may have added patterns.
        hours = np.minimum(snapshot.column("hours"), len(flags) - 1)
        return bitmap(np.flatnonzero(flags[hours])) & snapshot.live

    return snapshot.cached(("open", minute), make)


def _openings(snapshot: Snapshot, day: date) -> tuple[Any, Any, Any]:
    """All openings of a day, in step: of which pattern, from when, until when."""

    def make() -> tuple[Any, Any, Any]:
        rows = [
            (number, *opening)
            for number, hours in enumerate(snapshot.patterns)
            for opening in _open_on(hours, day)
        ]
        table = np.array(rows, dtype="f8").reshape(len(rows), 3)
        return table[:, 0].astype(np.int64), table[:, 1], table[:, 2]

    return snapshot.cached(("openings", day), make)


@lru_cache(maxsize=100_000)
def _open_on(hours: str, day: date) -> tuple[tuple[float, float], ...]:
    """The certain openings that touch this day (UTC), in seconds since 1970."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = windows(Pattern.from_json(hours), start, start + timedelta(days=1))
    return tuple((one.start.timestamp(), one.end.timestamp()) for one in found if one.certain)
