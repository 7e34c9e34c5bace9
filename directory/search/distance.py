"""How far: by geopy's geodesic, from the stored position or the area's public reference point."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.db.models import Exists, OuterRef, Q
from geopy.distance import geodesic

from directory.models import ServiceAtLocation
from directory.models.locations import PositionSource
from directory.places import Place
from directory.querysets import ServiceQuerySet

KM_PER_DEGREE = 111.0  # a little less than the truth at every latitude, so the box is never too small
POLAR = 89.0


@dataclass(frozen=True)
class Distance:
    """``is_about``: not from the door, but from the postal area or the area's reference point."""

    km: float
    is_about: bool


def in_box(services: ServiceQuerySet, place: Place, radius_km: float) -> ServiceQuerySet:
    """Coarse: everything within the radius and a little more, by the columns alone."""
    height = radius_km / KM_PER_DEGREE
    south, north = place.latitude - height, place.latitude + height
    box = Q(location__latitude__range=(south, north)) | Q(location__area__latitude__range=(south, north))
    furthest = max(abs(south), abs(north))
    if furthest < POLAR:
        width = radius_km / (KM_PER_DEGREE * cos(radians(furthest)))
        west, east = place.longitude - width, place.longitude + width
        if west > -180 and east < 180:  # across the date line the latitude alone has to do
            box &= Q(location__longitude__range=(west, east)) | Q(
                location__area__longitude__range=(west, east)
            )
    return services.filter(Exists(ServiceAtLocation.objects.filter(box, service=OuterRef("pk"))))


def distances(services: ServiceQuerySet, place: Place) -> dict[Any, Distance]:
    """The nearest position of each listing that has one. One query."""
    nearest: dict[Any, Distance] = {}
    rows = services.order_by("id").values_list(
        "id",
        "at_locations__location__latitude",
        "at_locations__location__longitude",
        "at_locations__location__position_source",
        "at_locations__location__area__latitude",
        "at_locations__location__area__longitude",
    )
    for service_id, *position in rows:
        found = _distance(position, place)
        if found and (service_id not in nearest or found.km < nearest[service_id].km):
            nearest[service_id] = found
    return nearest


def _distance(position: Iterable[Any], place: Place) -> Distance | None:
    latitude, longitude, source, area_latitude, area_longitude = position
    here = (place.latitude, place.longitude)
    if latitude is not None and longitude is not None:
        return Distance(geodesic(here, (latitude, longitude)).km, source != PositionSource.ADDRESS)
    if area_latitude is not None:
        return Distance(geodesic(here, (area_latitude, area_longitude)).km, is_about=True)
    return None
