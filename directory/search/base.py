"""A base: every listing's words, codes and values as of one moment, as bitmaps and arrays.

``fold`` makes one from the entries; ``Base`` is one that a process has read. A listing is a number
here, its place in the arrays. Numbers follow the map, so that neighbours stand side by side.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import numpy as np
import orjson
from pyroaring import BitMap

from directory.models.search import SearchPosting
from directory.search import store
from directory.search.documents import Document
from directory.search.kept import Kept
from directory.search.rings import (
    BLOCK_COLUMNS,
    BLOCK_ROWS,
    COLUMNS_A_DEGREE,
    COLUMNS_A_ROW,
    ROWS_A_DEGREE,
    Density,
    located,
)

NOTHING = BitMap()
# As plain numbers: members of an enumeration are hashed in Python, word by word.
WORD, ORGANIZATION = SearchPosting.Kind.WORD.value, SearchPosting.Kind.ORGANIZATION.value
# How numbers follow the map; in another order they are of no use.
ORDER = f"cells, {ROWS_A_DEGREE} rows and {COLUMNS_A_DEGREE} columns a degree".encode()
NOWHERE = np.iinfo(np.int32).max  # the cell of a listing without a place: behind every other
BLOTTED = 0.0  # latitude and longitude of a place that has to be forgotten, until the next base
CODE = "="  # the one field of a code or an organization
CAPACITIES = ("unknown", "open", "limited", "waitlist", "full")
OLDEST = 255
KEPT_BYTES = 150_000_000  # of words and organizations that were asked for
SPARE = 1_024
A_TERM = 500  # bytes for a term itself
WARM_BYTES, WARM_AT_ONCE = 64_000_000, 100
# Name of a column, its type, and what stands where nothing is known.
COLUMNS: dict[str, tuple[str, Any]] = {
    "rank_en": ("f8", 0.0),
    "rank_fr": ("f8", 0.0),
    "name_en": ("i8", 0),
    "name_fr": ("i8", 0),
    "age_from": ("u1", 0),
    "age_to": ("u1", OLDEST),
    "verified": ("f8", 0.0),
    "capacity": ("u1", 0),
    "capacity_day": ("i4", 0),
    "hours": ("i4", -1),
}
type_of_words = dict[str, BitMap]


class StaleBase(Exception):
    """The base was replaced while it was being read. Start again with the new one."""


def values_of(document: Document) -> dict[str, Any]:
    """The document's values, by column. Ranks and hours depend on the others and are not among them."""
    capacity, day = document.capacity or ("unknown", 0)
    low, high = document.ages
    return {
        "name_en": name_hash(document.words.get("n", "")),
        "name_fr": name_hash(document.words.get("m", "")),
        "age_from": min(low or 0, OLDEST),
        "age_to": OLDEST if high is None else min(high, OLDEST),
        "verified": document.verified or 0.0,
        "capacity": CAPACITIES.index(capacity),
        "capacity_day": day,
    }


def name_hash(text: str) -> int:
    """One number for a whole name, by which a query that is the whole name is known. 0: no name."""
    return zlib.crc32(text.encode()) << 20 | len(text) & 0xFFFFF if text else 0


def cell(latitude: Any, longitude: Any) -> Any:
    """The cell of the map in which a point lies, row by row from the south; for arrays too."""
    row = np.floor((np.asarray(latitude) + 90) * ROWS_A_DEGREE).astype(np.int32)
    column = np.floor((np.asarray(longitude) + 180) * COLUMNS_A_DEGREE).astype(np.int32)
    return row * COLUMNS_A_ROW + np.minimum(column, COLUMNS_A_ROW - 1)


def bitmap(numbers: Any) -> BitMap:
    """From an array of numbers, in any order."""
    return BitMap(array("I", np.ascontiguousarray(numbers, dtype=np.uint32).tobytes()))


def union(several: Iterable[BitMap]) -> BitMap:
    """Of all at once, which is quicker than one after the other. Never one of them itself."""
    given = list(several)
    return BitMap.union(*given) if given else BitMap()


def one_of(several: list[BitMap]) -> BitMap:
    """Their union; of one that very bitmap."""
    return several[0] if len(several) == 1 else union(several)


def held_bytes(listings: BitMap) -> int:
    """What the listings themselves take in memory."""
    kinds = listings.get_statistics()
    arrays, runs = kinds["n_bytes_array_containers"], kinds["n_bytes_run_containers"]
    return arrays + runs + kinds["n_bytes_bitset_containers"]


def numbers(of: BitMap) -> Any:
    """The numbers of a bitmap in their order, as an array."""
    return np.frombuffer(of.to_array(), dtype=np.uint32)


def pack_fields(fields: type_of_words) -> bytes:
    """Each field's letter, the length of its bitmap, and the bitmap."""
    parts = []
    for field, found in sorted(fields.items()):
        found.run_optimize()
        packed = found.serialize()
        parts += [field.encode(), len(packed).to_bytes(4, "little"), packed]
    return b"".join(parts)


def unpack_fields(packed: bytes) -> type_of_words:
    fields: type_of_words = {}
    at = 0
    while at < len(packed):
        length = int.from_bytes(packed[at + 1 : at + 5], "little")
        fields[packed[at : at + 1].decode()] = BitMap.deserialize(packed[at + 5 : at + 5 + length])
        at += 5 + length
    return fields


class Base:
    """What a process has read of one base. Words and organizations are read when they are first asked."""

    def __init__(self, generation: int, horizon: int):
        self.generation, self.horizon = generation, horizon
        stored = store.columns(generation) if generation else {}
        if generation and stored.get("order") != ORDER:  # gone, or made by another version of Relais
            raise StaleBase
        self.ids = stored.get("ids", b"")
        self.size = len(self.ids) // 16
        self.by_id = np.frombuffer(stored.get("by_id", b""), dtype="u4")
        self.columns = {name: _roomy(stored.get(name, b""), *kind) for name, kind in COLUMNS.items()}
        self.rows = memoryview(stored.get("rows", b"")).cast("I")
        self.starts = np.frombuffer(stored.get("starts", bytes(4)), dtype="u4")
        latitude, longitude, about = (
            np.frombuffer(stored.get(name, b""), dtype=kind)
            for name, kind in (("latitude", "f8"), ("longitude", "f8"), ("about", "u1"))
        )
        self.at = located(latitude, longitude, about)
        self.patterns: list[str] = orjson.loads(stored.get("patterns", b"[]"))
        self._common: list[str] = orjson.loads(stored.get("common", b"[]"))
        self._map()
        self.density = Density(self.at["latitude"], self.at["longitude"])
        self.codes = {term: unpack_fields(packed)[CODE] for term, packed in self._codes().items()}
        self._read = Kept(KEPT_BYTES)
        self._vocabulary: dict[str, int] | None = None
        self.kept: dict[str, Any] = {}  # what others make of this base alone
        self._by_name = {
            language: np.argsort(self.columns[f"rank_{language}"][: self.size]).astype(np.uint32)
            for language in ("en", "fr")
        }
        if generation:
            self._check()

    def _map(self) -> None:
        """``first_cells``: where each listing's first place is; the numbers are in their order. Of the other
        places ``others`` tells by block of cells, its row and its column; and so of a first place that was
        blotted out since, which counts as where its neighbour is."""
        latitude, longitude = self.at["latitude"], self.at["longitude"]
        counts, cells = np.diff(self.starts), cell(latitude, longitude)
        placed, firsts = counts > 0, self.starts[:-1][counts > 0]
        blotted = (latitude[firsts] == BLOTTED) & (longitude[firsts] == BLOTTED)
        self.first_cells = np.full(self.size, NOWHERE, dtype=np.int32)
        self.first_cells[placed] = np.maximum.accumulate(np.where(blotted, 0, cells[firsts]))
        others = np.ones(len(cells), dtype=bool)
        others[firsts[~blotted]] = False
        row, column = np.divmod(cells[others], COLUMNS_A_ROW)
        row, column = row // BLOCK_ROWS, column // BLOCK_COLUMNS
        owners = np.repeat(np.arange(self.size, dtype=np.uint32), counts)[others]
        order = np.lexsort((owners, column, row))
        row, column, owners = row[order], column[order], owners[order]
        begins = np.flatnonzero(np.diff(row, prepend=-1) | np.diff(column, prepend=-1))
        where = zip(row[begins].tolist(), column[begins].tolist(), strict=True)
        self.others = dict(zip(where, map(bitmap, np.split(owners, begins[1:])), strict=False))

    def is_of(self, generation: int, horizon: int) -> bool:
        """A horizon is moved back where the database's count of transactions began anew."""
        return (self.generation, self.horizon) == (generation, horizon)

    def _codes(self) -> dict[str, bytes]:
        return store.codes(self.generation) if self.generation else {}

    def number_of(self, service_id: UUID) -> int | None:
        """By halving: the ids are sorted through ``by_id``."""
        wanted, low, high = service_id.bytes, 0, self.size
        while low < high:
            middle = (low + high) // 2
            number = int(self.by_id[middle])
            found = self.ids[number * 16 : number * 16 + 16]
            if found == wanted:
                return number
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return None

    def by_name(self, language: str) -> Any:
        """The numbers in the order of the names."""
        return self._by_name[language]

    def id_of(self, number: int) -> UUID:
        return UUID(bytes=self.ids[number * 16 : number * 16 + 16])

    def row_of(self, number: int) -> int:
        """Where the database keeps the listing's entry, if it can tell; 0 if not."""
        return self.rows[number] if number < self.size else 0

    def words(self, asked: Iterable[str]) -> dict[str, type_of_words]:
        """The fields of each word that any listing of the base holds; one statement for all not yet read."""
        return self._postings(WORD, list(asked))

    def warm(self) -> None:
        """Read the commonest words, as many as may be: most searches hold one of them."""
        for some in store.batched(self._common, WARM_AT_ONCE):
            if self._read.bytes > WARM_BYTES:
                break
            self.words(some)

    def organization(self, key: str) -> BitMap:
        found = self._postings(ORGANIZATION, [key])
        return found[key][CODE] if key in found else NOTHING

    def vocabulary(self) -> dict[str, int]:
        """Every word, with how many listings hold it."""
        if self._vocabulary is None:
            self._vocabulary = dict(store.vocabulary(self.generation)) if self.generation else {}
            self._check()
        return self._vocabulary

    def _postings(self, kind: int, asked: list[str]) -> dict[str, type_of_words]:
        found = {term: self._read.get((kind, term)) for term in asked}
        missing = [term for term, fields in found.items() if fields is None]
        if missing and self.generation:
            stored = store.postings(self.generation, kind, missing)
            if len(stored) < len(missing):
                self._check()
            for term in missing:
                packed = stored.get(term, b"")
                found[term] = unpack_fields(packed)
                self._read.put((kind, term), found[term], len(packed) + A_TERM)
        return {term: fields for term, fields in found.items() if fields}

    def _check(self) -> None:
        """What is not there may have been there a moment ago, in a base that is gone now."""
        if store.generation() != self.generation:
            raise StaleBase


def _roomy(stored: bytes, kind: str, unknown: Any) -> Any:
    """A column that can be written, with room for listings that come later."""
    values = np.frombuffer(stored, dtype=kind)
    column = np.full(len(values) + SPARE + len(values) // 64, unknown, dtype=kind)
    column[: len(values)] = values
    return column
