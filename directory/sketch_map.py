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
APART = 24  # numbers closer together than that stand in one mark
WORDS_APART = (64, 20)  # across and down: an area's numbers have a word before them
LETTER, ENDS = 8, 16  # what one character and the round ends add to the width of a mark
AREA_KM, AREA_LEAST, AREA_MOST = 1.2, 16, 36
UNDER_HERE = 22
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

    @property
    def width(self) -> int:
        return ENDS + LETTER * len(self.text)

    @property
    def left(self) -> int:
        return self.x - self.width // 2


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
    return Sketch(
        marks=_marks(doors, (APART, APART)),
        words=[_beside(mark, middle) for mark in _marks(areas, WORDS_APART)],
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


def _marks(spots: list[tuple[tuple[int, int], int]], apart: tuple[int, int]) -> list[Mark]:
    """What would cover each other stands together, at the spot of its first number."""
    groups: dict[tuple[int, int], list[int]] = {}
    for (x, y), number in spots:
        near = (at for at in groups if abs(at[0] - x) < apart[0] and abs(at[1] - y) < apart[1])
        groups.setdefault(next(near, (x, y)), []).append(number)
    return [Mark(x, y, runs(numbers, MOST_RUNS)) for (x, y), numbers in groups.items()]


def _beside(mark: Mark, here: tuple[int, int] | None) -> Mark:
    """Under the place that was searched, where it would stand upon it."""
    if here and abs(mark.x - here[0]) < WORDS_APART[0] and abs(mark.y - here[1]) < WORDS_APART[1]:
        return mark._replace(y=here[1] + UNDER_HERE)
    return mark


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
