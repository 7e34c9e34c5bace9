"""Phrases in quotes: the words stand side by side in the listing, whatever else it says."""

from __future__ import annotations

from typing import Any

from pyroaring import BitMap

from directory.search import store
from directory.search.base import numbers
from directory.search.documents import Document
from directory.search.packing import unpack
from directory.search.snapshot import Snapshot
from directory.search.text import stems

MOST_READ = 5_000


def holding(snapshot: Snapshot, phrases: tuple[tuple[str, ...], ...], among: BitMap, whose: Any) -> BitMap:
    """Those of ``among`` that hold each phrase in some field, plural and gender aside.

    Of a very long list only the first 5,000 are read. ``whose`` tells the askers apart, with their query.
    """
    return snapshot.cached(("phrases", phrases, whose), lambda: _holding(snapshot, phrases, among))


def _holding(snapshot: Snapshot, phrases: tuple[tuple[str, ...], ...], among: BitMap) -> BitMap:
    found = BitMap()
    asked = numbers(among)[:MOST_READ].tolist()
    keys = {snapshot.id_of(number): number for number in asked}
    for key, packed in store.documents(list(keys)).items():
        document = unpack(packed)
        if document and all(_holds(document, phrase) for phrase in phrases):
            found.add(keys[key])
    return found


def _holds(document: Document, phrase: tuple[str, ...]) -> bool:
    wanted = f" {' '.join(stems(phrase))} "
    return any(wanted in f" {' '.join(stems(text.split()))} " for text in document.words.values())
