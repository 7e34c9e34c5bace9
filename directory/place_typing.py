"""What people type for a place, taken apart and looked up: postal codes, names, beginnings of names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory import gazetteer
from directory.folding import normalise
from directory.gazetteer import HOME_PROVINCE, Entry, key_of

# The letters that Canadian postal codes use.
_FIRST, _LETTER = "[ABCEGHJ-NPRSTVXY]", "[ABCEGHJ-NPRSTV-Z]"
_AREA, _REST = f"{_FIRST}[0-9]{_LETTER}", f"[0-9]{_LETTER}[0-9]"
_POSTAL_CODE = re.compile(rf"({_AREA})(?:{_REST})?", re.IGNORECASE)
_WITHIN = re.compile(rf"(?<![^\W_])({_AREA})[ -]?{_REST}(?![^\W_])", re.IGNORECASE)
_MISTYPED = re.compile(r"[A-Z][0-9OIL][A-Z](?:[0-9OIL][A-Z][0-9OIL])?", re.IGNORECASE)
_DIGITS = str.maketrans("OILoil", "011011")
_BETWEEN = re.compile(r"[\s-]+")
_BEGINNING = re.compile(rf"{_FIRST}[0-9](?:{_LETTER}(?:[0-9](?:{_LETTER}(?:[0-9])?)?)?)?", re.IGNORECASE)
# Words that a name may begin with and a person leave out.
_SMALL_WORDS = {"the", "le", "la", "les", "l", "st", "ste", "saint", "sainte", "de", "du", "of"}
_ALIKE, _SHORTEST_TYPO, _TYPOS_READ = 0.75, 4, 32
_LAST, _A_LATER_WORD = "\U0010ffff", 1_000_000


def postal_area(text: str) -> str:
    """The first three characters of the postal code that the text is; "" where it is none."""
    match = _POSTAL_CODE.fullmatch(_BETWEEN.sub("", text))
    return match[1].upper() if match else ""


def forgiven_postal_area(text: str) -> str:
    """The same where letters stand for the digits that look like them: R2W 2MO, VOR 1L0."""
    squeezed = _BETWEEN.sub("", text)
    if not _MISTYPED.fullmatch(squeezed):
        return ""
    in_turn = (c.translate(_DIGITS) if at % 2 else c for at, c in enumerate(squeezed[:3]))
    rest = (c if at % 2 else c.translate(_DIGITS) for at, c in enumerate(squeezed[3:]))
    return postal_area("".join((*in_turn, *rest)))


def postal_area_within(text: str) -> str:
    """Of the last full postal code in an address; "" where there is none."""
    found = _WITHIN.findall(text)
    return found[-1].upper() if found else ""


def by_name(text: str) -> tuple[tuple[Entry, ...], bool, bool]:
    """All entries with the name, and whether a province and a city stood behind it and chose them."""
    words = normalise(text).split()
    if words[-1:] == ["canada"] and len(words) > 1:
        words = words[:-1]
    known = gazetteer.by_key()
    if found := known.get(key_of(words)):
        return found, False, False
    for length in range(min(4, len(words) - 1), 0, -1):
        province = gazetteer.province_keys().get(key_of(words[-length:]))
        if province:
            return _in_province(words[:-length], province)
    return _in_city(words, None), False, True


def starting_so(text: str, limit: int) -> list[Entry]:
    """What has a name or a code that starts so; else what has the very name; else what is near it."""
    squeezed = _BETWEEN.sub("", text)
    if _BEGINNING.fullmatch(squeezed):
        return _postal_areas(squeezed[:3].upper(), limit)
    words = normalise(text).split()
    index = _index()
    # The last word may be unfinished: "saint" of "Saintfield" is not short for anything.
    ranks = index.starting({"".join(words), key_of(words[:-1]) + "".join(words[-1:])} - {""})
    if ranks:
        best = dict.fromkeys(rank % _A_LATER_WORD for rank in nsmallest(2 * limit, ranks))
        return [index.entries[place] for place in best][:limit]
    named = list(by_name(text)[0]) if words else []
    return named[:limit] or index.nearly(key_of(words), limit)


def _in_province(words: list[str], province: str) -> tuple[tuple[Entry, ...], bool, bool]:
    known = gazetteer.by_key().get(key_of(words), ())
    if found := tuple(entry for entry in known if entry.province == province):
        return found, True, False
    return _in_city(words, province), True, True


def _in_city(words: list[str], province: str | None) -> tuple[Entry, ...]:
    """The longest name in front for which the rest names its city."""
    known, cities = gazetteer.by_key(), gazetteer.city_keys()
    for length in range(len(words) - 1, 0, -1):
        city = key_of(words[length:])
        found = tuple(
            entry
            for entry in known.get(key_of(words[:length]), ())
            if province in (None, entry.province) and city in cities.get((entry.city, entry.province), ())
        )
        if found:
            return found
    return ()


def _postal_areas(beginning: str, limit: int) -> list[Entry]:
    areas = gazetteer.postal_areas()
    codes = list(areas)
    first = bisect_left(codes, beginning)
    found = [areas[code] for code in codes[first : bisect_left(codes, beginning + _LAST)]]
    return nsmallest(limit, found, key=lambda entry: -entry.weight)


@dataclass(frozen=True)
class _Index:
    """``entries`` stand from the best to the last; ``ranks`` are those places, in the order of ``keys``.

    A key that begins with a later word of the name ranks behind all that begin with the first.
    """

    entries: tuple[Entry, ...]
    keys: list[str]
    ranks: list[int]

    def starting(self, beginnings: Iterable[str]) -> set[int]:
        found: set[int] = set()
        for beginning in beginnings:
            first, last = bisect_left(self.keys, beginning), bisect_left(self.keys, beginning + _LAST)
            found.update(self.ranks[first:last])
        return found

    def nearly(self, key: str, limit: int) -> list[Entry]:
        """By one or two slips of the finger, the fewest first."""
        if len(key) < _SHORTEST_TYPO:
            return []
        alike = process.extract(
            key, self.keys, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=_TYPOS_READ
        )
        ranked = sorted((-score, self.ranks[at] % _A_LATER_WORD) for _, score, at in alike)
        return [self.entries[place] for place in dict.fromkeys(place for _, place in ranked)][:limit]


@cache
def _index() -> _Index:
    best_first = tuple(
        sorted(gazetteer.entries(), key=lambda e: (e.province != HOME_PROVINCE, -e.weight, e.name_en))
    )
    pairs = sorted({pair for place, entry in enumerate(best_first) for pair in _beginnings(place, entry)})
    return _Index(best_first, [key for key, _ in pairs], [rank for _, rank in pairs])


def _beginnings(place: int, entry: Entry) -> Iterator[tuple[str, int]]:
    for name in entry.names:
        words = normalise(name).split()
        for at in range(len(words)):
            small = set(words[:at]) <= _SMALL_WORDS
            rank = place if small else place + _A_LATER_WORD
            yield "".join(words[at:]), rank
            yield key_of(words[at:]), rank
