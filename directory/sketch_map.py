"""A sketch of where things are: from points on the globe to shapes on paper, north up.

No tiles, no streets, nothing from elsewhere. Shapes are in whole units of a sheet of WIDTH by HEIGHT.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, floor, log10, radians
from typing import NamedTuple

WIDTH, HEIGHT, MARGIN = 400, 320, 48
KM_A_DEGREE = 111.2
LEAST_KM = 2.0  # a single place is no reason to draw every step
LETTER, ENDS, HIGH = 8, 16, 22  # what a character and the round ends add to a mark's width; its height
WORD = 40  # what an area's numbers have more: a word before them, without round ends
AREA_KM, AREA_LEAST, AREA_MOST = 1.2, 16, 36
HERE, STEP, ASIDE = 20, 8, 60
MOST_RUNS = 4
type_of_spot = tuple[float, float]


class Point(NamedTuple):
    """``is_about``: it stands for an area and nothing in it."""

    number: int
    latitude: float
    longitude: float
    is_about: bool


class Mark(NamedTuple):
    """One or several numbers and the spot in the middle of them."""

    x: int
    y: int
    text: str
    width: int

    @property
    def left(self) -> int:
        return self.x - self.width // 2

    def covers(self, other: Mark) -> bool:
        return 2 * abs(self.x - other.x) < self.width + other.width and abs(self.y - other.y) < HIGH


class Bar(NamedTuple):
    """So many units are so many kilometres."""

    km: float
    length: int


class Sketch(NamedTuple):
    """``circles``: the middles of areas, all of one ``radius``; ``words``: the numbers that belong there.

    ``here`` is the place that was searched.
    """

    marks: list[Mark]
    words: list[Mark]
    circles: list[tuple[int, int]]
    radius: int
    here: tuple[int, int] | None
    bar: Bar
    width: int = WIDTH
    height: int = HEIGHT


def draw(points: Iterable[Point], here: type_of_spot | None = None) -> Sketch | None:
    """None where there is nothing to draw."""
    wanted = list(points)
    if not wanted:
        return None
    sheet = _Sheet([(point.latitude, point.longitude) for point in wanted] + ([here] if here else []))
    spots = [(sheet.spot((point.latitude, point.longitude)), point) for point in wanted]
    doors = [(spot, point.number) for spot, point in spots if not point.is_about]
    areas = [(spot, point.number) for spot, point in spots if point.is_about]
    middle = sheet.spot(here) if here else None
    marks = _marks(doors)
    taken = [*marks, Mark(*middle, "", HERE)] if middle else marks
    return Sketch(
        marks=marks,
        words=[_beside(mark, taken) for mark in _marks(areas, WORD)],
        circles=list(dict.fromkeys(spot for spot, _number in areas)),
        radius=min(max(round(AREA_KM * sheet.units_a_km), AREA_LEAST), AREA_MOST),
        here=middle,
        bar=_bar(sheet.units_a_km),
    )


class _Sheet:
    """Flat, and to scale around the middle: what is near is near, though a province is a little bent."""

    def __init__(self, spots: list[type_of_spot]) -> None:
        latitudes, longitudes = zip(*spots, strict=True)
        self.middle = ((min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2)
        self.narrowing = cos(radians(self.middle[0]))
        high = (max(latitudes) - min(latitudes)) * KM_A_DEGREE
        wide = (max(longitudes) - min(longitudes)) * KM_A_DEGREE * self.narrowing
        self.units_a_km = min(
            (WIDTH - 2 * MARGIN) / max(wide, LEAST_KM), (HEIGHT - 2 * MARGIN) / max(high, LEAST_KM)
        )

    def spot(self, at: type_of_spot) -> tuple[int, int]:
        unit = KM_A_DEGREE * self.units_a_km
        east, north = (at[1] - self.middle[1]) * self.narrowing * unit, (at[0] - self.middle[0]) * unit
        return round(WIDTH / 2 + east), round(HEIGHT / 2 - north)


def _marks(spots: list[tuple[tuple[int, int], int]], before: int = 0) -> list[Mark]:
    """What would cover each other stands together, at the spot of the first. ``before``: room for a word."""
    found: list[tuple[Mark, list[int]]] = []
    for (x, y), number in spots:
        new, numbers = _mark(x, y, [number], before), [number]
        while covered := next((one for one in found if one[0].covers(new)), None):
            found.remove(covered)
            numbers = covered[1] + numbers
            new = _mark(covered[0].x, covered[0].y, numbers, before)
        found.append((new, numbers))
    return [mark for mark, _numbers in found]


def _mark(x: int, y: int, numbers: list[int], before: int) -> Mark:
    """Moved to the side as far as it must be to stand on the sheet."""
    text = runs(numbers, MOST_RUNS)
    width = ENDS + LETTER * len(text) + before
    return Mark(min(max(x, width // 2), WIDTH - width // 2), y, text, width)


def _beside(mark: Mark, taken: list[Mark]) -> Mark:
    """Above, under or at the side of what it would cover, if there is room near by."""
    steps = [0, *(sign * size for size in range(STEP, 7 * STEP, STEP) for sign in (1, -1))]
    for across in (0, ASIDE, -ASIDE):
        for down in steps:
            moved = mark._replace(x=mark.x + across, y=mark.y + down)
            if _fits(moved) and not any(moved.covers(one) for one in taken):
                return moved
    return mark


def _fits(mark: Mark) -> bool:
    return mark.left >= 0 and mark.left + mark.width <= WIDTH and HIGH < mark.y < HEIGHT - HIGH


def runs(numbers: Iterable[int], most: int | None = None) -> str:
    """``1, 2, 3, 7`` as ``1–3, 7``; after so many runs an ellipsis stands for the rest."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    said = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in found]
    return ", ".join(said[:most] + (["…"] if most and len(said) > most else []))


def _bar(units_a_km: float) -> Bar:
    """1, 2 or 5 with its zeros, no longer than a third of the sheet."""
    longest = WIDTH / 3 / units_a_km
    power = 10.0 ** floor(log10(longest))
    km = next(step * power for step in (5, 2, 1) if step * power <= longest)
    return Bar(round(km, 3), round(km * units_a_km))
