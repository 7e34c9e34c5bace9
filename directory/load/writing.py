"""Rows in bulk, past the ORM and not past the database: its constraints and triggers hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from itertools import repeat
from typing import Any

import numpy as np
from django.db import connection, models

RANDOM_BYTES = 10
SPREAD = 1 << 48


class Table:
    """Writes ``fields`` of a model; every other column gets the field's default, the same in each row."""

    def __init__(self, model: type[models.Model], *fields: str):
        known = {field.name: field for field in model._meta.concrete_fields}
        others = [
            field
            for name, field in known.items()
            if name not in fields and not isinstance(field, models.AutoField)
        ]
        self.constants = [_default(field) for field in others]
        columns = [str(field.column) for field in (*(known[name] for name in fields), *others)]
        quoted = ", ".join(map(connection.ops.quote_name, columns))
        self.target = f"{connection.ops.quote_name(model._meta.db_table)} ({quoted})"
        self.marks = ", ".join(["%s"] * len(columns))

    def write(self, *columns: Iterable[Any]) -> None:
        """One sequence for each field, all of the same length."""
        rows: Any = zip(*columns, *map(repeat, self.constants), strict=False)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self.target} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                cursor.executemany(f"INSERT INTO {self.target} VALUES ({self.marks})", rows)  # noqa: S608


def ids(rng: np.random.Generator, start: float, end: float, count: int) -> list[str]:
    """Random UUIDs (version 4) in ascending order, from the share ``start`` of all of them to ``end``.

    Ascending ids are appended to an index; scattered ones would be looked for one by one.
    """
    places = start + (np.arange(count) + rng.random(count)) / max(count, 1) * (end - start)
    raw = np.empty((count, 16), np.uint8)
    raw[:, :6] = (places * SPREAD).astype(">u8").view(np.uint8).reshape(count, 8)[:, 2:]
    raw[:, 6:] = np.frombuffer(rng.bytes(count * RANDOM_BYTES), np.uint8).reshape(count, RANDOM_BYTES)
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = raw.tobytes().hex()
    return [text[at : at + 32] for at in range(0, len(text), 32)]


def moments(values: Sequence[datetime]) -> list[Any]:
    return [connection.ops.adapt_datetimefield_value(value) for value in values]


def times(values: Sequence[time]) -> list[Any]:
    return [connection.ops.adapt_timefield_value(value) for value in values]


def empty(tables: Iterable[type[models.Model]]) -> None:
    """Every row of these tables goes; the order is the caller's."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


@contextmanager
def hurried() -> Iterator[None]:
    """The session waits for no disk: what a power cut takes is made anew by the same seed."""
    settings = {
        "sqlite": (("synchronous = OFF", "secure_delete = OFF", "cache_size = -1000000"), "PRAGMA"),
        "postgresql": (("synchronous_commit = off",), "SET"),
    }
    words, verb = settings[connection.vendor]
    if connection.in_atomic_block:  # a transaction that is under way keeps its promises
        yield
        return
    with connection.cursor() as cursor:
        for word in words:
            cursor.execute(f"{verb} {word}")
    try:
        yield
    finally:
        connection.close()  # the next connection has the ordinary settings


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _default(field: models.Field[Any, Any]) -> Any:
    value = field.get_default()
    return json.dumps(value) if isinstance(field, models.JSONField) else value
