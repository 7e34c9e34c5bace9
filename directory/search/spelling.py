"""A word that no listing holds: what it may be the beginning of, or what may have been meant."""

from __future__ import annotations

from bisect import bisect_left
from math import log2
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from directory.search.fields import Seen, carrying, fields_of
from directory.search.labels import labels, type_of_phrase
from directory.search.query import meaning_of
from directory.search.snapshot import Snapshot
from directory.search.text import stem, undoubled

SHORTEST_START = 3
MOST_ENDINGS = 60
# A word of so many letters may have so many edits.
EDITS = ((8, 2), (4, 1))
CLOSEST = 20
COMMON = 0.02
# Endings that a stem has lost, as far as they may have been typed.
BEGUN_ENDINGS = ("in", "i", "ie", "iq", "iqu", "au", "eus", "tri", "tric", "ienn", "ell")


class Spelling(NamedTuple):
    """``phrases``: what is looked for instead, any of them. ``is_start``: the word goes on so, or falls into
    two; else it was misspelt."""

    phrases: tuple[type_of_phrase, ...]
    is_start: bool


def respelled(seen: Seen, word: str) -> Spelling | None:
    """Only by words of listings that the reader may see."""
    known, count = _vocabulary(seen.snapshot)
    starts = _starting(seen, known, count, undoubled(word))
    if starts or (starts := _parts(seen, count, word)):
        return Spelling(starts, is_start=True)
    meant = _closest(seen, known, count, stem(word))
    return Spelling(((meant,),), is_start=False) if meant else None


def _vocabulary(snapshot: Snapshot) -> tuple[list[str], dict[str, int]]:
    """Every stem of the index and of the labels, sorted, with how many listings hold it."""

    def make() -> tuple[list[str], dict[str, int]]:
        count = {key[0]: 1 for key in labels().meanings if len(key) == 1} | snapshot.base.vocabulary()
        for word, fields in snapshot.changed_words.items():
            more = max(map(len, fields.values()), default=0)
            if more or word in count:
                count[word] = count.get(word, 0) + more
        return sorted(count), count

    found: tuple[list[str], dict[str, int]] = snapshot.cached("vocabulary", make)
    return found


def _parts(seen: Seen, count: dict[str, int], word: str) -> tuple[type_of_phrase, ...]:
    """Two words written as one, where a listing holds them in one text (``foodbank``)."""
    cuts = range(SHORTEST_START, len(word) - SHORTEST_START + 1)
    pairs = [(stem(word[:cut]), stem(word[cut:])) for cut in cuts]
    pairs = [(one, other) for one, other in pairs if one in count and other in count]
    return tuple(pair for pair in pairs if any(fields_of(seen, pair)))


def _starting(seen: Seen, known: list[str], count: dict[str, int], word: str) -> tuple[type_of_phrase, ...]:
    """The stems that go on from the word; else the one that its own last letters hide (``housin``)."""
    if len(word) < SHORTEST_START:
        return ()
    at = bisect_left(known, word)
    found = []
    while at < len(known) and known[at].startswith(word):
        found.append(known[at])
        at += 1
    if found:
        found.sort(key=lambda one: (-count[one], one))
        if held := _held(seen, found[:MOST_ENDINGS]):
            return tuple((one,) for one in held)
    shorter = (word.removesuffix(begun) for begun in BEGUN_ENDINGS if word.endswith(begun))
    held = _held(seen, [one for one in shorter if one in count and len(one) > SHORTEST_START])
    return tuple((one,) for one in held[:1])


def _likeness(word: str, other: str, count: dict[str, int]) -> float:
    """How alike they look, and a little how common the other is."""
    likeness: float = JaroWinkler.similarity(word, other)
    return likeness + COMMON * log2(count[other] + 1)


def _closest(seen: Seen, known: list[str], count: dict[str, int], word: str) -> str | None:
    edits = next((most for length, most in EDITS if len(word) >= length), 0)
    if not edits or not word.isalpha():
        return None
    near = process.extract(
        word, known, scorer=OSA.distance, score_cutoff=edits, limit=CLOSEST, processor=None
    )
    ranked = sorted(near, key=lambda one: (one[1], -_likeness(word, one[0], count), one[0]))
    return next(iter(_held(seen, [one for one, _distance, _place in ranked])), None)


def _held(seen: Seen, words: list[str]) -> list[str]:
    """Those that a listing holds, or that lead to one, in their order. One statement for all."""
    seen.snapshot.base.words(words)
    return [word for word in words if any(fields_of(seen, (word,))) or _leads_somewhere(seen, word)]


def _leads_somewhere(seen: Seen, word: str) -> bool:
    return any(carrying(seen, code) for code in meaning_of((word,)).codes)
