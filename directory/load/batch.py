"""A stretch of the listings to write, and the dice for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from directory.load.writing import ids


@dataclass(frozen=True)
class Batch:
    """Listings ``first`` to ``first + count`` of ``total``."""

    rng: np.random.Generator
    first: int
    count: int
    total: int

    def ids(self, count: int) -> list[str]:
        """For rows that stand in the order of the batch's listings."""
        return ids(self.rng, self.first / self.total, (self.first + self.count) / self.total, count)

    def chance(self, share: float) -> list[bool]:
        drawn: list[bool] = (self.rng.random(self.count) < share).tolist()
        return drawn

    def pick(self, options: Sequence[Any], shares: Sequence[float] | None = None) -> list[Any]:
        return [options[n] for n in self.rng.choice(len(options), self.count, p=shares).tolist()]
