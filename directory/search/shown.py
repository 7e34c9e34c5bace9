"""What a result shows of a listing, kept with its entry ready made: a page of results reads nothing else.

It holds what the location policy lets everybody know, and the codes of the vocabularies, not their names.
What time changes (opening, capacity that is told too long ago) is worked out when it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

from directory.place_policy import PublicPlace, shown_place
from directory.prepared import as_uuid
from directory.querysets import is_public
from directory.search.sources import Source


class Shown(NamedTuple):
    """``owner``: the organization's id in hex. Times are RFC 3339 in UTC. ``place``: the fields of a
    PublicPlace, the area by its code. ``phones``: number, extension, kind, label in both languages."""

    is_public: bool
    owner: str
    owner_en: str
    owner_fr: str
    name_en: str
    name_fr: str
    summary_en: str
    summary_fr: str
    verified_at: str | None
    capacity: Sequence[Any]
    categories: Sequence[str]
    place: Sequence[Any]
    phones: Sequence[Sequence[str]]

    @property
    def area(self) -> str | None:
        code: str | None = self.place[4]
        return code


def shown_of(source: Source) -> Shown:
    service = source.service
    told = [service.capacity, _moment(service.capacity_as_of)] if service.capacity else []
    first = source.places[0].stored if source.places else None
    return Shown(
        is_public=is_public(service),
        owner=as_uuid(service.organization_id).hex,
        owner_en=service.organization_en,
        owner_fr=service.organization_fr,
        name_en=service.name_en,
        name_fr=service.name_fr,
        summary_en=service.summary_en,
        summary_fr=service.summary_fr,
        verified_at=_moment(service.verified_at),
        capacity=told,
        categories=sorted(source.categories),
        place=_place(shown_place(first)),
        phones=[list(phone) for phone in source.phones],
    )


def written(shown: Shown) -> bytes:
    """One line of JSON."""
    return orjson.dumps(tuple(shown))


def read(line: bytes) -> Shown:
    return Shown._make(orjson.loads(line))


def _place(place: PublicPlace) -> list[Any]:
    area = place.area.code if place.area else None
    return [
        place.policy,
        place.kind,
        place.city,
        place.province,
        area,
        place.address,
        place.postal_code,
        place.latitude,
        place.longitude,
        place.position_is_about,
    ]


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None
