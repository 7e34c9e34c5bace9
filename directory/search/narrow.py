"""From criteria to bitmaps: one for each facet that is asked for, so that any one can be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.utils import timezone
from pyroaring import BitMap

from directory.capacity import DECAY_DAYS
from directory.places import Place
from directory.search.base import CAPACITIES, NOTHING, bitmap, one_of, union
from directory.search.criteria import TERM_FACETS, Criteria
from directory.search.documents import CADENCE, COMES, OWNER, PUBLIC
from directory.search.fields import Seen
from directory.search.nearness import within_radius
from directory.search.opening import open_at
from directory.search.snapshot import Snapshot
from directory.search.text import normalise
from directory.upkeep.lapse import USUAL_DAYS, lapsed_before
from partners.actor import Actor
from partners.roles import Capability

CODED = (*TERM_FACETS, "language")
type_of_filters = dict[str, BitMap]


def seen_by(snapshot: Snapshot, actor: Actor) -> Seen:
    """The rule of ``Service.objects.visible_to``, over the index."""
    public = snapshot.code(PUBLIC)
    owner = actor.organization_id if actor.can(Capability.EDIT_LISTINGS) else None
    own = snapshot.code(f"{OWNER}{owner.hex}") if owner else NOTHING
    return Seen(snapshot, public | own if own else public, whose=owner)


def filters(snapshot: Snapshot, criteria: Criteria, place: Place | None, now: datetime) -> type_of_filters:
    """The listings that each facet lets through; a facet that asks for nothing is not there."""
    found = _coded(snapshot, criteria)
    if criteria.age is not None:
        found["age"] = of_age(snapshot, criteria.age)
    if criteria.accepts_referrals is not None:
        found["accepts_referrals"] = accepting(snapshot, criteria.accepts_referrals)
    if criteria.verified_within is not None:
        found["verified_within"] = verified_within(snapshot, criteria.verified_within)
    if criteria.capacity:
        found["capacity"] = union(of_capacity(snapshot, value) for value in criteria.capacity)
    if criteria.open_at or criteria.open_now:
        found["open_now"] = open_at(snapshot, criteria.open_at or now)
    if place:
        found["near"] = near(snapshot, place, criteria.radius_km)
    return found


def _coded(snapshot: Snapshot, criteria: Criteria) -> type_of_filters:
    found: type_of_filters = {}
    for facet in CODED:
        if codes := getattr(criteria, facet):
            found[facet] = any_code(snapshot, facet, codes)
    if criteria.place:
        found["place"] = any_code(snapshot, "place", map(normalise, criteria.place))
    if criteria.organization:
        found["organization"] = snapshot.code(f"{OWNER}{criteria.organization.hex}")
    return found


def meeting(filters: Iterable[BitMap], within: BitMap) -> BitMap:
    """What is in all of them. The smallest first: the rest of the work is then small as well."""
    smallest, *others = sorted([within, *filters], key=len)
    if not others:
        return within
    found = smallest & others[0]  # a bitmap of its own, so the rest may be taken from it
    for listings in others[1:]:
        found &= listings
    return found


def any_code(snapshot: Snapshot, facet: str, codes: Iterable[str]) -> BitMap:
    return one_of([snapshot.code(f"{facet}:{code}") for code in codes])


def of_age(snapshot: Snapshot, age: int) -> BitMap:
    """A limit that is not known turns nobody away."""

    def make() -> BitMap:
        return _where(snapshot, lambda column: (column("age_from") <= age) & (column("age_to") >= age))

    return snapshot.cached(("age", age), make)


def accepting(snapshot: Snapshot, accepts: bool) -> BitMap:
    return snapshot.code(f"accepts_referrals:{str(accepts).lower()}")


def verified_within(snapshot: Snapshot, days: int) -> BitMap:
    """Checked by a person on one of the last so many days, today included."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    since = (today - timedelta(days=min(days, 36_500))).timestamp()

    def make() -> BitMap:
        return _where(snapshot, lambda column: (column("verified") >= since) & (column("verified") != 0))

    return snapshot.cached(("verified", since), make)


def lapsed(snapshot: Snapshot) -> BitMap:
    """The rule of ``lapse.is_lapsed``, over the index."""

    def older(days: int) -> BitMap:
        before = lapsed_before(days).timestamp()
        return _where(snapshot, lambda column: (column("verified") < before) & (column("verified") != 0))

    def make() -> BitMap:
        own = {int(days): snapshot.code(f"{CADENCE}:{days}") for days in snapshot.codes_of(CADENCE)}
        usual = older(USUAL_DAYS) - union(own.values())
        return union([usual, *(older(days) & listings for days, listings in own.items())])

    return snapshot.cached(("lapsed", timezone.localdate()), make)


def of_capacity(snapshot: Snapshot, value: str) -> BitMap:
    """What was told too long ago counts as not known."""
    oldest = timezone.localdate().toordinal() - DECAY_DAYS
    wanted = CAPACITIES.index(value)

    def make() -> BitMap:
        def told(column: Callable[[str], Any]) -> Any:
            fresh = column("capacity_day") >= oldest
            is_value = column("capacity") == wanted
            return is_value | ~fresh if value == "unknown" else is_value & fresh

        return _where(snapshot, told)

    return snapshot.cached(("capacity", value, oldest), make)


def near(snapshot: Snapshot, place: Place, radius_km: float | None) -> BitMap:
    """Within the radius, and whatever comes to you there.

    What comes to you, but not there, is left out. A place that nobody may know is in no radius.
    """
    comes, areas = snapshot.code(COMES), _served(snapshot, place)

    def serving() -> BitMap:
        return any_code(snapshot, "serves", areas) & comes

    served = snapshot.cached(("serving", areas), serving)
    if radius_km is None:
        return snapshot.cached(("not elsewhere", areas), lambda: snapshot.live - (comes - served))
    return within_radius(snapshot, place, radius_km) - comes | served


def _served(snapshot: Snapshot, place: Place) -> tuple[str, ...]:
    """Of the areas that the place lies in those that some listing says it serves: most towns of a province
    have the same, so what is near them is kept once."""

    def make() -> tuple[str, ...]:
        return tuple(code for code in (*place.served_by, "anywhere") if snapshot.code(f"serves:{code}"))

    return snapshot.cached(("served", place.served_by), make)


def _where(snapshot: Snapshot, holds: Callable[[Callable[[str], Any]], Any]) -> BitMap:
    return bitmap(np.flatnonzero(holds(snapshot.column))) & snapshot.live
