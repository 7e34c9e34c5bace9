"""Hours for tests, without a database."""

from __future__ import annotations

from datetime import time
from typing import Any

from directory.models import Schedule
from directory.opening_pattern import Pattern
from directory.opening_rules import rule_of

WINNIPEG, TORONTO, ST_JOHNS = "America/Winnipeg", "America/Toronto", "America/St_Johns"


def row(byday: str = "", opens: str = "09:00", closes: str = "17:00", **fields: Any) -> Schedule:
    times = {"opens_at": time.fromisoformat(opens), "closes_at": time.fromisoformat(closes)}
    return Schedule(byday=byday, **times, **fields)


def pattern(*rows: Schedule, **fields: Any) -> Pattern:
    found = filter(None, map(rule_of, rows))
    return Pattern(tuple(sorted(found, key=lambda rule: rule.zone)), **fields)
