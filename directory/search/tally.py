"""The codes of each listing as one row of a table, to count the codes of some listings at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from pyroaring import BitMap

from directory.search.base import Base, numbers

WIDEST = 16  # of a listing with more codes the rest is counted one by one


class Tally:
    """``count`` answers for the terms it was made with, over listings as the base has them."""

    def __init__(self, base: Base, terms: Iterable[str]):
        self.places = {term: place for place, term in enumerate(terms, 1)}  # 0 stands for none
        held = {place: base.codes[term] for term, place in self.places.items() if term in base.codes}
        width = np.zeros(base.size, dtype=np.uint8)
        for listings in held.values():
            width[numbers(listings)] += 1
        self.rows = np.zeros((base.size, min(int(width.max(initial=0)), WIDEST)), dtype=np.uint16)
        self.rest: dict[int, BitMap] = {}
        filled = np.zeros(base.size, dtype=np.uint8)
        for place, listings in held.items():
            of_code = numbers(listings)
            fits = filled[of_code] < WIDEST
            if not fits.all():
                self.rest[place] = BitMap(of_code[~fits])
                of_code = of_code[fits]
            self.rows[of_code, filled[of_code]] = place
            filled[of_code] += 1

    def places_of(self, terms: Iterable[str]) -> Any:
        """Where ``count`` tells each of them; 0 for one that came later."""
        return np.array([self.places.get(term, 0) for term in terms], dtype=np.int64)

    def count(self, listings: BitMap) -> Any:
        """An array by the places of the terms; nothing has place 0."""
        counts = np.bincount(self.rows[numbers(listings)].ravel(), minlength=len(self.places) + 1)
        for place, more in self.rest.items():
            counts[place] += listings.intersection_cardinality(more)
        counts[0] = 0
        return counts
