"""One whole run, from the databases to RESULTS.md."""

from __future__ import annotations

import argparse
import os

from benchmarks.search import beside, databases, measure, report, sizes
from benchmarks.search.databases import Say
from benchmarks.search.measure import Measured


def run(given: argparse.Namespace, say: Say) -> None:
    with databases.opened(given.workdir, given.databases, given.sizes, given.seed) as found:
        for database in found:
            databases.prepare(database, given.seed, say, index_when=given.index)
        plans = {one.name: beside.build(given.workdir, one, given.seed, say) for one in found}
        if given.prepare_only or given.index == "never":
            return
        before = os.getloadavg()[0]
        measured = {one.name: Measured(one) for one in found}
        measure.run(measured, plans, given.rounds, given.budget, say)
        measure.run_many(measured, given.many_at, say)
        for name, one in measured.items():
            say(f"{name}: saving, and the size of the index")
            one.write = measure.writes(one.database)
            one.index_bytes = sizes.index_bytes(one.database)
            if one.database.size == given.many_at:
                measure.readers(one)
        text = report.write(measured, report.command_line(), (before, os.getloadavg()[0]))
        given.results.write_text(text, encoding="utf-8")
        say(f"{given.results} is written.")
