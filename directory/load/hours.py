"""A few hundred ways of being open."""

from __future__ import annotations

from datetime import time
from typing import NamedTuple

import numpy as np

PATTERNS = 300
MONTHLY = 25
DAY_AND_NIGHT = 12  # the first patterns, so that about one listing in twelve never closes
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STARTS = (7, 8, 8.5, 9, 9, 9, 9.5, 10, 11, 12, 13, 17, 18, 20, 22)
LENGTHS = (2, 3, 4, 5, 6, 7, 8, 8, 8.5, 9, 10, 12)


class Hours(NamedTuple):
    freq: str
    byday: str
    opens_at: time
    closes_at: time


def patterns(rng: np.random.Generator) -> list[list[Hours]]:
    always = [[Hours("WEEKLY", ",".join(WEEK), time(0, 0), time(23, 59))]] * DAY_AND_NIGHT
    monthly = [[_monthly(rng)] for _ in range(MONTHLY)]
    weekly = [_weekly(rng) for _ in range(PATTERNS - MONTHLY)]
    return always + weekly + monthly


def draw(rng: np.random.Generator, known: int, count: int) -> list[int]:
    """Numbers of patterns; -1 for the listings whose hours nobody knows (15 %)."""
    numbers = rng.integers(0, known, count)
    drawn: list[int] = np.where(rng.random(count) < 0.15, -1, numbers).tolist()
    return drawn


def _weekly(rng: np.random.Generator) -> list[Hours]:
    weekdays = WEEK[: rng.choice([4, 5, 5, 5, 6, 7])]
    rows = [Hours("WEEKLY", ",".join(weekdays), *_window(rng))]
    if rng.random() < 0.3 and len(weekdays) < len(WEEK):
        rows.append(Hours("WEEKLY", WEEK[len(weekdays)], *_window(rng)))
    if rng.random() < 0.25:
        evening = time(int(rng.choice([18, 19, 20])), 0)
        rows.append(Hours("WEEKLY", str(rng.choice(weekdays)), evening, time(int(rng.choice([22, 23])), 0)))
    return rows


def _monthly(rng: np.random.Generator) -> Hours:
    nth = int(rng.choice([1, 2, 3, 4, -1]))
    return Hours("MONTHLY", f"{nth}{rng.choice(WEEK)}", *_window(rng))


def _window(rng: np.random.Generator) -> tuple[time, time]:
    """May end the next morning, as the schedules of Relais allow."""
    start = float(rng.choice(STARTS))
    return _clock(start), _clock((start + float(rng.choice(LENGTHS))) % 24)


def _clock(hour: float) -> time:
    return time(int(hour), int(hour % 1 * 60))
