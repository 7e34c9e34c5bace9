"""``python -m benchmarks.workflow --sizes 1000,1000000 --databases sqlite,postgresql --rounds 3``.

Makes the databases that are missing (3 GB for a million referrals), measures each page of a worker of the
largest organization in a process of its own, round by round, and writes RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from benchmarks.search.databases import ROOT, Database, digest, finish, opened
from benchmarks.search.servers import environment
from benchmarks.workflow import report

HERE = Path(__file__).resolve().parent
SERVICES = 4_000
# The rows stand as long as the code that makes them and the tables they stand in do.
ROWS_CODE = ("directory/load/*.py", "referrals/load/*.py", "*/migrations/0*.py")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workflow")
    parser.add_argument("--sizes", default="1000,1000000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--calls", type=int, default=40, help="how often each page is asked for in a round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workdir", type=Path, default=ROOT / "var" / "bench" / "workflow")
    parser.add_argument("--results", type=Path, default=HERE / "RESULTS.md")
    parser.add_argument("--prepare-only", action="store_true")
    given = parser.parse_args()
    given.sizes = sorted({int(size) for size in given.sizes.split(",")})
    given.databases = given.databases.split(",")
    return given


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def prepare(database: Database, seed: int) -> None:
    made = digest(*ROWS_CODE)
    if database.made.get("rows") == made:
        return
    say(f"{database.name}: writing the rows")
    database.notes.unlink(missing_ok=True)
    for command in (("migrate", "--verbosity=0"), ("createcachetable",), load(database.size, seed)):
        finish(_started(database, "manage.py", *command))
    database.notes.write_text(json.dumps({"rows": made}) + "\n")


def load(referrals: int, seed: int) -> tuple[str, ...]:
    amounts = (f"--services={SERVICES}", f"--referrals={referrals}", f"--seed={seed}")
    return ("generate_load", *amounts, "--skip-index")


def measured(database: Database, calls: int) -> report.type_of_round:
    """One round: page to figures."""
    command = _started(database, "-m", "benchmarks.workflow.measure", f"--calls={calls}")
    output, _ = command.communicate()
    if command.returncode:
        raise SystemExit(f"{database.name}: measuring failed:\n{output[-4000:]}")
    figures: report.type_of_round = json.loads(output.splitlines()[-1])
    return figures


def _started(database: Database, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(database.url, database.sample),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def main() -> None:
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped again
    with opened(given.workdir, given.databases, given.sizes, given.seed) as databases:
        for database in databases:
            _create(database)
            prepare(database, given.seed)
        if given.prepare_only:
            return
        # Pages name their styles by the manifest, which is made once and is the same for every database.
        finish(_started(databases[0], "manage.py", "collectstatic", "--noinput", "--verbosity=0"))
        before = os.getloadavg()[0]
        rounds: dict[str, list[report.type_of_round]] = {one.name: [] for one in databases}
        for number in range(given.rounds):
            for database in databases:
                say(f"{database.name}: round {number + 1}")
                rounds[database.name].append(measured(database, given.calls))
    text = report.write(databases, rounds, "python -m benchmarks.workflow", (before, os.getloadavg()[0]))
    given.results.write_text(text, encoding="utf-8")
    say(f"{given.results} is written.")


def _create(database: Database) -> None:
    """On PostgreSQL the server is new or kept; the database must be there."""
    if database.vendor == "sqlite":
        return
    home, _, name = database.url.rpartition("/")
    with Database(database.vendor, 0, f"{home}/postgres", database.notes).connect() as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
            database.notes.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
