"""Whether a place is open, and when next: worked out once for all listings with the same hours.

What is true of a minute stays true until the next door opens or shuts, so it is kept that long.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from directory.opening_pattern import Pattern, opening_after, windows

KEPT = 50_000
# How far ahead an opening is looked for changes with the day, which begins on a half hour in every zone.
STEP = timedelta(minutes=30)


class Standing(NamedTuple):
    """From ``since`` to before ``until``: open or not (None: nobody knows), and the next opening."""

    is_open: bool | None
    next_open: datetime | None
    since: datetime
    until: datetime


_kept: dict[str, Standing] = {}


def standing(hours: str, minute: datetime) -> Standing:
    """``hours``: a pattern as JSON. ``minute`` in UTC, without seconds."""
    known = _kept.get(hours)
    if known is None or not known.since <= minute < known.until:
        known = _worked_out(Pattern.from_json(hours), minute)
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[hours] = known
    return known


def _worked_out(pattern: Pattern, minute: datetime) -> Standing:
    end = minute.replace(minute=minute.minute // 30 * 30) + STEP
    soon = windows(pattern, minute, end)
    until = min((edge for window in soon for edge in window[:2] if minute < edge < end), default=end)
    states = {window.certain for window in soon if window.start <= minute}
    if True in states:
        return Standing(True, None, minute, until)
    return Standing(None if states else False, opening_after(pattern, minute), minute, until)
