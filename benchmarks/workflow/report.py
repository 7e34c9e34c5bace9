"""RESULTS.md: every page at every size, and whether the bars hold."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

MOST_QUERIES, MOST_TIMES = 12, 3.0
type_of_round = dict[str, dict[str, float]]

HEAD = """# The workflow, measured

`{command}` on {day}, 2 cores, load average {before:.1f} before and {after:.1f} after.

Server time of a page in process, for a worker of the organization with the most referrals (a sixth of all
are sent by the largest sender); {rounds} interleaved rounds, the median of their medians and of their 95th
percentiles. "Queries" leaves out what opens and ends a transaction. Each page records its release in the
audit chain before it answers. PostgreSQL runs with fsync off. Bars: no page over {queries} queries, none
slower than {times:.0f} × its time with the fewest referrals.
"""


class Named(Protocol):
    """What a database is to the report."""

    vendor: str
    size: int

    @property
    def name(self) -> str: ...


def write(
    databases: Sequence[Named],
    rounds: dict[str, list[type_of_round]],
    command: str,
    load: tuple[float, float],
) -> str:
    count = max(len(found) for found in rounds.values())
    head = HEAD.format(
        command=command,
        day=datetime.now(UTC).date(),
        before=load[0],
        after=load[1],
        rounds=count,
        queries=MOST_QUERIES,
        times=MOST_TIMES,
    )
    vendors = list(dict.fromkeys(one.vendor for one in databases))
    tables = [_table([one for one in databases if one.vendor == vendor], rounds) for vendor in vendors]
    return "\n".join([head, *tables])


def _table(databases: Sequence[Named], rounds: dict[str, list[type_of_round]]) -> str:
    least = databases[0]
    lines = [
        f"## {databases[0].name.split(',')[0]}\n",
        "| page | referrals | p50 ms | p95 ms | queries | × fewest | |",
        "|---|---|---|---|---|---|---|",
    ]
    for page in rounds[least.name][0]:
        first = _median(rounds[least.name], page, "p50")
        lines += [_line(page, one, rounds[one.name], first) for one in databases]
    return "\n".join(lines) + "\n"


def _line(page: str, database: Named, rounds: list[type_of_round], first: float) -> str:
    p50, p95 = _median(rounds, page, "p50"), _median(rounds, page, "p95")
    queries = max(found[page]["queries"] for found in rounds)
    holds = queries <= MOST_QUERIES and p50 <= MOST_TIMES * first
    verdict = "holds" if holds else "**missed**"
    figures = f"{p50:.1f} | {p95:.1f} | {queries:.0f} | {p50 / first:.2f}"
    return f"| {page} | {database.size:,} | {figures} | {verdict} |"


def _median(rounds: list[type_of_round], page: str, figure: str) -> float:
    return statistics.median(found[page][figure] for found in rounds)
