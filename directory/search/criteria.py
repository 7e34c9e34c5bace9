"""What is searched for, as a plain frozen value that can be sealed, shown as chips and passed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Ordering = Literal["relevance", "distance", "name", "verified"]
ORDERINGS: tuple[Ordering, ...] = ("relevance", "distance", "name", "verified")

# The facets that are terms of a service, by the name they have here and in the address.
TERM_FACETS = (
    "category",
    "population",
    "gender",
    "barrier",
    "setting",
    "topic",
    "level",
    "intake",
    "accessibility",
    "cost",
    "phase",
)


@dataclass(frozen=True)
class Criteria:
    """AND between the fields, OR inside one. Empty means: everything.

    ``near`` is a postal code, a place name or ``lat,lon``; ``radius_km`` needs it. ``age`` is in whole
    years and also finds services whose limits nobody knows. ``place`` holds codes of areas, or cities.
    ``open_at`` is a moment with its zone and comes before ``open_now``; ``verified_within`` is in days.
    """

    q: str = ""
    near: str = ""
    radius_km: float | None = None
    category: tuple[str, ...] = ()
    population: tuple[str, ...] = ()
    age: int | None = None
    gender: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    barrier: tuple[str, ...] = ()
    setting: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    intake: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    accepts_referrals: bool | None = None
    open_now: bool = False
    open_at: datetime | None = None
    capacity: tuple[str, ...] = ()
    verified_within: int | None = None
    organization: UUID | None = None
    place: tuple[str, ...] = ()
    ordering: Ordering = "relevance"
