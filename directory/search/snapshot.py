"""What this process knows of the index: a base, and over it every entry that came later.

``current`` costs one small statement where nothing changed. Inside a transaction nothing is shared:
what is read there may be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import RLock
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from django.db import connection
from pyroaring import BitMap

from directory.search import store, unchanged
from directory.search.base import (
    COLUMNS,
    NOTHING,
    Base,
    StaleBase,
    held_bytes,
    type_of_words,
    values_of,
)
from directory.search.documents import OWNER, Document
from directory.search.kept import Kept
from directory.search.packing import unpack
from directory.search.text import stem

LANGUAGES = ("en", "fr")
SORTS = ("sort_en", "sort_fr")
TRIES = 5
KEPT_BYTES = 400_000_000  # of what follows from them
A_VALUE = 1_000
Value = TypeVar("Value")


class Snapshot:
    """One state of the index. Made once, then only read; ``advanced`` makes the next one.

    The arrays are shared from one state to the next and hold the newest values.
    """

    def __init__(self, base: Base) -> None:
        self.base = base
        self.columns = base.columns
        self.patterns = list(base.patterns)
        self.pattern_numbers = {text: number for number, text in enumerate(self.patterns)}
        self.changed: dict[int, Document | None] = {}
        self.later_ids: list[UUID] = []
        self.later_numbers: dict[UUID, int] = {}
        self.changed_words: dict[str, type_of_words] = {}
        self.changed_codes: dict[str, BitMap] = {}
        self.slots: dict[str, dict[int, tuple[str, bytes, float]]] = {language: {} for language in LANGUAGES}
        self._remember()

    def _remember(self) -> None:
        base_size = self.base.size
        self.size = base_size + len(self.later_ids)
        self.touched = BitMap(self.changed)
        self.dirty = BitMap(number for number in self.changed if number < base_size)
        gone = BitMap(number for number, document in self.changed.items() if document is None)
        self.live = BitMap(range(self.size)) - gone
        self._answers = Kept(KEPT_BYTES)

    def id_of(self, number: int) -> UUID:
        size = self.base.size
        return self.base.id_of(number) if number < size else self.later_ids[number - size]

    def number_of(self, service_id: UUID) -> int | None:
        found = self.later_numbers.get(service_id)
        return self.base.number_of(service_id) if found is None else found

    def late_words(self, asked: Iterable[str]) -> dict[str, type_of_words]:
        """The fields of each word as ``Base.words`` tells them, of the listings that changed since."""
        return {word: self.changed_words[word] for word in asked if word in self.changed_words}

    def code(self, term: str) -> BitMap:
        """The listings that carry ``facet:code``."""
        is_owner = term.startswith(OWNER)
        base = self.base.organization(term) if is_owner else self.base.codes.get(term, NOTHING)
        changed = self.changed_codes.get(term, NOTHING)
        if not changed and not base.intersect(self.dirty):
            return base
        return self.cached(("code", term), lambda: (base - self.dirty) | changed)

    def codes_of(self, facet: str) -> list[str]:
        """Every code of a facet that the index has met, sorted."""
        start = f"{facet}:"
        met = (term for known in (self.base.codes, self.changed_codes) for term in known)
        return self.cached(
            ("codes", facet), lambda: sorted({t.removeprefix(start) for t in met if t.startswith(start)})
        )

    def column(self, name: str) -> Any:
        return self.columns[name][: self.size]

    def kept(self, key: Any) -> Any:
        """What ``cached`` keeps, or None."""
        return self._answers.get(key)

    def cached(self, key: Any, make: Callable[[], Value]) -> Value:
        """What follows from this state alone, kept as long as the state is and there is room."""
        kept: Value | None = self.kept(key)
        if kept is None:
            kept = make()
            self._answers.put(key, kept, self._bytes_of(kept))
        return kept

    def weigh(self, key: Any, value: Any) -> None:
        """Again, after something was worked out from what is kept, and is kept with it."""
        self._answers.weigh(key, self._bytes_of(value))

    def _bytes_of(self, value: Any) -> int:
        own = held_bytes(value) if isinstance(value, BitMap) else getattr(value, "in_bytes", 0)
        return A_VALUE + int(own)

    def advanced(self, entries: dict[UUID, bytes]) -> Snapshot:
        """The next state, with these entries as they are now."""
        following = Snapshot.__new__(Snapshot)
        following.__dict__.update(self.__dict__)
        following.changed = dict(self.changed)
        following.later_ids, following.later_numbers = list(self.later_ids), dict(self.later_numbers)
        following.changed_words, following.changed_codes = dict(self.changed_words), dict(self.changed_codes)
        following.slots = {language: dict(slots) for language, slots in self.slots.items()}
        for service_id, packed in entries.items():
            following._take(service_id, unpack(packed))
        following._rank()
        following._remember()
        return following

    def apart(self) -> Snapshot:
        """The same state with arrays of its own, for a transaction that may be taken back."""
        alone = Snapshot.__new__(Snapshot)
        alone.__dict__.update(self.__dict__)
        alone.columns = {name: column.copy() for name, column in self.columns.items()}
        alone.patterns, alone.pattern_numbers = list(self.patterns), dict(self.pattern_numbers)
        return alone

    def _take(self, service_id: UUID, document: Document | None) -> None:
        number = self.number_of(service_id)
        if number is None:
            number = self.base.size + len(self.later_ids)
            self.later_ids.append(service_id)
            self.later_numbers[service_id] = number
            self._make_room(number)
        before = self.changed.get(number)
        if before:
            self._post(before, number, present=False)
        self.changed[number] = document
        if document is None:
            self._clear(number)
            return
        self._post(document, number, present=True)
        for name, value in values_of(document).items():
            self.columns[name][number] = value
        self.columns["hours"][number] = self._pattern(document.hours)
        for language, sort, name in zip(LANGUAGES, SORTS, document.names, strict=True):
            self.slots[language][number] = (
                name,
                service_id.bytes,
                self._slot(language, sort, name, service_id),
            )

    def _clear(self, number: int) -> None:
        for slots in self.slots.values():
            slots.pop(number, None)
        for name, (_kind, unknown) in COLUMNS.items():
            self.columns[name][number] = unknown

    def _make_room(self, number: int) -> None:
        if number >= len(self.columns["hours"]):
            self.columns = {
                name: np.concatenate([column, np.zeros(len(column) // 8 + 1_024, dtype=column.dtype)])
                for name, column in self.columns.items()
            }

    def _pattern(self, hours: str) -> int:
        if not hours:
            return -1
        if hours not in self.pattern_numbers:
            self.pattern_numbers[hours] = len(self.patterns)
            self.patterns.append(hours)
        return self.pattern_numbers[hours]

    def _post(self, document: Document, number: int, *, present: bool) -> None:
        """New bitmaps in the place of the old: earlier states still read those."""
        one = BitMap([number])

        def changed(found: BitMap) -> BitMap:
            return found | one if present else found - one

        for field, text in document.words.items():
            for word in {stem(word) for word in text.split()}:
                fields = self.changed_words.get(word, {})
                self.changed_words[word] = {**fields, field: changed(fields.get(field, NOTHING))}
        for term in document.terms:
            self.changed_codes[term] = changed(self.changed_codes.get(term, NOTHING))

    def _slot(self, language: str, sort: str, name: str, service_id: UUID) -> float:
        """The rank of the listing of the base after which this one stands by name."""
        if not self.base.size:
            return -1.0
        before = store.name_before(sort, (name, service_id), self.base.horizon)
        number = self.base.number_of(before) if before else None
        return -1.0 if number is None else float(self.columns[f"rank_{language}"][number])

    def _rank(self) -> None:
        """Between two listings of the base, those that came later share the room in their order by name.

        A listing after which one stood may have been renamed since; names keep the slots in order.
        """
        for language in LANGUAGES:
            slot, inside = -1.0, 0
            for _name, _id, own, number in sorted(
                (name, key, own, number) for number, (name, key, own) in self.slots[language].items()
            ):
                inside = inside + 1 if own <= slot else 1
                slot = max(slot, own)
                self.columns[f"rank_{language}"][number] = slot + inside / (inside + 1)


class _Shared:
    """The newest committed state that this process has read, and what it has taken so far."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.clear()

    def clear(self) -> None:
        with self.lock:  # a reader that is at it ends with what it began
            self.snapshot: Snapshot | None = None
            self.since = 0
            self.taken: dict[UUID, int] = {}

    def read(self) -> Snapshot:
        with self.lock:
            now = unchanged.mark()
            if self.snapshot is not None and unchanged.is_last(self.snapshot, now):
                return self.snapshot
            read = self._polled()
            unchanged.keep(read, now)
            return read

    def _polled(self) -> Snapshot:
        found = store.poll(self.since)
        if self.snapshot is None or not self.snapshot.base.is_of(found.generation, found.horizon):
            self.taken = {}
            self.snapshot = Snapshot(Base(found.generation, found.horizon))
            self.snapshot.base.warm()
            self.since = found.horizon
            found = store.poll(self.since)
        if found.changed:
            self._take(self.snapshot)
        self.since = found.next_horizon
        return self.snapshot

    def _take(self, snapshot: Snapshot) -> None:
        new = {key: stamp for key, stamp in store.stamped(self.since) if self.taken.get(key) != stamp}
        if new:
            self.snapshot = snapshot.advanced(store.documents(list(new)))
            self.taken.update(new)


_shared = _Shared()


def current() -> Snapshot:
    """The state of the index as this reader may see it."""
    for attempt in range(TRIES):
        try:
            return _uncommitted() if connection.in_atomic_block else _shared.read()
        except StaleBase:
            if attempt == TRIES - 1:
                raise
    raise StaleBase


def forget() -> None:
    """Read everything anew at the next search."""
    _shared.clear()


def _uncommitted() -> Snapshot:
    generation, horizon = store.standing()
    shared = _shared.snapshot
    base = shared.base if shared and shared.base.is_of(generation, horizon) else None
    snapshot = Snapshot(base or Base(generation, horizon)).apart()
    later = store.changed(snapshot.base.horizon)
    return snapshot.advanced(later) if later else snapshot
