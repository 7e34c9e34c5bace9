"""The entries of a page on a sketch: only what the list itself says of each place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from directory.models import LocationPolicy
from directory.models.locations import LocationKind
from directory.place_policy import PublicPlace
from directory.places import Place
from directory.sketch_map import Point, Sketch, draw, runs
from directory.wording import areas


class Placed(Protocol):
    """An entry of the list beside the map: its number there, and where it is."""

    @property
    def number(self) -> int: ...

    @property
    def place(self) -> PublicPlace: ...


@dataclass(frozen=True)
class PageMap:
    """``withheld``, ``virtual`` and ``unknown``: the numbers of the entries that are not drawn, in words."""

    sketch: Sketch
    bar: str
    place: str
    has_areas: bool
    withheld: str
    virtual: str
    unknown: str


def page_map(entries: Iterable[Placed], near: Place | None) -> PageMap | None:
    """None where no entry has a place that can be drawn."""
    points: list[Point] = []
    left_out: dict[str, list[int]] = {"withheld": [], "virtual": [], "unknown": []}
    for entry in entries:
        if spot := _spot(entry.place):
            points.append(Point(entry.number, *spot))
        else:
            left_out[_reason(entry.place)].append(entry.number)
    sketch = draw(points, (near.latitude, near.longitude) if near else None)
    if sketch is None:
        return None
    return PageMap(
        sketch=sketch,
        bar=_("%(km)s km")
        % {"km": number_format(sketch.bar.km, decimal_pos=None if sketch.bar.km % 1 else 0)},
        place=near.name if near else "",
        has_areas=any(point.is_about for point in points),
        **{reason: runs(numbers) for reason, numbers in left_out.items()},
    )


def _spot(place: PublicPlace) -> tuple[float, float, bool] | None:
    """Latitude, longitude, and whether they are an area's."""
    if place.kind == LocationKind.VIRTUAL:
        return None
    if place.policy == LocationPolicy.PUBLIC and place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude, place.position_is_about
    if place.policy != LocationPolicy.WITHHELD and place.area:
        area = areas()[place.area.code]
        return area.latitude, area.longitude, True
    return None


def _reason(place: PublicPlace) -> str:
    if place.kind == LocationKind.VIRTUAL:
        return "virtual"
    return "withheld" if place.policy == LocationPolicy.WITHHELD else "unknown"
