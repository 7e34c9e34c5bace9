"""Which listings a query finds, and how well each of them answers it.

A listing answers a concept by each field that holds it, and the values add up. So a concept parts the
listings into some levels, as bitmaps, a query into some more, and nothing is counted listing by listing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from math import log2
from operator import and_
from typing import Any, NamedTuple

from pyroaring import BitMap

from directory.search.base import NOTHING, union
from directory.search.fields import ACROSS_FIELDS, Seen, carrying, fields_of, type_of_fields, united
from directory.search.query import Concept, Query, meaning_of
from directory.search.spelling import Spelling, respelled

# How much a field tells. Names and texts in the reader's language come before the other's.
VALUES = {"n": 12, "m": 12, "a": 10, "c": 7, "s": 5, "t": 6, "o": 5, "p": 6, "d": 4, "e": 4}
OTHER_LANGUAGE = {"en": "me", "fr": "nd"}
ACROSS = 1  # the words of one phrase, scattered over fields
MEANT, EACH = 5, 6  # any of the categories that a phrase leads to, and what they share for each
FURTHER = 0.4  # another word for the same, or a word as it may have been meant
PHRASE = 6  # several words together in one field, over what the field tells
RESPELLED = 0.5
ENOUGH = 0.3  # of the weight of the words, where no listing has them all
FEW = 5
MOST_SPELLED = 8
NAMES = {"n", "m", "a", "o"}
TELLING = {"n", "m", "a", "c", "t"}  # what a listing is called, and what it is classed as
type_of_valued = list[tuple[int, BitMap]]


@dataclass(frozen=True, eq=False)
class Answer:
    """What a reader sees of one concept: ``all`` its listings, and those of them in which a telling field
    holds it; what each field is worth; how telling the concept is, in whole numbers.

    ``key`` tells it from every other answer of the same snapshot.
    """

    key: Any
    concept: Concept
    visible: BitMap
    fields: type_of_fields
    gains: type_of_valued
    all: BitMap
    weight: int
    spelling: Spelling | None

    @property
    def in_bytes(self) -> int:
        """What it takes with all that is worked out from it, about."""
        return 1_000 + 6 * len(self.all)

    @cached_property
    def valued(self) -> type_of_valued:
        """The listings parted by the sum of what their fields are worth, best first."""
        return _parted(self.all, self.gains)

    @cached_property
    def telling(self) -> BitMap:
        return self.all & union(found for field, found in self.fields.items() if field in TELLING)

    @cached_property
    def others(self) -> BitMap:
        return self.visible - self.all


class Match(NamedTuple):
    """``is_partial``: hardly any listing has all words, so ``all`` holds those that have most of them."""

    answers: list[Answer]
    all: BitMap
    is_partial: bool


def match(seen: Seen, query: Query, language: str) -> Match:
    """The listings that the query finds, of those that the reader may see."""
    phrases = (phrase for one in query.concepts for phrase in (one.stems, *one.meaning.phrases))
    seen.snapshot.base.words({word for phrase in phrases for word in phrase})  # all in one statement
    # A long text is a sentence, not a name: its words are taken as they are.
    spell = len(query.concepts) <= MOST_SPELLED
    answers = []
    for one in query.concepts:
        key = ("answer", one, language, spell, seen.whose)
        answers.append(seen.snapshot.cached(key, partial(_answer, seen, key, one, language, spell)))
    if not answers:
        return Match([], NOTHING, False)
    required = [answer for answer in answers if not answer.concept.is_optional] or answers
    found = reduce(and_, [answer.all for answer in required])  # each holds what may be seen alone
    if len(required) > 1 and len(found) < FEW and not (found and named_so(seen, query)):
        most = _most_of(required, seen.visible)
        if len(most) > len(found):
            return Match(answers, most, True)
    return Match(answers, found, False)


def named_so(seen: Seen, query: Query) -> bool:
    """Some listing has all the words in one of its names."""
    words = tuple(word for concept in query.concepts for word in concept.stems)
    return len(words) > 1 and any(field in NAMES for field in fields_of(seen, words))


def _most_of(answers: list[Answer], within: BitMap) -> BitMap:
    """The listings that hold enough of the query, by the weight of its words."""
    parts = {0: within}
    for answer in answers:
        following: dict[int, BitMap] = defaultdict(BitMap)
        for held, rest in parts.items():
            hit = rest & answer.all
            following[held + answer.weight] |= hit
            following[held] |= rest - hit
        parts = {held: part for held, part in following.items() if part}
    least = ENOUGH * sum(answer.weight for answer in answers if answer.all)
    return union(part for held, part in parts.items() if held >= least and held)


def _answer(seen: Seen, key: Any, concept: Concept, language: str, spell: bool) -> Answer:
    own = fields_of(seen, concept.stems)
    meaning, spelling = concept.meaning, None
    if spell and not own and not meaning.codes and len(concept.stems) == 1:
        spelling = respelled(seen, concept.words[0])
    if spelling and not spelling.is_start:
        own, meaning = fields_of(seen, spelling.phrases[0]), meaning_of(spelling.phrases[0])
    others = sorted(meaning.phrases - {concept.stems})
    others += spelling.phrases if spelling and spelling.is_start else ()
    weak = united(_together(fields_of(seen, phrase)) for phrase in others)
    if meaning.codes or meaning.phrases:
        own = _together(own)
    codes = [carrying(seen, code) for code in sorted(meaning.codes)]
    meant = union(codes)
    fields = united([own, weak, {"c": meant} if meant else {}])
    everything = union(fields.values()) & seen.visible
    return Answer(
        key=key,
        concept=concept,
        visible=seen.visible,
        fields=fields,
        gains=[*_gains(own, weak, language, len(concept.stems) > 1), *_meant(codes, meant)],
        all=everything,
        weight=_weight(len(seen.visible), len(everything), RESPELLED if spelling else 1.0),
        spelling=spelling,
    )


def _weight(listings: int, holding: int, share: float) -> int:
    """What few listings hold tells more: 1 for what all hold, 41 for what one of a million does."""
    return 1 + round(2 * share * log2((listings + 2) / (holding + 1)))


def _meant(codes: list[BitMap], meant: BitMap) -> type_of_valued:
    """Something for any of the codes, and more for each: the narrower ones stand under the wider."""
    return [(MEANT, meant), *((max(EACH // len(codes), 1), listings) for listings in codes)]


def _together(fields: type_of_fields) -> type_of_fields:
    return {field: listings for field, listings in fields.items() if field != ACROSS_FIELDS}


def _gains(own: type_of_fields, weak: type_of_fields, language: str, is_phrase: bool) -> type_of_valued:
    """What holding the concept in a field is worth; another word tells less, and nothing beside the own."""
    more = PHRASE if is_phrase else 0
    gains = [(_value(field, language) + more, listings) for field, listings in own.items()]
    for field, listings in weak.items():
        gains.append((round(_value(field, language) * FURTHER), listings - own.get(field, NOTHING)))
    return gains


def _parted(listings: BitMap, gains: type_of_valued) -> type_of_valued:
    """The listings by the sum of their gains, best first."""
    parts = {0: listings}
    for gain, gaining in gains:
        following: dict[int, BitMap] = defaultdict(BitMap)
        for value, part in parts.items():
            hit = part & gaining
            following[value + gain] |= hit
            following[value] |= part - hit
        parts = {value: part for value, part in following.items() if part}
    return sorted(parts.items(), key=lambda part: -part[0])


def _value(field: str, language: str) -> int:
    if field == ACROSS_FIELDS:
        return ACROSS
    return VALUES[field] - (1 if field in OTHER_LANGUAGE[language] else 0)
