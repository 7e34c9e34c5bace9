"""RESULTS.md: the tables of one run."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from benchmarks.search import measure, workload
from benchmarks.search.bars import P50, P95, Bar, Figures, bars
from benchmarks.search.measure import Measured

GIVEN = """## Given figures

Figures of the issue, not of this run: peers over HTTP on a machine of this size (2 cores), p50 with one
client and requests a second with eight.

| | 10,000 | 100,000 |
|---|---|---|
| a FastAPI + PostGIS directory, keyword | 112 ms / 26 a second | 637 ms / 2.3 a second |
| the French national directory’s API, keyword with distance | 12 ms / 136 a second | 36 ms / 55 a second |
| a null Django view | 0.4 ms | |
| a null DRF view | 0.6 ms / 4,200 a second | |
| plain DRF over the best plan | 5.1 ms / 330 a second | |
| lean rows over the best plan | 2.2 ms / 920 a second | |
"""
BESIDE = {
    "plain keyword_near": "plain SQL: keyword + near",
    "plain category_near": "plain SQL: category + near",
    "plain common": "plain SQL: the 100 commonest words by bm25 (SQLite), ts_rank (PostgreSQL)",
    "plain random": "plain SQL: random words by the same",
    "tantivy common": "tantivy: the 100 commonest words",
    "tantivy random": "tantivy: random words",
}


def write(measured: dict[str, Measured], command: str, load: tuple[float, float]) -> str:
    """``load``: the load average before and after, which says how quiet the machine was."""
    figures = Figures(measured)
    parts = [
        _head(measured, command, load),
        "## Bars\n\n" + _bars(bars(figures)),
        *(_answers(name, one, figures) for name, one in measured.items()),
        _beside(measured, figures),
        _many(measured, figures),
        _writes(measured),
        GIVEN,
    ]
    return "\n".join(part for part in parts if part)


def _head(measured: dict[str, Measured], command: str, load: tuple[float, float]) -> str:
    packages = ("Django", "djangorestframework", "gunicorn", "psycopg", "numpy", "pyroaring", "tantivy")
    known = ", ".join(f"{name} {_version(name)}" for name in packages)
    rounds = max(len(one.rounds) for one in measured.values())
    body = max(one.answer_bytes for one in measured.values()) / 1000
    return f"""# Search, measured

`{command}` on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average
{load[0]:.1f} before and {load[1]:.1f} after. Python {platform.python_version()}, SQLite
{sqlite3.sqlite_version}, {_postgresql(measured)}{known}.

{rounds} interleaved rounds of {measure.SETS} random parameter sets a kind, others in each round. One client
over a kept connection, one worker with one thread. Before each round the files of its database are read
through, so that no disk takes part; before the first the worker has answered {measure.WARM_UPS} times
{measure.SETS} other random sets of each kind. The null view is a constant body of 20 results
({body:.0f} kB at most) behind the same process, middleware, authentication and renderer; "bytes" is the same
body rendered beforehand. "× null" divides by the p50 of the null view in the same round; the figure is the
median over the rounds. A p95 is never divided by a p95.
PostgreSQL runs with fsync off. Only ratios of one run count.
"""


def _bars(found: list[Bar]) -> str:
    rows = (
        (bar.text, bar.where, _number(bar.figure), f"{'≥' if bar.at_least else '≤'} {bar.limit:g} {bar.unit}",
         bar.verdict)
        for bar in found
    )  # fmt: skip
    return _table(("what", "where", "measured", "bar", ""), rows)


def _answers(name: str, one: Measured, figures: Figures) -> str:
    kinds = {workload.NULL: "null view", workload.NULL_BYTES: "null view, bytes"}
    kinds |= {kind.key: kind.name for kind in workload.KINDS}
    for key, text in (("deep_list", "the whole list"), ("deep_keyword", "a common keyword")):
        deepest = max((found.pages.get(key, 0) for found in one.rounds), default=0)
        kinds |= {f"{key}_first": f"{text}, page 1", key: f"{text}, page {deepest} by next"}
    return f"## {name}\n\n" + _table(
        ("answer", "p50 ms", "p95 ms", "p50 × null", "p95 × null", "answered"),
        (_answer_row(one, figures, key, text) for key, text in kinds.items()),
    )


def _answer_row(one: Measured, figures: Figures, key: str, text: str) -> tuple[str, ...]:
    at = (one.database.vendor, one.database.size)
    timings = [found.timings[key] for found in one.rounds if key in found.timings]
    refused = {status for some in timings for status in some.refused}
    answered = str(sum(len(some.took) for some in timings))
    return (
        text,
        _number(figures.of(*at, key, P50)),
        _number(figures.of(*at, key, P95)),
        _number(figures.to_null(*at, key, P50)),
        _number(figures.to_null(*at, key, P95)),
        answered + (f" (and refused with {', '.join(map(str, sorted(refused)))})" if refused else ""),
    )


def _beside(measured: dict[str, Measured], figures: Figures) -> str:
    rows = (
        (text, name, _number(figures.of(*at, key, P50)), _number(figures.of(*at, key, P95)))
        for key, text in BESIDE.items()
        for name, one in measured.items()
        for at in [(one.database.vendor, one.database.size)]
        if figures.of(*at, key) is not None
    )
    return (
        "## Beside it: plain SQL and another engine\n\nIn process, without HTTP, visibility, facets or "
        "a body: document numbers only.\n\n" + _table(("what", "where", "p50 ms", "p95 ms"), rows)
    )


def _many(measured: dict[str, Measured], figures: Figures) -> str:
    rows = []
    for name, one in measured.items():
        at = (one.database.vendor, one.database.size)
        mixed = figures.per_second(*at, "mixed")
        if mixed is not None:
            null, share = figures.per_second(*at, workload.NULL), figures.share_of_null(*at)
            rows.append((name, _number(null), _number(mixed), _number(share)))
    if not rows:
        return ""
    kinds = ", ".join(kind.name for kind in workload.KINDS if kind.key in workload.MIXED)
    head = ("where", "null view a second", "mixed a second", "mixed / null")
    return (
        f"## Eight clients\n\nTwo sync workers, {measure.SECONDS:g} seconds each. "
        f"Mixed, in turn: {kinds}.\n\n{_table(head, rows)}"
    )


def _writes(measured: dict[str, Measured]) -> str:
    rows = (
        (
            name,
            _number(one.write.get("with")),
            _number(one.write.get("without")),
            _number(one.index_bytes / one.database.size),
            _number(one.database.made.get("rebuild_seconds")),
            _number(one.database.made.get("load_seconds")),
        )
        for name, one in measured.items()
    )
    head = ("where", "save ms", "without search ms", "index bytes a listing", "rebuild s", "rows written s")
    return (
        "## Writing\n\nRows and index are written when a database is made, not in each run "
        "(`--index always` builds the index again).\n\n" + _table(head, rows) + _readers(measured)
    )


def _readers(measured: dict[str, Measured]) -> str:
    """Nothing where no reader was measured."""
    rows = []
    for name, one in measured.items():
        for text, timings in (("before", one.quiet), ("while the index is rebuilt", one.rebuilding)):
            if timings:
                shares = [_number(timings.percentile(share)) for share in (P50, P95, 1.0)]
                rows.append((f"{name}, {text}", *shares, str(sum(timings.refused.values()))))
    head = ("one reader, keyword + near", "p50 ms", "p95 ms", "longest ms", "refused")
    return "\n" + _table(head, rows) if rows else ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(_lines(list(head), rows)) + "\n"


def _lines(head: list[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _postgresql(measured: dict[str, Measured]) -> str:
    for one in measured.values():
        if one.database.vendor == "postgresql":
            with one.database.connect() as connection:
                return f"PostgreSQL {connection.info.server_version // 10000}, "
    return ""


def command_line() -> str:
    """Without the folders, which belong to one machine."""
    given = " ".join(["python -m benchmarks.search", *sys.argv[1:]])
    return re.sub(r" --(workdir|results)[ =]\S+", "", given)
