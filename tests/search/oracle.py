"""The rules of search in plain Python over the rows: slow, and as simple as they are said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from geopy.distance import geodesic

from directory.folding import normalise
from directory.models import Location, Service
from directory.opening_pattern import is_open, pattern_of
from directory.places import Place, find_place
from directory.search import Criteria

PROVINCES_AND_COUNTRY = {"canada", "manitoba", "ontario"}
TEAMS = {"outreach", "crisis-mobile"}
FACETS = ("category", "population", "gender", "barrier", "setting", "topic", "level", "intake")
FACETS += ("accessibility", "cost", "phase")
NEVER = datetime(1, 1, 1, tzinfo=timezone.get_default_timezone())


class Seen:
    """One listing with what the rules ask of it, read through its rows once."""

    def __init__(self, service: Service):
        self.service, self.id = service, service.pk
        self.codes: dict[str, set[str]] = {}
        for attribute in service.attributes.all():
            term = attribute.term
            while term:
                self.codes.setdefault(term.taxonomy, set()).add(term.code)
                term = term.parent
        self.codes["language"] = {one.code for one in service.languages.all()}
        self.areas = {one.code for one in service.service_areas.all()}
        self.places = [at.location for at in service.at_locations.all()]
        self.pattern = pattern_of(service)
        self.owner = service.organization_id
        names = (service.name_en or service.name_fr, service.name_fr or service.name_en)
        self.names = dict(zip(("en", "fr"), map(normalise, names), strict=True))
        spots = [
            *(normalise(shown_city(p)) for p in self.places),
            *(p.area_id for p in self.places if p.area_id),
        ]
        self.codes["place"] = {normalise(one) for one in (*spots, *self.areas) if one}

    @property
    def is_public(self) -> bool:
        return self.service.publication == "published" and self.service.status != "defunct"

    @property
    def comes(self) -> bool:
        if any(place.kind == "virtual" for place in self.places):
            return True
        shown = any(place.policy != "withheld" for place in self.places)
        goes_out = bool(self.codes.get("category", set()) & TEAMS) and bool(self.areas)
        return shown and (goes_out or bool(self.areas & PROVINCES_AND_COUNTRY))

    def serves(self, place: Place) -> bool:
        return self.comes and (not self.areas or bool(self.areas & set(place.served_by)))

    def km(self, place: Place) -> float | None:
        """To the nearest place that one can go to: its position, or the area's public point."""
        here = (place.latitude, place.longitude)
        found = []
        for at in self.places:
            if at.kind == "virtual":
                continue
            if at.latitude is not None:
                found.append(geodesic(here, (at.latitude, at.longitude)).km)
            elif at.area:
                found.append(geodesic(here, (at.area.latitude, at.area.longitude)).km)
        return min(found, default=None)

    @property
    def lapsed(self) -> bool:
        at = self.service.verified_at
        holds = timedelta(days=self.service.verify_days)
        return at is not None and timezone.localdate() > timezone.localdate(at) + holds

    @property
    def capacity(self) -> str:
        row = getattr(self.service, "capacity", None)
        if row is None or timezone.localdate() - timezone.localdate(row.as_of) > timedelta(days=14):
            return "unknown"
        return str(row.value)

    def verified_within(self, days: int) -> bool:
        at = self.service.verified_at
        return at is not None and timezone.localdate() - timezone.localdate(at) <= timedelta(days=days)

    def is_open(self, at: datetime) -> bool:
        minute = at.replace(second=0, microsecond=0)
        return self.pattern is not None and is_open(self.pattern, minute) is True


def shown_city(place: Location) -> str:
    """Beside the area of a place whose door is not shown, no other city than the area's own."""
    is_area = place.policy == "area_only" and place.area
    return place.area.city if is_area else place.city


def read_all() -> list[Seen]:
    rows = Service.objects.select_related("capacity", "organization").prefetch_related(
        "attributes__term__parent__parent", "languages", "service_areas", "schedules", "schedule_exceptions"
    )
    return [Seen(row) for row in rows.prefetch_related("at_locations__location__area").order_by("pk")]


def passes(one: Seen, criteria: Criteria, now: datetime, *, but: str = "") -> bool:
    """Every facet asked for, one of them left out for its own count."""
    return all(check for name, check in _checks(one, criteria, now) if name != but)


def _checks(one: Seen, criteria: Criteria, now: datetime) -> Iterable[tuple[str, bool]]:
    service = one.service
    for facet in (*FACETS, "language"):
        if wanted := getattr(criteria, facet):
            yield facet, bool(one.codes.get(facet, set()) & set(wanted))
    if criteria.place:
        yield "place", bool(one.codes["place"] & set(map(normalise, criteria.place)))
    if criteria.age is not None:
        low, high = service.minimum_age or 0, service.maximum_age
        yield "age", low <= criteria.age and (high is None or criteria.age <= high)
    if criteria.accepts_referrals is not None:
        yield "accepts_referrals", service.accepts_referrals == criteria.accepts_referrals
    if criteria.verified_within is not None:
        yield "verified_within", one.verified_within(criteria.verified_within)
    if criteria.capacity:
        yield "capacity", one.capacity in criteria.capacity
    if criteria.open_at or criteria.open_now:
        yield "open_now", one.is_open(criteria.open_at or now)
    if criteria.near:
        yield "near", _near(one, find_place(criteria.near), criteria.radius_km)


def _near(one: Seen, place: Place, radius_km: float | None) -> bool:
    """What comes to you belongs in every near result that it serves, and in no other."""
    if one.comes:
        return one.serves(place)
    if radius_km is None:
        return True
    km = one.km(place)
    return km is not None and km <= radius_km


def in_order(found: list[Seen], criteria: Criteria, language: str) -> list[UUID]:
    place = find_place(criteria.near) if criteria.near else None

    def key(one: Seen) -> Any:
        last = (one.names[language], one.id)
        if criteria.ordering == "verified":
            at = one.service.verified_at
            return (-(at or NEVER).timestamp() if at else 0.0, *last)
        if criteria.ordering == "distance" and place:
            km = one.km(place)
            return (0, round(km, 6), *last) if km is not None else (1 if one.comes else 2, 0, *last)
        if criteria.ordering == "relevance":
            return (one.lapsed, *last)
        return last

    return [one.id for one in sorted(found, key=key)]


def count(seen: list[Seen], criteria: Criteria, now: datetime, facet: str) -> dict[str, int]:
    """How many each value of the facet would find, beside the other facets' choice."""
    rest = [one for one in seen if one.is_public and passes(one, criteria, now, but=facet)]
    values: dict[str, int] = {}
    for one in rest:
        for value in _values(one, facet, now):
            values[value] = values.get(value, 0) + 1
    return values


def _values(one: Seen, facet: str, now: datetime) -> Iterable[str]:
    if facet == "capacity":
        return [one.capacity]
    if facet == "accepts_referrals":
        return [str(one.service.accepts_referrals).lower()]
    if facet == "open_now":
        return ["true"] if one.is_open(now) else []
    if facet == "verified_within":
        return [str(days) for days in (90, 180) if one.verified_within(days)]
    return one.codes.get(facet, set())
