"""A reason for or against a service, or what nobody knows, in words; and a service judged by all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    FOR = "for"
    AGAINST = "against"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reason:
    """``text`` is in the reader's language. ``excludes``: a known contradiction."""

    kind: Kind
    code: str
    text: str
    points: int = 0
    excludes: bool = False


class Verdict(NamedTuple):
    """``fits``: nothing that is known speaks against it altogether. What is unknown never does."""

    fits: bool
    score: int
    reasons: list[Reason]


@dataclass
class Reasons:
    """Collects what the rules say. Unknown counts nothing, so that knowing something good never harms."""

    found: list[Reason] = field(default_factory=list)

    def good(self, code: str, text: str, points: int) -> None:
        self.found.append(Reason(Kind.FOR, code, text, points))

    def bad(self, code: str, text: str, points: int) -> None:
        self.found.append(Reason(Kind.AGAINST, code, text, -points))

    def never(self, code: str, text: str) -> None:
        self.found.append(Reason(Kind.AGAINST, code, text, excludes=True))

    def unknown(self, code: str, text: str) -> None:
        self.found.append(Reason(Kind.UNKNOWN, code, text))

    def verdict(self) -> Verdict:
        """For first, then against, then unknown; what weighs most first."""
        order = list(Kind)
        reasons = sorted(self.found, key=lambda r: (order.index(r.kind), not r.excludes, -abs(r.points)))
        fits = not any(reason.excludes for reason in reasons)
        return Verdict(fits, sum(reason.points for reason in reasons), reasons)
