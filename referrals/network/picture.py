"""The picture of who refers to whom: senders on the left, receivers on the right, a band for each flow.

Organizations stand in it by their numbers, which the table beside it explains. All lengths are whole
units, as texts: a language's own way of writing numbers has no place in a drawing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from referrals.network.flows import Named

WIDTH, EDGE, NODE, LABEL = 400, 16, 10, 34
HIGH, GAP, LEAST = 360, 6, 16
MOST = 40


class Node(NamedTuple):
    """One side of one organization. ``middle``: where its number stands."""

    number: str
    x: str
    y: str
    height: str
    label_x: str
    middle: str


class Band(NamedTuple):
    """A curve as wide as its flow."""

    path: str
    width: str


class Picture(NamedTuple):
    width: str
    height: str
    node: str
    senders: list[Node]
    receivers: list[Node]
    bands: list[Band]


class _Side:
    """The organizations of one side from top to bottom, and how far each is taken up by bands."""

    def __init__(self, parts: Iterable[tuple[UUID, int]], unit: float) -> None:
        totals: dict[UUID, int] = {}
        for key, number in parts:
            totals[key] = totals.get(key, 0) + number
        self.heights = {key: max(total * unit, LEAST) for key, total in totals.items()}
        self.tops: dict[UUID, float] = {}
        self.bottom = float(EDGE)
        for key, height in self.heights.items():
            self.tops[key] = self.bottom
            self.bottom += height + GAP
        # The bands stand in the middle of an organization that is drawn higher than they need.
        self.free = {key: self.tops[key] + (self.heights[key] - totals[key] * unit) / 2 for key in totals}

    def take(self, key: UUID, width: float) -> float:
        """The middle of the next band of this organization."""
        self.free[key] += width
        return self.free[key] - width / 2

    def nodes(self, numbers: dict[UUID, int], x: int, label_x: int) -> list[Node]:
        return [
            Node(
                number=str(numbers[key]),
                x=str(x),
                y=str(round(top)),
                height=str(round(self.heights[key])),
                label_x=str(label_x),
                middle=str(round(top + self.heights[key] / 2) + 5),
            )
            for key, top in self.tops.items()
        ]


def draw(flows: list[Named], numbers: dict[UUID, int]) -> Picture | None:
    """The largest flows; None where there is nothing to draw."""
    drawn = flows[:MOST]
    if not drawn:
        return None
    unit = HIGH / sum(flow.referrals for flow in drawn)
    left = _Side(((flow.sender_id, flow.referrals) for flow in drawn), unit)
    right = _Side(((flow.receiver_id, flow.referrals) for flow in drawn), unit)
    start, stop = LABEL + NODE, WIDTH - LABEL - NODE
    bands = []
    for flow in drawn:
        width = flow.referrals * unit
        here, there = (
            round(side.take(key, width)) for side, key in ((left, flow.sender_id), (right, flow.receiver_id))
        )
        middle = (start + stop) // 2
        path = f"M{start} {here}C{middle} {here} {middle} {there} {stop} {there}"
        bands.append(Band(path, str(max(round(width), 1))))
    return Picture(
        width=str(WIDTH),
        height=str(round(max(left.bottom, right.bottom)) + EDGE - GAP),
        node=str(NODE),
        senders=left.nodes(numbers, LABEL, LABEL - 6),
        receivers=right.nodes(numbers, stop, stop + NODE + 6),
        bands=bands,
    )
