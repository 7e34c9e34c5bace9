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

from directory.search.base import NOTHING, held_bytes, one_of, union
from directory.search.fields import Seen, carrying, fields_of
from directory.search.held import Held, type_of_valued
from directory.search.query import Concept, Query, meaning_of
from directory.search.spelling import Spelling, respelled

RESPELLED = 0.5
ENOUGH = 0.3  # of the weight of the words, where no listing has them all
FEW = 5
MOST_SPELLED = 8
NAMES = {"n", "m", "a", "o"}
TELLING = {"n", "m", "a", "c", "t"}  # what a listing is called, and what it is classed as


@dataclass(frozen=True, eq=False)
class Answer:
    """What a reader sees of one concept: ``all`` its listings, ``held`` how each layer holds it, and how
    telling it is, in whole numbers.

    ``key`` tells it from every other answer of the same snapshot.
    """

    key: Any
    concept: Concept
    language: str
    visible: BitMap
    held: list[Held]
    all: BitMap
    weight: int
    spelling: Spelling | None

    @property
    def in_bytes(self) -> int:
        """What it takes, about, with what has been worked out from it by now."""
        own, everything = self._bytes
        return own + everything * sum(part in self.__dict__ for part in ("valued", "telling"))

    @cached_property
    def _bytes(self) -> tuple[int, int]:
        everything = held_bytes(self.all)
        return everything + sum(held.own_bytes() for held in self.held), everything

    @cached_property
    def valued(self) -> type_of_valued:
        """The listings parted by the sum of what their fields are worth, best first."""
        parts = defaultdict(list)
        for held in self.held:
            for value, listings in held.valued(self.language):
                parts[value].append(listings)
        return [(value, one_of(parts[value])) for value in sorted(parts, reverse=True)]

    @cached_property
    def telling(self) -> BitMap:
        """Those in which a telling field holds it."""
        return one_of([held.of(TELLING) for held in self.held])

    @property
    def others(self) -> BitMap:
        return self.visible - self.all


class Match(NamedTuple):
    """``is_partial``: hardly any listing has all words, so ``all`` holds those that have most of them."""

    answers: list[Answer]
    all: BitMap
    is_partial: bool


def match(seen: Seen, query: Query, language: str) -> Match:
    """The listings that the query finds, of those that the reader may see."""
    answers = _answers(seen, query, language)
    if not answers:
        return Match([], NOTHING, False)
    required = [answer for answer in answers if not answer.concept.is_optional] or answers
    found = reduce(and_, [answer.all for answer in required])  # each holds what may be seen alone
    if len(required) > 1 and len(found) < FEW and not (found and named_so(seen, query)):
        most = _most_of(required, seen.visible)
        if len(most) > len(found):
            return Match(answers, most, True)
    return Match(answers, found, False)


def _answers(seen: Seen, query: Query, language: str) -> list[Answer]:
    # A long text is a sentence, not a name: its words are taken as they are.
    spell = len(query.concepts) <= MOST_SPELLED
    asked = [(("answer", one, language, spell, seen.whose), one) for one in query.concepts]
    known = [(seen.snapshot.kept(key), key, one) for key, one in asked]
    if new := [one for answer, _key, one in known if answer is None]:
        phrases = (phrase for one in new for phrase in (one.stems, *one.meaning.phrases))
        seen.snapshot.base.words({word for phrase in phrases for word in phrase})  # all in one statement
    return [
        answer or seen.snapshot.cached(key, partial(_answer, seen, key, one, language, spell))
        for answer, key, one in known
    ]


def named_so(seen: Seen, query: Query) -> bool:
    """Some listing has all the words in one of its names."""
    words = tuple(word for concept in query.concepts for word in concept.stems)
    return len(words) > 1 and any(NAMES & fields.keys() for fields in fields_of(seen, words))


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
    meaning, spelling = concept.meaning, None
    own = fields_of(seen, concept.stems, across=not (meaning.codes or meaning.phrases))
    if spell and not any(own) and not meaning.codes and len(concept.stems) == 1:
        spelling = respelled(seen, concept.words[0])
    if spelling and not spelling.is_start:
        own, meaning = fields_of(seen, spelling.phrases[0]), meaning_of(spelling.phrases[0])
    others = sorted(meaning.phrases - {concept.stems})
    others += spelling.phrases if spelling and spelling.is_start else ()
    weak = [fields_of(seen, phrase) for phrase in others]
    codes = [carrying(seen, code) for code in sorted(meaning.codes)]
    held = [
        Held(
            visible=layer.visible,
            own=own[at],
            weak=[fields[at] for fields in weak],
            codes=codes,
            is_phrase=len(concept.stems) > 1,
        )
        for at, layer in enumerate(seen.layers())
    ]
    everything = one_of([one.all() for one in held])
    return Answer(
        key=key,
        concept=concept,
        language=language,
        visible=seen.visible,
        held=held,
        all=everything,
        weight=_weight(len(seen.visible), len(everything), RESPELLED if spelling else 1.0),
        spelling=spelling,
    )


def _weight(listings: int, holding: int, share: float) -> int:
    """What few listings hold tells more: 1 for what all hold, 41 for what one of a million does."""
    return 1 + round(2 * share * log2((listings + 2) / (holding + 1)))
