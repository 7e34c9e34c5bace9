"""What a result shows of a listing, kept with its entry ready made: a page of results reads nothing else.

It holds what the location policy lets everybody know, and the codes of the vocabularies, not their names.
What time changes (opening, capacity that is told too long ago) is worked out when it is shown.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from directory.place_policy import shown_place
from directory.prepared import as_uuid
from directory.querysets import is_public
from directory.search.sources import Source

TRUE, NULL, EMPTY = b"true", b"null", b'""'
BETWEEN = b"\t"  # never stands in JSON as it is written here


class Shown(NamedTuple):
    """Each field as the JSON of its value: an answer is put together of it as it is.

    ``owner``: the organization's id. Times are RFC 3339 in UTC. ``capacity``: what was told at
    ``capacity_as_of``, whether it still holds or not. ``phones``: each its number, extension, kind, and label
    in both languages. Of a place null is what is not known or not shown; ``area`` is its code.
    """

    is_public: bytes
    owner: bytes
    owner_en: bytes
    owner_fr: bytes
    name_en: bytes
    name_fr: bytes
    summary_en: bytes
    summary_fr: bytes
    verified_at: bytes
    capacity: bytes
    capacity_as_of: bytes
    categories: bytes
    policy: bytes
    city: bytes
    area: bytes
    address: bytes
    postal_code: bytes
    latitude: bytes
    longitude: bytes
    phones: bytes


def shown_of(source: Source) -> Shown:
    service = source.service
    place = shown_place(source.places[0].stored if source.places else None)
    values = (
        is_public(service),
        as_uuid(service.organization_id),
        service.organization_en,
        service.organization_fr,
        service.name_en,
        service.name_fr,
        service.summary_en,
        service.summary_fr,
        _moment(service.verified_at),
        service.capacity or None,
        _moment(service.capacity_as_of),
        sorted(source.categories),
        place.policy,
        place.city or None,
        place.area.code if place.area else None,
        place.address or None,
        place.postal_code or None,
        place.latitude,
        place.longitude,
        [list(phone) for phone in source.phones],
    )
    return Shown._make(map(orjson.dumps, values))


def written(shown: Shown) -> bytes:
    return BETWEEN.join(shown)


def read(line: bytes) -> Shown:
    return Shown._make(line.split(BETWEEN))


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None
