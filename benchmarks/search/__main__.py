"""``python -m benchmarks.search --sizes 10000,100000,1000000 --databases sqlite,postgresql --rounds 3``.

Makes the databases that are missing (about 6 GB each for a million listings), measures everything in one
run and writes RESULTS.md. Traffic goes to 127.0.0.1 alone; everything it starts it also stops.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path

import django

from tests.environment import TEST_ENVIRONMENT, without_relais

HERE = Path(__file__).resolve().parent
BYTES_A_LISTING = 9_000  # rows, index, and the plans to compare with
VENDORS = ("sqlite", "postgresql")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--databases", default=",".join(VENDORS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workdir", type=Path, default=HERE.parents[1] / "var" / "bench")
    parser.add_argument("--results", type=Path, default=HERE / "RESULTS.md")
    parser.add_argument("--budget", type=float, default=20.0, help="most seconds for one kind in one round")
    parser.add_argument(
        "--many-at",
        type=int,
        default=100_000,
        help="the size for eight clients and for reading during a rebuild",
    )
    parser.add_argument(
        "--index",
        choices=("never", "missing", "changed", "always"),
        default="changed",
        help="when to build the index anew; with never, only rows and plans are made",
    )
    parser.add_argument("--prepare-only", action="store_true", help="write rows, index and plans, and stop")
    given = parser.parse_args()
    given.sizes = sorted({int(size) for size in given.sizes.split(",")})
    given.databases = given.databases.split(",")
    if unknown := set(given.databases) - set(VENDORS):
        parser.error(f"unknown database: {', '.join(sorted(unknown))}")
    return given


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def check_space(workdir: Path, listings: int) -> None:
    """Only a warning: what is there already is counted as well."""
    workdir.mkdir(parents=True, exist_ok=True)
    free, needed = shutil.disk_usage(workdir).free, listings * BYTES_A_LISTING
    if free < needed:
        say(f"{workdir} has {free / 1e9:.0f} GB free; up to {needed / 1e9:.0f} GB may be needed.")


def main() -> None:
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped again
    os.environ |= TEST_ENVIRONMENT | {"DATABASE_URL": "sqlite://:memory:"}
    for name in set(os.environ) - set(without_relais(os.environ)) - set(TEST_ENVIRONMENT) - {"DATABASE_URL"}:
        del os.environ[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.search.settings"
    django.setup()
    from benchmarks.search import run  # the words and places it asks for need the settings

    check_space(given.workdir, sum(given.sizes) * len(given.databases))
    run.run(given, say)


if __name__ == "__main__":
    main()
