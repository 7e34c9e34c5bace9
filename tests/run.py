"""`make test`: the tests on SQLite with the browser, then on PostgreSQL.

Without ``CI=true`` and without arguments it takes the sample of ``tests/extent.py``. Where PostgreSQL or
Chromium can neither be found nor installed, the rest runs. The last lines say what was not covered. With
``CI=true`` a missing part is a failure.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass

from tests import extent, packages, postgres

NO_TESTS = 5  # pytest's own exit code when nothing was collected
SUITE = ("-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadgroup")


@dataclass(frozen=True)
class Part:
    """One run of pytest: its exit code and its closing line."""

    name: str
    code: int
    closing: str


def run(name: str, arguments: list[str], environment: dict[str, str]) -> Part:
    """Runs pytest in a process of its own, shows what it prints and keeps its last line."""
    print(f"\n{name}", flush=True)
    command = [sys.executable, "-m", "pytest", *SUITE, *arguments]
    closing = ""
    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            closing = line.strip() or closing
    return Part(name, process.returncode, closing)


def on_sqlite(arguments: list[str]) -> tuple[Part, list[str]]:
    browser = packages.find_chromium()
    name = "SQLite, with the browser" if browser else "SQLite"
    missing = [] if browser else ["the browser tests: no Chromium was found (apt-get install chromium)"]
    return run(name, arguments, {"TEST_BROWSER": "on" if browser else "off"}), missing


def on_postgresql(arguments: list[str]) -> tuple[Part | None, list[str]]:
    binaries = postgres.find()
    if binaries is None:
        return None, ["PostgreSQL: no server was found (apt-get install postgresql)"]
    with postgres.throwaway(binaries) as url:
        return run("PostgreSQL", arguments, {"TEST_DATABASE_URL": url, "TEST_BROWSER": "off"}), []


def verdict(parts: list[Part], missing: list[str], *, strict: bool) -> int:
    """0 when something ran and all of it passed. A narrowed run may leave one part without a test."""
    failed = [part.code for part in parts if part.code not in (0, NO_TESTS)]
    if failed:
        return failed[0]
    if not any(part.code == 0 for part in parts):
        return NO_TESTS
    return 1 if missing and strict else 0


def main(arguments: list[str]) -> int:
    sample = not extent.WHOLE and not arguments
    os.environ[extent.SAMPLE] = "sample" if sample else ""
    first, missing = on_sqlite(arguments)
    second, also_missing = on_postgresql(arguments)
    missing += also_missing
    parts = [part for part in (first, second) if part]
    code = verdict(parts, missing, strict=extent.WHOLE)
    print()
    for text in extent.LEFT_TO_CI if sample else ():
        print(f"NOT COVERED here, CI runs it: {text}")
    for text in missing:
        print(f"NOT COVERED: {text}")
    for part in parts:
        print(f"{part.name}:\n{part.closing}")
    return code


if __name__ == "__main__":
    # So that a run which is told to stop still stops its PostgreSQL.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
