"""Make a new base from the entries, beside readers and writers, who go on with the old one."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from heapq import nlargest
from typing import Any
from uuid import UUID

import numpy as np
import orjson
from pyroaring import BitMap

from directory.models.search import SearchPosting
from directory.search import store
from directory.search.base import (
    BLOTTED,
    CODE,
    COLUMNS,
    NOTHING,
    NOWHERE,
    ORDER,
    Base,
    bitmap,
    cell,
    pack_fields,
    values_of,
)
from directory.search.documents import OWNER, Document
from directory.search.packing import unpack
from directory.search.text import stem

Progress = Callable[[str], None]
EVERY = 100_000
LAST_ROW = 2**32 - 1
COMMON, COMMON_FROM = 4_000, 50  # so many words at most, each in so many listings at least


class Overtaken(Exception):
    """Another rebuild finished or began meanwhile; this one left everything as it was."""


def fold(progress: Progress = lambda _line: None) -> int:
    """Write a base from all entries and switch to it; answers how many listings it holds.

    What is written while this runs is newer than the base's horizon, so readers take it from the
    entries. Raises Overtaken.
    """
    generation, due = store.reserve()
    before = store.poll(0)
    gathered = Gathered()
    for service_id, packed, row in store.all_documents():
        document = unpack(packed)
        if document:
            gathered.add(service_id, document, row)
            if len(gathered.ids) % EVERY == 0:
                progress(f"{len(gathered.ids)} listings read ...")
    gathered.arrange()
    store.write_columns(generation, gathered.columns())
    progress(f"{len(gathered.words)} words ...")
    store.write_postings(generation, gathered.postings())
    if not store.switch(before.generation, generation, before.next_horizon, due):
        store.discard(generation)
        raise Overtaken
    store.drop(below=generation)
    return len(gathered.ids)


def blank(generation: int, service_id: UUID, words: set[str]) -> None:
    """Blot out of a base where a listing is, and that it has these words of its place."""
    base = Base(generation, 0)
    number = base.number_of(service_id)
    if number is None:
        return
    here = slice(base.starts[number], base.starts[number + 1])
    for name in ("latitude", "longitude"):
        column = base.at[name].copy()
        column[here] = BLOTTED
        store.rewrite_column(generation, name, column.tobytes())
    for word, fields in base.words(stem(word) for word in words).items():
        fields["p"] = fields.get("p", NOTHING) - BitMap([number])
        store.rewrite_posting(generation, word, pack_fields(fields))


class Gathered:
    """All listings in the order they were read; ``arrange`` gives each its number on the map."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []
        self.rows: list[int] = []
        self.values: dict[str, list[Any]] = defaultdict(list)
        self.names: tuple[list[str], list[str]] = ([], [])
        self.points: list[list[Any]] = []
        self.patterns: dict[str, int] = {}
        self.words: dict[str, dict[str, array[int]]] = defaultdict(dict)
        self.codes: dict[str, array[int]] = {}

    def add(self, service_id: UUID, document: Document, row: int) -> None:
        here = len(self.ids)
        self.ids.append(service_id.bytes)
        self.rows.append(row if row <= LAST_ROW else 0)
        for name, value in values_of(document).items():
            self.values[name].append(value)
        known = self.patterns.setdefault(document.hours, len(self.patterns)) if document.hours else -1
        self.values["hours"].append(known)
        for names, name in zip(self.names, document.names, strict=True):
            names.append(name)
        self.points.append(document.points)
        for field, text in document.words.items():
            for word in {stem(word) for word in text.split()}:
                fields = self.words[word]
                if field in fields:
                    fields[field].append(here)
                else:
                    fields[field] = array("I", [here])
        for term in document.terms:
            self.codes.setdefault(term, array("I")).append(here)

    def arrange(self) -> None:
        """``order[number]`` was read in that place; ``number[place]`` is the way back."""
        first = [points[0][:2] if points else None for points in self.points]
        where = [point or (0.0, 0.0) for point in first]
        cells = cell([at[0] for at in where], [at[1] for at in where])
        cells[[point is None for point in first]] = NOWHERE
        self.order = np.argsort(cells, kind="stable")
        self.number = np.empty(len(self.order), dtype=np.uint32)
        self.number[self.order] = np.arange(len(self.order), dtype=np.uint32)

    def columns(self) -> dict[str, bytes]:
        ids = [self.ids[place] for place in self.order]
        made = {
            name: np.asarray(self.values[name], dtype=kind)[self.order].tobytes()
            for name, (kind, _unknown) in COLUMNS.items()
            if name in self.values
        }
        for name, names in zip(("rank_en", "rank_fr"), self.names, strict=True):
            made[name] = self._rank(names).astype("f8").tobytes()
        points = [point for place in self.order for point in self.points[place]]
        counts = [len(self.points[place]) for place in self.order]
        return made | {
            "order": ORDER,
            "ids": b"".join(ids),
            "rows": np.asarray(self.rows, dtype="u4")[self.order].tobytes(),
            "by_id": np.asarray(sorted(range(len(ids)), key=ids.__getitem__), dtype="u4").tobytes(),
            "starts": np.concatenate(([0], np.cumsum(counts))).astype("u4").tobytes(),
            "latitude": np.asarray([point[0] for point in points], dtype="f8").tobytes(),
            "longitude": np.asarray([point[1] for point in points], dtype="f8").tobytes(),
            "about": np.asarray([point[2] for point in points], dtype="u1").tobytes(),
            "patterns": orjson.dumps(list(self.patterns)),
            "common": orjson.dumps(self._common()),
        }

    def _common(self) -> list[str]:
        """The words that most listings hold, the commonest first: a process reads them before it is asked."""
        most = {word: max(map(len, fields.values())) for word, fields in self.words.items()}
        often = (word for word, count in most.items() if count >= COMMON_FROM)
        return nlargest(COMMON, often, key=lambda word: (most[word], word))

    def _rank(self, names: list[str]) -> Any:
        """The place of each listing by name, then by id, in the order of the numbers."""
        by_name = sorted(range(len(names)), key=lambda place: (names[place], self.ids[place]))
        rank = np.empty(len(names), dtype=np.int64)
        rank[by_name] = np.arange(len(names))
        return rank[self.order]

    def postings(self) -> Iterator[tuple[int, str, int, bytes]]:
        for word, fields in self.words.items():
            found = {field: bitmap(self.number[places]) for field, places in fields.items()}
            listings = max(map(len, found.values()))
            yield SearchPosting.Kind.WORD, word, listings, pack_fields(found)
        for term, places in self.codes.items():
            kind = SearchPosting.Kind.ORGANIZATION if term.startswith(OWNER) else SearchPosting.Kind.CODE
            yield kind, term, len(places), pack_fields({CODE: bitmap(self.number[places])})
