"""What stands beside our answers: the plans of plain SQL, and the other engine. In process, no HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.search import workload
from benchmarks.search.clients import Timings
from benchmarks.search.databases import Database, Say, digest
from benchmarks.search.plans import PostgresPlan, SqlitePlan, TantivyPlan, keep_places, kept_places
from benchmarks.search.source import read
from directory.load import spots

SETS = 200
PLANS_CODE = tuple(f"benchmarks/search/{name}.py" for name in ("plans", "source", "hilbert"))


def build(workdir: Path, database: Database, seed: int, say: Say) -> dict[str, Any]:
    """The plans for this database, built where they are missing; by name."""
    key = f"{database.size}-{seed}"
    mark, places = (
        workdir / f"plan-{database.vendor}-{key}.done",
        workdir / f"places-{database.vendor}-{key}.npz",
    )
    file, folder = workdir / f"plan-sqlite-{key}.sqlite3", workdir / f"tantivy-{key}"
    rows = str(database.made.get("rows"))
    on_sqlite = database.vendor == "sqlite"
    wants_tantivy = on_sqlite and TantivyPlan.installed()
    wanted = f"{rows} {digest(*PLANS_CODE)} {wants_tantivy}"
    if not on_sqlite:  # its tables stand in the database itself, and go with the rows
        wanted += f" {database.made.get('load_seconds')}"
    if not mark.exists() or mark.read_text() != wanted:
        say(f"{database.name}: building the plans to compare with")
        mark.unlink(missing_ok=True)
        source = read(database)
        keep_places(places, source.places)
        if on_sqlite:
            file.unlink(missing_ok=True)
            SqlitePlan.build(file, source)
        else:
            PostgresPlan.build(database, source)
        if wants_tantivy:
            _remove(folder)
            TantivyPlan.build(folder, source)
        mark.write_text(wanted)
    known = kept_places(places)
    plans: dict[str, Any] = {"plain": SqlitePlan(file, known) if on_sqlite else PostgresPlan(database, known)}
    if wants_tantivy:
        plans["tantivy"] = TantivyPlan(folder)
    return plans


def measure(plans: dict[str, Any], seed: int, budget: float) -> dict[str, Timings]:
    """By plan and kind of query."""
    points = dict(zip(spots.gazetteer().postal, spots.gazetteer().postal_point.tolist(), strict=True))
    kinds = {kind.key: kind.sets(seed, SETS) for kind in workload.KINDS}
    found: dict[str, Timings] = {}
    for name, plan in plans.items():
        if name == "plain":
            near = [(row["q"], points[row["near"]]) for row in kinds["keyword_near"]]
            found["plain keyword_near"] = _timed(plan.keyword_near, near, budget)
            near = [(row["category"], points[row["near"]]) for row in kinds["category_near"]]
            found["plain category_near"] = _timed(plan.category_near, near, budget)
        for kind in ("common", "random"):
            words = [(row["q"],) for row in kinds[kind]]
            found[f"{name} {kind}"] = _timed(plan.by_relevance, words, budget)
    return found


def _timed(call: Callable[..., Any], arguments: list[tuple[Any, ...]], budget: float) -> Timings:
    timings = Timings()
    stop = time.perf_counter() + budget
    for some in arguments:
        before = time.perf_counter()
        if before > stop:
            break
        call(*some)
        timings.took.append((time.perf_counter() - before) * 1000)
    return timings


def _remove(folder: Path) -> None:
    for file in folder.glob("*") if folder.exists() else ():
        file.unlink()
    if folder.exists():
        folder.rmdir()
