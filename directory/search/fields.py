"""Which listings hold a word or a phrase, by the field of the text, among those that the reader may see.

What stands only in listings that the reader may not see is as if nobody had written it: it is found by
nothing, and no other word is taken for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from pyroaring import BitMap

from directory.search.base import union
from directory.search.labels import labels, type_of_phrase
from directory.search.snapshot import Snapshot

ACROSS_FIELDS = "x"  # the words of one phrase, scattered over fields
LABELS = {"c", "s", "t"}
type_of_fields = dict[str, BitMap]


class Layer(NamedTuple):
    """A part of a state: what the base still holds as it is, or what changed since.

    Of listings that are not ``visible`` its words may tell anything.
    """

    words: Callable[[Iterable[str]], dict[str, type_of_fields]]
    visible: BitMap


class Seen(NamedTuple):
    """A state of the index as one reader may see it. ``whose`` tells apart who sees different listings."""

    snapshot: Snapshot
    visible: BitMap
    whose: Any

    def layers(self) -> list[Layer]:
        """Each listing is visible in one of them at most: so words are read as they are stored."""
        snapshot = self.snapshot
        if not snapshot.touched:
            return [Layer(snapshot.base.words, self.visible)]

        def make() -> list[Layer]:
            settled, late = self.visible - snapshot.touched, self.visible & snapshot.touched
            return [Layer(snapshot.base.words, settled), Layer(snapshot.late_words, late)]

        return snapshot.cached(("layers", self.whose), make)


def carrying(seen: Seen, code: str) -> BitMap:
    """Its listings; where the reader sees none in a category, those of the one above."""
    above = labels().above
    listings = seen.snapshot.code(code)
    while code in above and not listings.intersect(seen.visible):
        code = above[code]
        listings = seen.snapshot.code(code)
    return listings


def fields_of(seen: Seen, phrase: type_of_phrase, *, across: bool = False) -> list[type_of_fields]:
    """Where a listing holds all the words together, and (``across``) here and there as ``x``; by layer.

    Fields in which the reader sees none are left out; the others hold what nobody may see as well.
    """
    return [_fields_in(seen, layer, phrase, across) for layer in seen.layers()]


def _fields_in(seen: Seen, layer: Layer, phrase: type_of_phrase, across: bool) -> type_of_fields:
    stored = layer.words(phrase)
    words = [stored.get(word, {}) | _label_fields(seen, (word,)) for word in phrase]
    if len(words) == 1:
        return _shown(layer, words[0])
    fields = set(words[0]).intersection(*words[1:]) if words else set()
    together = {field: reduce(and_, (word[field] for word in words)) for field in fields - LABELS}
    together |= _label_fields(seen, phrase)
    if across and words:
        together[ACROSS_FIELDS] = reduce(and_, (union(word.values()) for word in words))
    return _shown(layer, together)


def _label_fields(seen: Seen, phrase: type_of_phrase) -> type_of_fields:
    """Listings with a code whose label holds the words: a category's name (``c``) or synonyms (``s``), or
    the name of a term of another vocabulary (``t``)."""
    known = labels()
    fields = {}
    for field, table in (("c", known.category), ("s", known.synonym), ("t", known.term)):
        codes = set.intersection(*(set(table.get(word, ())) for word in phrase)) if phrase else set()
        if codes:
            fields[field] = _any_of(seen.snapshot, codes)
    return fields


def _any_of(snapshot: Snapshot, codes: set[str]) -> BitMap:
    if len(codes) == 1:
        return snapshot.code(*codes)  # as it is kept anyway
    return snapshot.cached(("any of", frozenset(codes)), lambda: union(map(snapshot.code, codes)))


def _shown(layer: Layer, fields: type_of_fields) -> type_of_fields:
    return {field: found for field, found in fields.items() if found.intersect(layer.visible)}
