"""Accuracy over time, drawn: each sample a point with its interval. The table says the same in words."""

from __future__ import annotations

from dataclasses import dataclass

from directory.upkeep.accuracy import Accuracy

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 16, 40
NEWEST = 12  # so many stand side by side on a phone
GRID = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    low: int
    high: int
    accuracy: Accuracy

    @property
    def left(self) -> int:
        return self.x - 5

    @property
    def label_y(self) -> int:
        return HEIGHT - 14


@dataclass(frozen=True)
class Line:
    y: int
    percent: int


@dataclass(frozen=True)
class Chart:
    points: list[Point]
    lines: list[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT

    @property
    def path(self) -> str:
        """From point to point, as SVG says it."""
        return "M" + "L".join(f"{point.x} {point.y}" for point in self.points)


def chart_of(newest_first: list[Accuracy]) -> Chart | None:
    """Of the samples in which somebody was called, the oldest first. None without any."""
    told = [one for one in newest_first if one.called][:NEWEST][::-1]
    if not told:
        return None
    step = (WIDTH - LEFT - RIGHT) / len(told)
    points = [
        Point(round(LEFT + step * (place + 0.5)), _y(one.right / one.called), _y(one.low), _y(one.high), one)
        for place, one in enumerate(told)
    ]
    return Chart(points, [Line(_y(percent / 100), percent) for percent in GRID])


def _y(share: float) -> int:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM))
