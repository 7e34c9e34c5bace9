"""From what was typed to concepts: words and phrases, each with all that it may mean."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from directory.folding import normalise
from directory.search.documents import phone_word
from directory.search.labels import LONGEST_PHRASE, Meaning, labels, type_of_phrase
from directory.search.text import OPTIONAL, STOP_WORDS, content_words, stem, stems

QUOTED = re.compile(r"[\"“”«»]([^\"“”«»]+)[\"“”«»]")
PHONE = re.compile(r"(?<!\d)(?:\+?1[\s.-]?)?(?:\(?\d{3}\)?[\s.-]{0,2})?\d{3}[\s.-]?\d{4}(?!\d)")
MOST_CONCEPTS = 16  # of a longer text the beginning counts
NOTHING_ELSE = Meaning(frozenset(), frozenset())


class Concept(NamedTuple):
    """``words``: as typed, normalised. ``stems``: what a listing must hold, unless it holds the meaning."""

    words: tuple[str, ...]
    stems: type_of_phrase
    meaning: Meaning

    @property
    def is_optional(self) -> bool:
        """It says little beside others."""
        return all(word in OPTIONAL or word in STOP_WORDS for word in self.words)


class Query(NamedTuple):
    """``whole``: the normalised text. ``phrases``: what stood in quotes, word for word."""

    whole: str
    concepts: tuple[Concept, ...]
    phrases: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=512)
def parse(text: str) -> Query:
    """A text without any word has no concepts, and finds nothing unless it is empty."""
    plain = PHONE.sub(lambda found: f" {phone_word(found[0])} ", text)
    whole = normalise(plain)
    quoted = (tuple(normalise(found[1]).split()) for found in QUOTED.finditer(plain))
    concepts = _concepts(whole.split())
    return Query(
        whole, tuple(dict.fromkeys(concepts))[:MOST_CONCEPTS], tuple(phrase for phrase in quoted if phrase)
    )


def _concepts(words: list[str]) -> list[Concept]:
    """The longest phrase that is known, then the next; single words that name nothing are left out."""
    found: list[Concept] = []
    keys = stems(words)
    at = 0
    while at < len(words):
        length, meaning = _longest(keys, at)
        span = words[at : at + length]
        if length > 1 or span[0] not in STOP_WORDS:
            found.append(Concept(tuple(span), stems(content_words(span)), meaning))
        at += length
    return found or [Concept((word,), (stem(word),), NOTHING_ELSE) for word in words]


def meaning_of(phrase: type_of_phrase) -> Meaning:
    return labels().meanings.get(phrase, NOTHING_ELSE)


def _longest(keys: type_of_phrase, at: int) -> tuple[int, Meaning]:
    known = labels().meanings
    for length in range(min(LONGEST_PHRASE, len(keys) - at), 0, -1):
        meaning = known.get(keys[at : at + length])
        if meaning:
            return length, meaning
    return 1, NOTHING_ELSE
