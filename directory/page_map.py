"""The listings of a page on a sketch: only what the cards themselves say of each place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from directory.cards import Card
from directory.models import LocationPolicy
from directory.models.locations import LocationKind
from directory.place_policy import PublicPlace
from directory.places import Place
from directory.sketch_map import Point, Sketch, draw, runs
from directory.wording import areas


@dataclass(frozen=True)
class PageMap:
    """``withheld``, ``virtual`` and ``unknown``: the numbers of the cards that are not drawn, in words."""

    sketch: Sketch
    bar: str
    place: str
    has_areas: bool
    withheld: str
    virtual: str
    unknown: str


def page_map(cards: Iterable[Card], near: Place | None) -> PageMap | None:
    """None where no card has a place that can be drawn."""
    points: list[Point] = []
    left_out: dict[str, list[int]] = {"withheld": [], "virtual": [], "unknown": []}
    for card in cards:
        if spot := _spot(card.place):
            points.append(Point(card.number, *spot))
        else:
            left_out[_reason(card.place)].append(card.number)
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
