"""The best plans of plain SQL, and a Lucene-like engine, over the same texts: what Relais is held against.

Each is built beside the database, once, and answers with the numbers of at most 20 documents.
"""

from __future__ import annotations

import importlib.util
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.search import hilbert
from benchmarks.search.databases import Database
from benchmarks.search.source import Places, Source

WANTED = 20
# Kilometres. Most searches end in the first ring; after the last one everything is looked through.
RINGS = (3.0, 10.0, 30.0, 100.0, 400.0, 1500.0)
RARE = 400  # so few matches are looked through without a ring
Point = tuple[float, float]
Matches = Callable[[list[tuple[int, int]]], Sequence[int]]


class Plan(Protocol):
    name: str

    def keyword_near(self, word: str, point: Point) -> Sequence[int]: ...

    def category_near(self, code: str, point: Point) -> Sequence[int]: ...

    def by_relevance(self, word: str) -> Sequence[int]: ...


def expanding(places: Places, point: Point, matches: Matches) -> list[int]:
    """The nearest 20: ring after ring until so many lie inside the ring, not only in its cells."""
    for km in RINGS:
        stretches = [places.documents(*part) for part in hilbert.ranges(*point, km)]
        near, enough = nearest(places, point, matches([part for part in stretches if part[0] <= part[1]]), km)
        if enough:
            return near
    return nearest(places, point, matches([(1, len(places.code))]), 0.0)[0]


def nearest(places: Places, point: Point, found: Sequence[int], km: float) -> tuple[list[int], bool]:
    """At most 20, those without a position last; and whether nothing nearer can lie outside the ring."""
    documents = np.asarray(found, int)
    away = hilbert.km_between(*point, places.latitude[documents - 1], places.longitude[documents - 1])
    best: list[int] = documents[np.argsort(away, kind="stable")[:WANTED]].tolist()
    return best, int((away <= km).sum()) >= WANTED


class SqlitePlan:
    """FTS5 without contents, document numbers along the Hilbert curve; categories by number."""

    name = "plain SQL on SQLite"

    def __init__(self, file: Path, places: Places):
        self.places = places
        self.connection = sqlite3.connect(file)
        self.connection.execute("PRAGMA mmap_size = 4000000000")

    @staticmethod
    def build(file: Path, source: Source) -> None:
        connection = sqlite3.connect(file)
        connection.executescript(
            """
            PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;
            CREATE VIRTUAL TABLE texts USING fts5(
                name, rest, content='', detail='column', tokenize='unicode61 remove_diacritics 2');
            CREATE TABLE carries (category TEXT, document INTEGER, PRIMARY KEY (category, document))
                WITHOUT ROWID;
            """
        )
        for number, name, rest, categories in source.rows():
            connection.execute("INSERT INTO texts (rowid, name, rest) VALUES (?, ?, ?)", (number, name, rest))
            connection.executemany(
                "INSERT INTO carries VALUES (?, ?)", [(code, number) for code in categories]
            )
        connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        connection.commit()
        connection.close()

    def keyword_near(self, word: str, point: Point) -> Sequence[int]:
        sql = "SELECT rowid FROM texts WHERE texts MATCH ? AND rowid BETWEEN ? AND ?"
        return self._near(sql, _quoted(word), point)

    def category_near(self, code: str, point: Point) -> Sequence[int]:
        sql = "SELECT document FROM carries WHERE category = ? AND document BETWEEN ? AND ?"
        return self._near(sql, code, point)

    def by_relevance(self, word: str) -> Sequence[int]:
        sql = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 20"
        return [row[0] for row in self.connection.execute(sql, [_quoted(word)])]

    def _near(self, sql: str, value: str, point: Point) -> list[int]:
        whole = (value, 1, len(self.places.code))
        few = [row[0] for row in self.connection.execute(f"{sql} LIMIT {RARE}", whole)]
        if len(few) < RARE:
            return nearest(self.places, point, few, 0.0)[0]
        return expanding(
            self.places,
            point,
            lambda parts: [row[0] for part in parts for row in self.connection.execute(sql, (value, *part))],
        )


class PostgresPlan:
    """One tsvector a listing that also holds its cells, coarse to fine, as lexemes."""

    name = "plain SQL on PostgreSQL"

    def __init__(self, database: Database, places: Places):
        self.places = places
        self.connection = database.connect()
        self.common = dict(
            self.connection.execute("SELECT lexeme, listings FROM benchmark_common").fetchall()
        )

    @staticmethod
    def build(database: Database, source: Source) -> None:
        with database.connect() as connection:
            connection.execute("DROP TABLE IF EXISTS benchmark_plan, benchmark_common")
            connection.execute("CREATE TABLE benchmark_common (lexeme text, listings int)")
            connection.execute("CREATE TABLE benchmark_plan (document int PRIMARY KEY, words tsvector)")
            carried: Counter[str] = Counter()
            with connection.cursor() as cursor, cursor.copy("COPY benchmark_plan FROM STDIN") as copy:
                for number, name, rest, categories in source.rows():
                    lexemes = {f"w{word}": "A" for word in _words(rest)}
                    lexemes |= {f"w{word}": "B" for word in _words(name)}
                    lexemes |= {f"k{code}": "" for code in categories}
                    carried.update(list(lexemes))
                    lexemes |= {cell: "" for cell in _cells(int(source.places.code[number - 1]))}
                    vector = " ".join(f"'{text}':1{weight}" for text, weight in lexemes.items())
                    copy.write_row((number, vector))
            with connection.cursor() as cursor, cursor.copy("COPY benchmark_common FROM STDIN") as copy:
                for lexeme, listings in carried.items():
                    if listings >= RARE:
                        copy.write_row((lexeme, listings))
            connection.execute("CREATE INDEX ON benchmark_plan USING gin (words)")
            connection.execute("ANALYZE benchmark_plan")

    def keyword_near(self, word: str, point: Point) -> Sequence[int]:
        return self._near(f"w{_folded(word)}", point)

    def category_near(self, code: str, point: Point) -> Sequence[int]:
        return self._near(f"k{code}", point)

    def by_relevance(self, word: str) -> Sequence[int]:
        query = f"'w{_folded(word)}'"
        sql = (
            "SELECT document FROM benchmark_plan WHERE words @@ %s::tsquery "
            "ORDER BY ts_rank(words, %s::tsquery) DESC LIMIT 20"
        )
        return [row[0] for row in self.connection.execute(sql, [query, query])]

    def _near(self, lexeme: str, point: Point) -> list[int]:
        """A rare lexeme by itself, a common one with the cells of ring after ring."""
        rings = RINGS if self.common.get(lexeme, 0) >= RARE else ()
        for km in rings:
            shift, codes = hilbert.around(*point, km)
            cells = "|".join(f"'c{shift}_{code}'" for code in codes)
            near, enough = nearest(self.places, point, self._all(f"'{lexeme}' & ({cells})"), km)
            if enough:
                return near
        return nearest(self.places, point, self._all(f"'{lexeme}'"), 0.0)[0]

    def _all(self, query: str) -> list[int]:
        sql = "SELECT document FROM benchmark_plan WHERE words @@ %s::tsquery"
        return [row[0] for row in self.connection.execute(sql, [query])]


class TantivyPlan:
    """By relevance alone; it has no idea of places."""

    name = "tantivy"

    def __init__(self, folder: Path):
        tantivy = importlib.import_module("tantivy")
        self.index = tantivy.Index.open(str(folder))
        self.index.reload()
        self.searcher = self.index.searcher()

    @staticmethod
    def build(folder: Path, source: Source) -> None:
        tantivy = importlib.import_module("tantivy")
        schema = tantivy.SchemaBuilder()
        for field in ("name", "rest"):
            schema = schema.add_text_field(field, stored=False)
        schema = schema.add_unsigned_field("document", stored=True)
        folder.mkdir(parents=True)
        writer = tantivy.Index(schema.build(), path=str(folder)).writer(heap_size=300_000_000, num_threads=1)
        for number, name, rest, _categories in source.rows():
            writer.add_document(tantivy.Document(name=[name], rest=[rest], document=number))
        writer.commit()
        writer.wait_merging_threads()

    @staticmethod
    def installed() -> bool:
        return importlib.util.find_spec("tantivy") is not None

    def by_relevance(self, word: str) -> Sequence[int]:
        query = self.index.parse_query(word, ["name", "rest"])
        return [address.doc for _score, address in self.searcher.search(query, WANTED).hits]


def keep_places(file: Path, places: Places) -> None:
    np.savez(file, code=places.code, latitude=places.latitude, longitude=places.longitude)


def kept_places(file: Path) -> Places:
    with np.load(file) as kept:
        return Places(kept["code"], kept["latitude"], kept["longitude"])


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _folded(word: str) -> str:
    return word.lower().replace("'", "")


def _words(text: str) -> list[str]:
    return [word for word in (_folded(part.strip(".,")) for part in text.split()) if word.isalpha()]


def _cells(code: int) -> list[str]:
    known: list[Any] = [] if code >> 2 * hilbert.ORDER else list(range(hilbert.ORDER))
    return [f"c{shift}_{code >> 2 * shift}" for shift in known]
