"""How large the index is on the disk, in bytes."""

from __future__ import annotations

import sqlite3

from benchmarks.search.databases import INDEX_PREFIX, Database


def index_bytes(database: Database) -> int:
    if database.vendor == "sqlite":
        return _sqlite(database)
    sql = (
        "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class "
        "WHERE relkind = 'r' AND relname LIKE %s"
    )
    with database.connect() as connection:
        row = connection.execute(sql, [f"{INDEX_PREFIX}%"]).fetchone()
    return int(row[0]) if row else 0


def _sqlite(database: Database) -> int:
    """Tables and their indexes, page by page."""
    connection = sqlite3.connect(database.url.removeprefix("sqlite:///"))
    try:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE tbl_name LIKE ?", [f"{INDEX_PREFIX}%"]
        )
        sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = ? AND aggregate = TRUE"
        return sum(connection.execute(sql, [name]).fetchone()[0] for (name,) in names)
    finally:
        connection.close()
