"""The databases to measure, made once and kept: keyed by what makes their rows and their index."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.search.servers import ROOT, environment
from tests import postgres

# An ordinary small server, but for the disk: a benchmark's rows can be made again.
POSTGRESQL = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "1GB",
    "effective_cache_size": "6GB",
    "maintenance_work_mem": "512MB",
    "work_mem": "16MB",
    "max_wal_size": "8GB",
    "random_page_cost": "1.1",
}
ROWS_CODE = (
    "directory/load/*.py",
    *(
        f"directory/data/{name}.csv"
        for name in ("places", "postal_areas", "categories", "vocabularies", "areas")
    ),
)
MIGRATIONS = "*/migrations/0*.py"
# What decides what stands in the index. How it is read can change without building it anew.
INDEX_CODE = (
    *(f"directory/search/{name}.py" for name in ("sources", "source_rows", "shown", "documents", "packing")),
    *(f"directory/search/{name}.py" for name in ("text", "fold", "index", "base", "rings")),
    *(f"directory/search/{name}.py" for name in ("store", "sqlite", "postgres")),
    "directory/models/search.py",
    "directory/place_policy.py",
    "directory/opening_pattern.py",
    "directory/folding.py",
    "directory/data/usual_entry.zdict",
    "directory/migrations/0*.py",
)
INDEX_PREFIX = "directory_search"  # every table of the index, and none other
LONGEST = 4 * 60 * 60
READ_AT_ONCE = 8_000_000  # bytes
Say = Callable[[str], None]


@dataclass(frozen=True)
class Database:
    """``made`` remembers how long it took to write the rows and the index, in seconds."""

    vendor: str
    size: int
    url: str
    notes: Path

    @property
    def name(self) -> str:
        return f"{'SQLite' if self.vendor == 'sqlite' else 'PostgreSQL'}, {self.size:,}"

    @property
    def sample(self) -> Path:
        return self.notes.with_suffix(".sample.json")

    @property
    def made(self) -> dict[str, Any]:
        return dict(json.loads(self.notes.read_text())) if self.notes.exists() else {}

    def connect(self) -> psycopg.Connection[Any]:
        """PostgreSQL only; psycopg takes no URL with a socket's path in the place of the host."""
        socket, _, name = self.url.removeprefix("postgres://relais@/").rpartition("/")
        return psycopg.connect(host=socket, user="relais", dbname=name, autocommit=True)

    def files(self) -> list[Path]:
        if self.vendor == "sqlite":
            return [Path(self.url.removeprefix("sqlite:///"))]
        with self.connect() as connection:
            row = connection.execute(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).fetchone()
        folder = self.notes.parent / "postgresql" / "base" / str(row[0] if row else "")
        return [file for file in folder.iterdir() if file.is_file()]


@contextmanager
def opened(workdir: Path, vendors: list[str], sizes: list[int], seed: int) -> Iterator[list[Database]]:
    """Every database by vendor and size, PostgreSQL's server running. ``prepare`` fills them."""
    workdir.mkdir(parents=True, exist_ok=True)
    found = []
    with _postgresql(workdir) if "postgresql" in vendors else _nothing() as server:
        for vendor in vendors:
            for size in sizes:
                key = f"{vendor}-{size}-{seed}"
                url = f"sqlite:///{workdir.resolve() / key}.sqlite3"
                if vendor == "postgresql":
                    url = f"{server.rpartition('/')[0]}/{key.replace('-', '_')}"
                found.append(Database(vendor, size, url, workdir / f"{key}.json"))
        yield found


def read_through(database: Database) -> None:
    """Every page once, so that the system has it in memory and no disk is measured. Six databases are more
    than many machines hold, so this comes before each round."""
    for file in database.files():
        with file.open("rb", buffering=0) as pages:
            while pages.read(READ_AT_ONCE):
                pass


def prepare(database: Database, seed: int, say: Say, *, index_when: str) -> None:
    """The rows where they are missing or made by other code. The index ``never``, where it is ``missing``,
    where the code of search has ``changed`` since, or ``always``."""
    index, made, migrations = digest(*INDEX_CODE), database.made, _migrations()
    if not _rows_stand(made):
        made = {}
        database.notes.unlink(missing_ok=True)
        _create(database)
    if made.get("migrations") != migrations:
        say(f"{database.name}: migrating")
        _manage(database, "migrate", "--verbosity=0")
        _manage(database, "createcachetable")
    if not made:
        say(f"{database.name}: writing the rows")
        size = ("--services", str(database.size), "--seed", str(seed), "--skip-index")
        made = {"rows": digest(*ROWS_CODE), "load_seconds": _manage(database, "generate_load", *size)}
    _keep(database, made | {"migrations": migrations})
    due = {
        "never": False,
        "missing": "index" not in made,
        "changed": made.get("index") != index,
        "always": True,
    }
    if due[index_when]:
        say(f"{database.name}: building the index")
        _forget_index(database)
        seconds = _manage(database, "rebuild_search_index")
        _keep(database, database.made | {"rebuild_seconds": seconds, "index": index})


def _rows_stand(made: dict[str, Any]) -> bool:
    """Further migrations may follow; one that was applied and has changed since can't be applied again."""
    now = _migrations()
    applied = made.get("migrations", {})
    return made.get("rows") == digest(*ROWS_CODE) and all(
        now.get(path) == code for path, code in applied.items()
    )


def _migrations() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): digest(str(path.relative_to(ROOT))) for path in ROOT.glob(MIGRATIONS)
    }


def _keep(database: Database, made: dict[str, Any]) -> None:
    database.notes.write_text(json.dumps(made, indent=1) + "\n")


def rebuilding(database: Database) -> subprocess.Popen[str]:
    """The command under way; ``finish`` waits for it."""
    return _started(database, "rebuild_search_index")


def finish(command: subprocess.Popen[str]) -> None:
    """What it printed is shown only when it failed."""
    try:
        output, _ = command.communicate(timeout=LONGEST)
    except BaseException:  # nothing that was started here goes on by itself
        command.terminate()
        command.wait()
        raise
    if command.returncode:
        raise SystemExit(f"A command for a database failed:\n{output[-4000:]}")


def _manage(database: Database, *arguments: str) -> float:
    """Seconds."""
    began = time.perf_counter()
    finish(_started(database, *arguments))
    return round(time.perf_counter() - began, 1)


def _started(database: Database, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(database.url, database.sample),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def digest(*patterns: str) -> str:
    files = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def _create(database: Database) -> None:
    """An empty one, in the place of what stands there."""
    if database.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(database.url.removeprefix("sqlite:///") + ending).unlink(missing_ok=True)
        return
    home, _, name = database.url.rpartition("/")
    with Database(database.vendor, 0, f"{home}/postgres", database.notes).connect() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')


def _forget_index(database: Database) -> None:
    """The rebuild that is timed begins with nothing."""
    if database.vendor == "sqlite":
        with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"))) as file, file:
            names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ?"
            for (table,) in file.execute(names, [f"{INDEX_PREFIX}%"]).fetchall():
                file.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of the database itself
        return
    with database.connect() as connection:
        names = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE %s"
        for (table,) in connection.execute(names, [f"{INDEX_PREFIX}%"]).fetchall():
            connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))


@contextmanager
def _postgresql(workdir: Path) -> Iterator[str]:
    binaries = postgres.find()
    if binaries is None:
        raise SystemExit("No PostgreSQL server was found: apt-get install postgresql, or --databases sqlite")
    data, sockets = workdir.resolve() / "postgresql", postgres.folder_for_sockets()
    try:
        if not (data / "PG_VERSION").exists():
            postgres.make(binaries, data, POSTGRESQL)
        with postgres.serving(binaries, data, sockets, signal.SIGINT) as url:
            yield url
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


@contextmanager
def _nothing() -> Iterator[str]:
    yield ""
