"""Whether anything at all was written since this thread last looked: asked of SQLite, it costs no statement.

``PRAGMA data_version`` tells what other connections have committed, ``total_changes`` what this one wrote.
PostgreSQL has nothing of the kind, and is asked for the state of the index each time.
"""

from __future__ import annotations

from threading import local
from typing import Any

from django.db import connection


class Mark:
    """One look. It holds the connection itself: another one may count from the same number."""

    def __init__(self, raw: Any):
        self.raw = raw
        self.version = raw.execute("PRAGMA data_version").fetchone()[0]
        self.written = raw.total_changes

    def equals(self, other: Mark | None) -> bool:
        return bool(
            other and other.raw is self.raw and (other.version, other.written) == (self.version, self.written)
        )


_last = local()


def mark() -> Mark | None:
    """How things stand now. Taken before one looks: what comes in between is seen the next time."""
    if connection.vendor != "sqlite" or connection.connection is None:
        return None
    return Mark(connection.connection)


def is_last(of: Any, found: Mark | None) -> bool:
    """Nothing was written since ``keep`` was told so; ``of``: what was read then."""
    return bool(found and found.equals(getattr(_last, "mark", None)) and getattr(_last, "of", None) is of)


def keep(of: Any, found: Mark | None) -> None:
    _last.mark, _last.of = found, of
