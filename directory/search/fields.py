"""Which listings hold a word or a phrase, by the field of the text, among those that the reader may see.

What stands only in listings that the reader may not see is as if nobody had written it: it is found by
nothing, and no other word is taken for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from pyroaring import BitMap

from directory.search.base import NOTHING, union
from directory.search.labels import labels, type_of_phrase
from directory.search.snapshot import Snapshot

ACROSS_FIELDS = "x"  # the words of one phrase, scattered over fields
LABELS = {"c", "s", "t"}
type_of_fields = dict[str, BitMap]


class Seen(NamedTuple):
    """A state of the index as one reader may see it. ``whose`` tells apart who sees different listings."""

    snapshot: Snapshot
    visible: BitMap
    whose: Any


def carrying(seen: Seen, code: str) -> BitMap:
    """Its listings; where the reader sees none in a category, those of the one above."""
    above = labels().above
    listings = seen.snapshot.code(code)
    while code in above and not listings.intersect(seen.visible):
        code = above[code]
        listings = seen.snapshot.code(code)
    return listings


def united(several: Iterable[type_of_fields]) -> type_of_fields:
    found: dict[str, list[BitMap]] = defaultdict(list)
    for fields in several:
        for field, listings in fields.items():
            found[field].append(listings)
    return {field: many[0] if len(many) == 1 else union(many) for field, many in found.items()}


def fields_of(seen: Seen, phrase: type_of_phrase) -> type_of_fields:
    """Where a listing holds all the words: together in one field, or (``x``) here and there.

    Fields in which the reader sees none are left out; the others hold what nobody may see as well.
    """
    stored = seen.snapshot.words(phrase)
    words = [stored.get(word, {}) | _label_fields(seen, (word,)) for word in phrase]
    if len(words) == 1:
        return _shown(seen, words[0])
    fields = set(words[0]).intersection(*words[1:]) if words else set()
    together = {field: reduce(and_, (word[field] for word in words)) for field in fields - LABELS}
    together |= _label_fields(seen, phrase)
    anywhere = [union(word.values()) for word in words]
    together[ACROSS_FIELDS] = reduce(and_, anywhere) if anywhere else NOTHING
    return _shown(seen, together)


def _label_fields(seen: Seen, phrase: type_of_phrase) -> type_of_fields:
    """Listings with a code whose label holds the words: a category's name (``c``) or synonyms (``s``), or
    the name of a term of another vocabulary (``t``)."""
    known = labels()
    fields = {}
    for field, table in (("c", known.category), ("s", known.synonym), ("t", known.term)):
        codes = set.intersection(*(set(table.get(word, ())) for word in phrase)) if phrase else set()
        if codes:
            fields[field] = union(map(seen.snapshot.code, codes))
    return fields


def _shown(seen: Seen, fields: type_of_fields) -> type_of_fields:
    return {field: found for field, found in fields.items() if found.intersect(seen.visible)}
