"""The published listings as plain rows, in the order of the Hilbert curve, for the plans to compare with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.search import hilbert
from benchmarks.search.databases import Database

NOWHERE = (1 << 2 * hilbert.ORDER) + 1  # behind every cell
TEXTS = (
    "name_en, name_fr, summary_en, summary_fr, description_en, description_fr, eligibility_en, eligibility_fr"
)
SERVICES = f"SELECT id, {TEXTS} FROM directory_service WHERE publication = 'published' ORDER BY id"  # noqa: S608
POSITIONS = """
    SELECT a.service_id, l.latitude, l.longitude FROM directory_serviceatlocation a
    JOIN directory_location l ON l.id = a.location_id WHERE l.latitude IS NOT NULL
"""
CATEGORIES = """
    SELECT a.service_id, t.code FROM directory_attribute a
    JOIN directory_taxonomyterm t ON t.id = a.term_id WHERE t.taxonomy = 'category'
"""


@dataclass(frozen=True)
class Places:
    """Row n describes document n + 1; the codes ascend."""

    code: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]

    def documents(self, start: int, end: int) -> tuple[int, int]:
        """First and last document with a code from ``start`` (included) to ``end`` (excluded)."""
        first, behind = np.searchsorted(self.code, [start, end])
        return int(first) + 1, int(behind)


@dataclass(frozen=True)
class Source:
    """``rows`` yields document number, name, all other text, codes of its categories."""

    places: Places
    order: list[Any]
    texts: dict[Any, tuple[str, str]]
    categories: dict[Any, list[str]]

    def rows(self) -> Iterator[tuple[int, str, str, list[str]]]:
        for number, service in enumerate(self.order, 1):
            yield number, *self.texts[service], self.categories.get(service, [])


def read(database: Database) -> Source:
    """Everything in memory: about 1 GB for a million listings, while the plans are built."""
    texts = {row[0]: (f"{row[1]} {row[2]}", " ".join(row[3:])) for row in _query(database, SERVICES)}
    where = {row[0]: (row[1], row[2]) for row in _query(database, POSITIONS) if row[0] in texts}
    categories: dict[Any, list[str]] = {}
    for service, code in _query(database, CATEGORIES):
        categories.setdefault(service, []).append(code)
    ids = list(texts)
    point = np.array([where.get(service, (np.nan, np.nan)) for service in ids])
    known = ~np.isnan(point[:, 0])
    code = np.full(len(ids), NOWHERE)
    code[known] = hilbert.codes(*hilbert.cells(point[known, 0], point[known, 1]))
    order = np.argsort(code, kind="stable")
    places = Places(code[order], point[order, 0], point[order, 1])
    return Source(places, [ids[number] for number in order.tolist()], texts, categories)


def _query(database: Database, sql: str) -> Iterator[Any]:
    if database.vendor == "sqlite":
        connection = sqlite3.connect(database.url.removeprefix("sqlite:///"))
        try:
            yield from connection.execute(sql)
        finally:
            connection.close()
        return
    with database.connect() as open_, open_.transaction(), open_.cursor("benchmark") as cursor:
        cursor.itersize = 20_000
        yield from cursor.execute(sql)
