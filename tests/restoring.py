"""The database of the tests: migrated once, and put back as it was after each test that commits.

To migrate takes longer than most files of tests, and Django would do much of it again after each such
test. So what the migrations made is kept as a template: on SQLite a file that later runs find as well,
on PostgreSQL a database that the workers of a run share. A template stands for the files it was made by.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from partners import triggers

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / ".pytest_cache" / "databases"
MOST_TEMPLATES = 4
# What a database that was just migrated depends on; its triggers are made anew in any case.
MADE_BY = (
    "*/migrations/*.py",
    "directory/data/*",
    "directory/taxonomies.py",
    "directory/search/*.py",
    "requirements.lock",
)


@contextmanager
def made() -> Iterator[None]:
    """The test database stands as long as this lasts."""
    creation: Any = connection.creation
    before = connection.settings_dict["NAME"]
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with (TEMPLATES / f"{connection.vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _has_template():
            name = creation._get_test_db_name()
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
            _copy(_template(), name)
            triggers.install()
        else:
            creation.create_test_db(verbosity=0, autoclobber=True)
            _keep_template()
    try:
        yield
    finally:
        connections.close_all()
        creation.destroy_test_db(before, verbosity=0)


def begin(file: Path) -> None:
    """A SQLite file for something beside the tests; it still has to be migrated, which then is soon done."""
    name = TEMPLATES / f"{_template_name()}.sqlite3"
    if name.exists():
        shutil.copy(name, file)


def put_back() -> None:
    """The schema too, with its triggers: a test may have changed that as well."""
    _copy(_template(), str(connection.settings_dict["NAME"]))
    triggers.install()


@functools.cache
def _digest() -> str:
    found = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for pattern in MADE_BY:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _template_name() -> str:
    return f"relais_{_digest()}"


def _template() -> str:
    name = _template_name()
    return name if connection.vendor == "postgresql" else str(TEMPLATES / f"{name}.sqlite3")


def _has_template() -> bool:
    if connection.vendor == "postgresql":
        return bool(_execute("SELECT 1 FROM pg_database WHERE datname = %s", [_template()]))
    return Path(_template()).exists()


def _keep_template() -> None:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        _copy(name, _template())
        return
    _copy(name, f"{_template()}.new")
    shutil.move(f"{_template()}.new", _template())
    kept = sorted(TEMPLATES.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)
    for path in kept[:-MOST_TEMPLATES]:
        path.unlink(missing_ok=True)


def _copy(source: str, target: str) -> None:
    connections.close_all()
    if connection.vendor == "postgresql":
        _execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        _execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        return
    read, written = sqlite3.connect(source), sqlite3.connect(target)
    try:
        read.backup(written)
    finally:
        read.close()
        written.close()


def _execute(statement: str, parameters: list[str] | None = None) -> list[Any]:
    """Beside the test's own database."""
    creation: Any = connection.creation
    with creation._nodb_cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []
