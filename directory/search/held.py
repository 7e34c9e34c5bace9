"""How a layer of the index holds a concept, and what each way of holding it is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pyroaring import BitMap

from directory.search.base import NOTHING, held_bytes, one_of, union
from directory.search.fields import ACROSS_FIELDS, LABELS, type_of_fields

# How much a field tells. Names and texts in the reader's language come before the other's.
VALUES = {"n": 12, "m": 12, "a": 10, "c": 7, "s": 5, "t": 6, "o": 5, "p": 6, "d": 4, "e": 4}
OTHER_LANGUAGE = {"en": "me", "fr": "nd"}
ACROSS = 1  # the words of one phrase, scattered over fields
MEANT, EACH = 5, 6  # any of the categories that a phrase leads to, and what they share for each
FURTHER = 0.4  # another word for the same, or a word as it may have been meant
PHRASE = 6  # several words together in one field, over what the field tells
type_of_valued = list[tuple[int, BitMap]]


@dataclass(frozen=True, eq=False)
class Held:
    """The fields of the concept's own words, those of each other phrase for the same, and the listings of
    each category that it leads to: as the index keeps them, so only ``visible`` counts."""

    visible: BitMap
    own: type_of_fields
    weak: list[type_of_fields]
    codes: list[BitMap]
    is_phrase: bool

    def by_field(self) -> dict[str, list[BitMap]]:
        found = defaultdict(list, {"c": list(self.codes)} if self.codes else {})
        for fields in (self.own, *self.weak):
            for field, listings in fields.items():
                found[field].append(listings)
        return found

    def all(self) -> BitMap:
        return self.of(self.by_field())

    def of(self, fields: Collection[str]) -> BitMap:
        """The visible listings that hold the concept in any of these fields."""
        held = (one for field, several in self.by_field().items() if field in fields for one in several)
        return union(held) & self.visible

    def valued(self, language: str) -> type_of_valued:
        """The listings parted by the sum of what their fields are worth to a reader of the language."""
        parts = {0: self.all()}
        for gain, gaining in self._gains(language):
            following: dict[int, list[BitMap]] = defaultdict(list)
            for value, part in parts.items():
                hit = part & gaining
                if hit:
                    following[value + gain].append(hit)
                if len(hit) < len(part):
                    following[value].append(part - hit if hit else part)
            parts = {value: one_of(several) for value, several in following.items()}
        return list(parts.items())

    def own_bytes(self) -> int:
        """About what it holds beside what the index holds anyway: the texts that hold a whole phrase."""
        fields = (self.own, *self.weak) if self.weak or self.is_phrase else ()
        return sum(held_bytes(one) for some in fields for field, one in some.items() if field not in LABELS)

    def _gains(self, language: str) -> Iterator[tuple[int, BitMap]]:
        """What holding it in a field is worth; another word tells less, and nothing beside the own.

        Something for any of the categories, and more for each: the narrower ones stand under the wider.
        """
        more = PHRASE if self.is_phrase else 0
        for field, listings in self.own.items():
            yield _value(field, language) + more, listings
        further = defaultdict(list)
        for fields in self.weak:
            for field, listings in fields.items():
                further[field].append(listings)
        for field, several in further.items():
            yield round(_value(field, language) * FURTHER), one_of(several) - self.own.get(field, NOTHING)
        if self.codes:
            yield MEANT, one_of(self.codes)
        for listings in self.codes:
            yield max(EACH // len(self.codes), 1), listings


def _value(field: str, language: str) -> int:
    if field == ACROSS_FIELDS:
        return ACROSS
    return VALUES[field] - (1 if field in OTHER_LANGUAGE[language] else 0)
