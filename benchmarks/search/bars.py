"""The bars of the issue, each held against the medians of the rounds of this one run."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.search import workload
from benchmarks.search.measure import Measured, Round

P50, P95 = 0.5, 0.95
KILO = 1_000
SMALLEST, THROUGHPUT, LARGEST = 10 * KILO, 100 * KILO, KILO * KILO
PEER_PER_SECOND = 55.0


@dataclass(frozen=True)
class Bar:
    """``figure`` None: not measured in this run, or not answered."""

    text: str
    where: str
    figure: float | None
    limit: float
    unit: str = "×"
    at_least: bool = False

    @property
    def verdict(self) -> str:
        if self.figure is None:
            return "not measured"
        holds = self.figure >= self.limit if self.at_least else self.figure <= self.limit
        return "holds" if holds else "**missed**"


class Figures:
    """Medians of ratios, each within one round."""

    def __init__(self, measured: dict[str, Measured]):
        self.by = {(one.database.vendor, one.database.size): one for one in measured.values()}

    def of(self, vendor: str, size: int, kind: str, share: float = P50) -> float | None:
        """Milliseconds."""
        return self._median(vendor, size, lambda one: _percentile(one, kind, share))

    def to_null(self, vendor: str, size: int, kind: str, share: float = P50) -> float | None:
        return self._median(
            vendor,
            size,
            lambda one: _ratio(_percentile(one, kind, share), _percentile(one, workload.NULL, P50)),
        )

    def within(self, vendor: str, size: int, kind: str, other: str) -> float | None:
        return self._median(
            vendor, size, lambda one: _ratio(_percentile(one, kind, P50), _percentile(one, other, P50))
        )

    def between(
        self, one: tuple[str, int], other: tuple[str, int], kind: str, share: float = P50
    ) -> float | None:
        """The same kind on two databases, round by round."""
        if one not in self.by or other not in self.by:
            return None
        rounds = zip(self.by[one].rounds, self.by[other].rounds, strict=True)
        return _median([_ratio(_percentile(a, kind, share), _percentile(b, kind, share)) for a, b in rounds])

    def per_second(self, vendor: str, size: int, kind: str) -> float | None:
        return self._median(vendor, size, lambda one: one.per_second.get(kind))

    def share_of_null(self, vendor: str, size: int) -> float | None:
        return self._median(
            vendor, size, lambda one: _ratio(one.per_second.get("mixed"), one.per_second.get(workload.NULL))
        )

    def extra_write(self, vendor: str, size: int) -> float | None:
        write = self.by[vendor, size].write if (vendor, size) in self.by else {}
        return write["with"] - write["without"] if write else None

    def _median(self, vendor: str, size: int, of: Callable[[Round], float | None]) -> float | None:
        one = self.by.get((vendor, size))
        return _median([of(found) for found in one.rounds]) if one else None


def bars(figures: Figures) -> list[Bar]:
    sizes = sorted({size for _vendor, size in figures.by})
    vendors = sorted({vendor for vendor, _size in figures.by}, reverse=True)
    return [
        *_latency(figures, sizes),
        *_growth(figures),
        *_pages(figures, sizes, vendors),
        *_databases(figures, sizes),
        *(bar for vendor in vendors for bar in _rest(figures, vendor)),
    ]


def _latency(figures: Figures, sizes: list[int]) -> list[Bar]:
    found = []
    for size in sizes:
        where = f"SQLite, {size:,}"
        for kind, limit in (("keyword_near", 4), ("category_near", 4), ("everything", 6)):
            found.append(
                Bar(f"{_name(kind)}, p50 / null", where, figures.to_null("sqlite", size, kind), limit)
            )
    for kind, limit in (("common", 15), ("random", 15), ("facets", 25), ("facets_near", 25)):
        figure = figures.to_null("sqlite", LARGEST, kind, P95)
        found.append(Bar(f"{_name(kind)}, p95 / null", f"SQLite, {LARGEST:,}", figure, limit))
    return found


def _growth(figures: Figures) -> list[Bar]:
    limits = {"keyword_near": 1.5, "category_near": 1.5, "everything": 4, "common": 20, "random": 20}
    return [
        Bar(
            f"{_name(kind)}, 1,000,000 / 10,000",
            "SQLite",
            figures.between(("sqlite", LARGEST), ("sqlite", SMALLEST), kind),
            limit,
        )
        for kind, limit in limits.items()
    ]


def _pages(figures: Figures, sizes: list[int], vendors: list[str]) -> list[Bar]:
    return [
        Bar(f"{text}, last page reached / page 1", f"{_vendor(vendor)}, {size:,}", figure, 1.3)
        for vendor in vendors
        for size in sizes
        for kind, text in (("deep_list", "the whole list"), ("deep_keyword", "a common keyword"))
        for figure in [figures.within(vendor, size, kind, f"{kind}_first")]
    ]


def _databases(figures: Figures, sizes: list[int]) -> list[Bar]:
    return [
        Bar(
            f"{kind.name}, PostgreSQL / SQLite",
            f"{size:,}",
            figures.between(("postgresql", size), ("sqlite", size), kind.key),
            2.5,
        )
        for size in sizes
        for kind in workload.KINDS
    ]


def _rest(figures: Figures, vendor: str) -> list[Bar]:
    per_second = figures.per_second(vendor, THROUGHPUT, "mixed")
    one = figures.by.get((vendor, LARGEST))
    seconds = one.database.made.get("rebuild_seconds") if one else None
    name, large = _vendor(vendor), f"{_vendor(vendor)}, {LARGEST:,}"
    return [
        Bar(
            "eight clients, mixed, requests a second / null",
            f"{name}, {THROUGHPUT:,}",
            figures.share_of_null(vendor, THROUGHPUT),
            0.12,
            at_least=True,
        ),
        Bar(
            "eight clients, mixed / the better peer’s 55 a second",
            f"{name}, {THROUGHPUT:,}",
            _ratio(per_second, PEER_PER_SECOND),
            5,
            at_least=True,
        ),
        Bar("a change above the same without search", large, figures.extra_write(vendor, LARGEST), 10, "ms"),
        Bar("index a listing", large, one.index_bytes / LARGEST if one else None, 1200, "bytes"),
        Bar("rebuild", large, seconds / 60 if seconds else None, 15, "min"),
    ]


def _name(key: str) -> str:
    return next(kind.name for kind in workload.KINDS if kind.key == key)


def _vendor(vendor: str) -> str:
    return "SQLite" if vendor == "sqlite" else "PostgreSQL"


def _percentile(found: Round, kind: str, share: float) -> float | None:
    timings = found.timings.get(kind)
    return timings.percentile(share) if timings else None


def _ratio(figure: float | None, base: float | None) -> float | None:
    return figure / base if figure is not None and base else None


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
