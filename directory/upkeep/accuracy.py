"""How right the listings are, from samples that were called: a share, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from uuid import UUID

from directory.models import PhoneCheck, PhoneSample

SURE = 1.959963984540054  # 95 % of a normal distribution lie so near its middle
FACTS = ("hours_right", "eligibility_right", "intake_right")


@dataclass(frozen=True)
class Accuracy:
    """Of one sample: of ``called`` listings ``right`` were functionally right; ``low`` and ``high`` are the
    ends of the interval that holds the share of all listings 19 times in 20."""

    sample_id: UUID
    drawn_at: datetime
    drawn: int
    called: int
    right: int
    low: float
    high: float

    @property
    def percent(self) -> int:
        return round(100 * self.right / self.called) if self.called else 0

    @property
    def low_percent(self) -> int:
        return round(100 * self.low)

    @property
    def high_percent(self) -> int:
        return round(100 * self.high)


def wilson(right: int, called: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share. Nothing is known of nobody called: 0 to 1."""
    if not called:
        return 0.0, 1.0
    share, square = right / called, SURE**2
    middle = share + square / (2 * called)
    half = SURE * sqrt(share * (1 - share) / called + square / (4 * called**2))
    whole = 1 + square / called
    # At the ends what is left over is the rounding's alone.
    low = (middle - half) / whole if right else 0.0
    high = (middle + half) / whole if right < called else 1.0
    return low, high


def is_right(check: PhoneCheck) -> bool:
    """Functionally: somebody answered, it is still offered, and nothing that was asked was wrong.

    A number under which nobody can be reached helps nobody, so it counts as wrong.
    """
    return bool(
        check.reached and check.still_offered and not any(getattr(check, fact) is False for fact in FACTS)
    )


def is_all_right(check: PhoneCheck) -> bool:
    """Everything was asked, and everything was right: as good as the owner's own word."""
    return bool(check.reached and check.still_offered and all(getattr(check, fact) for fact in FACTS))


def accuracy_of(samples: list[PhoneSample]) -> list[Accuracy]:
    """In the order given; of samples with their checks prefetched."""
    found = []
    for sample in samples:
        checks = list(sample.checks.all())
        called = [check for check in checks if check.called_at is not None]
        right = sum(is_right(check) for check in called)
        low, high = wilson(right, len(called))
        found.append(Accuracy(sample.pk, sample.drawn_at, len(checks), len(called), right, low, high))
    return found
