"""Database triggers: what the database itself refuses, whoever writes.

Audit rows can't be changed or removed. Apps above register theirs with ``register``.
Installed after every migration (``reinstall``), checked by ``/readyz`` (``missing``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections


@dataclass(frozen=True)
class Trigger:
    """One trigger on one table, in the words of both databases.

    ``sqlite`` and ``postgresql`` are the statements that create it, ``function`` the PostgreSQL
    function of the same name as the trigger.
    """

    name: str
    table: str
    sqlite: str | None
    function: str
    postgresql: str


_registered: dict[str, Trigger] = {}


def register(*triggers: Trigger) -> None:
    for trigger in triggers:
        _registered[trigger.name] = trigger


def refusal(name: str, table: str, event: str, words: str) -> Trigger:
    """A trigger that refuses an event (UPDATE, DELETE or TRUNCATE) on a table altogether."""
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    sqlite = (
        None
        if event == "TRUNCATE"  # SQLite has no TRUNCATE
        else f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )
    return Trigger(
        name=name,
        table=table,
        sqlite=sqlite,
        function=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
        ),
        postgresql=(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
        ),
    )


register(
    *(
        refusal(f"{name}_no_{event.lower()}", table, event, "audit rows are final")
        for name, table in (("audit", "partners_auditevent"), ("checkpoint", "partners_auditcheckpoint"))
        for event in ("UPDATE", "DELETE", "TRUNCATE")
    )
)


def install(using: str = "default", only: set[str] | None = None) -> None:
    """Create every registered trigger anew whose table exists. ``only`` narrows to trigger names."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in _registered.values():
            if trigger.table not in tables or (only is not None and trigger.name not in only):
                continue
            _drop(cursor, connection.vendor, trigger)
            if connection.vendor == "postgresql":
                cursor.execute(trigger.function)
                cursor.execute(trigger.postgresql)
            elif trigger.sqlite:
                cursor.execute(trigger.sqlite)


def remove(using: str = "default", only: set[str] | None = None) -> None:
    """Drop registered triggers. Only tests that flush tables need this."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in _registered.values():
            if trigger.table in tables and (only is None or trigger.name in only):
                _drop(cursor, connection.vendor, trigger)


def missing(using: str = "default") -> list[str]:
    """Names of registered triggers that the database does not have."""
    connection = connections[using]
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {row[0] for row in cursor.fetchall()}
    wanted = [t.name for t in _registered.values() if connection.vendor == "postgresql" or t.sqlite]
    return sorted(name for name in wanted if name not in found)


def reinstall(using: str = "default", **_: Any) -> None:
    """Receiver of ``post_migrate``."""
    install(using)


def _drop(cursor: Any, vendor: str, trigger: Trigger) -> None:
    table = f" ON {trigger.table}" if vendor == "postgresql" else ""
    cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{table}")
