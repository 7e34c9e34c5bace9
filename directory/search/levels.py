"""The levels of relevance, worked out no further than they are read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from heapq import heappop, heappush
from operator import and_

from pyroaring import BitMap

from directory.search.base import union
from directory.search.held import type_of_valued
from directory.search.matching import Answer, Match

WHOLE = 1_000  # holding more of the words outweighs every value


def levels(found: Match, within: BitMap) -> Iterator[tuple[int, BitMap]]:
    """``within`` parted by how well the listings answer, with the values, best first.

    The part that may still hold the best is always divided next, by the next concept. Parts that have
    come to the same value by the same concepts are one; which listings are in it is worked out when it
    is its turn.
    """
    if len(found.answers) == 1 and within is found.answers[0].all:
        yield from found.answers[0].valued
        return
    steps = [_steps(answer, found.is_partial) for answer in found.answers]
    most = [0]
    for step in reversed(steps):
        most.insert(0, most[0] + max((gain for gain, _listings in step), default=0))
    parts = {(0, 0): [(within, within)]}  # by how many concepts have divided it, and the value so far
    waiting = [(-most[0], 0, 0)]  # the best value that is still possible; then the least divided first
    while waiting:
        bound, depth, value = heappop(waiting)
        part = union(one & other for one, other in parts.pop((depth, value)))
        if depth == len(steps):
            if part:
                yield -bound, part
            continue
        for gain, listings in steps[depth] if part else ():
            into = (depth + 1, value + gain)
            if into not in parts:
                heappush(waiting, (-(value + gain + most[depth + 1]), *into))
                parts[into] = []
            parts[into].append((part, listings))


def telling_ones(found: Match, within: BitMap) -> BitMap:
    """Those of ``within`` that hold all concepts in fields that tell what a listing is; all, if none does."""
    asked = [answer for answer in found.answers if not answer.concept.is_optional] or found.answers
    telling = reduce(and_, (answer.telling for answer in asked), within)
    return telling or within


def _steps(answer: Answer, is_partial: bool) -> type_of_valued:
    """What each part of the listings gains by one concept; where it may lack, the others gain nothing."""
    more = answer.weight * WHOLE if is_partial else 0
    steps = [(more + value, listings) for value, listings in answer.valued]
    return [*steps, (0, answer.others)] if is_partial or answer.concept.is_optional else steps
