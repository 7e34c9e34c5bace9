"""The rows that search reads of listings, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from directory.models import LocationPolicy
from directory.place_policy import StoredPlace, shown_place


class PlaceRow(NamedTuple):
    """One location as far as its policy lets it be stored, with the area's public point and its codes."""

    policy: str
    kind: str
    city: str
    province: str
    latitude: float | None
    longitude: float | None
    position_source: str
    area: str | None
    area_en: str | None
    area_fr: str | None
    area_latitude: float | None
    area_longitude: float | None
    area_city: str | None
    postal_code: str | None
    address: str | None

    @property
    def stored(self) -> StoredPlace:
        return StoredPlace(*self[:7], *self[7:10], self.address, self.postal_code)

    @property
    def shown_city(self) -> str:
        """The city as the policy shows it; where it shows an area in its place, that one's."""
        place = shown_place(self.stored)
        instead = self.area_city if place.area and place.policy == LocationPolicy.AREA_ONLY else ""
        return place.city or instead or ""


class PhoneRow(NamedTuple):
    number: str
    extension: str
    kind: str
    label_en: str
    label_fr: str


class ServiceRow(NamedTuple):
    id: Any
    organization_id: Any
    program_id: Any
    name_en: str
    name_fr: str
    summary_en: str
    summary_fr: str
    description_en: str
    description_fr: str
    eligibility_en: str
    eligibility_fr: str
    minimum_age: int | None
    maximum_age: int | None
    status: str
    publication: str
    holiday_hours: str
    accepts_referrals: bool
    verified_at: datetime | None
    verify_days: int
    sort_en: str
    sort_fr: str
    organization_en: str
    organization_fr: str
    program_en: str | None
    program_fr: str | None
    capacity: str | None
    capacity_as_of: datetime | None


@dataclass(frozen=True)
class ScheduleRow:
    freq: str
    interval: int
    byday: str
    bymonthday: str
    dtstart: date | None
    until: date | None
    count: int | None
    valid_from: date | None
    valid_to: date | None
    opens_at: time
    closes_at: time
    timezone: str
