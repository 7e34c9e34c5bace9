"""Which listings a query finds, and how well each of them answers it.

A listing answers a concept by each field that holds it, and the values add up. So a concept parts the
listings into some levels, as bitmaps, a query into some more, and nothing is counted listing by listing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial, reduce
from heapq import heappop, heappush
from math import log2
from operator import and_, or_
from typing import NamedTuple

from pyroaring import BitMap

from directory.search.base import NOTHING
from directory.search.labels import labels, type_of_phrase
from directory.search.query import Concept, Query, meaning_of
from directory.search.snapshot import Snapshot
from directory.search.spelling import Spelling, respelled

# How much a field tells. Names and texts in the reader's language come before the other's.
VALUES = {"n": 12, "m": 12, "a": 10, "c": 7, "s": 5, "t": 6, "o": 5, "p": 6, "d": 4, "e": 4}
OTHER_LANGUAGE = {"en": "me", "fr": "nd"}
ACROSS = 1  # the words of one phrase, scattered over fields
MEANT, EACH = 5, 6  # any of the categories that a phrase leads to, and what they share for each
FURTHER = 0.4  # another word for the same, or a word as it may have been meant
PHRASE = 6  # several words together in one field, over what the field tells
RESPELLED = 0.5
WHOLE = 1_000  # holding more of the words outweighs every value
ENOUGH = 0.3  # of the weight of the words, where no listing has them all
FEW = 5
MOST_SPELLED = 8
LABELS = {"c", "s", "t"}
NAMES = {"n", "m", "a", "o"}
type_of_fields = dict[str, BitMap]
type_of_valued = list[tuple[int, BitMap]]


class Answer(NamedTuple):
    """One concept: its listings parted by value, best first; all of them, and all others; and how telling
    it is."""

    concept: Concept
    fields: type_of_fields
    valued: type_of_valued
    all: BitMap
    others: BitMap
    weight: float
    spelling: Spelling | None


class Match(NamedTuple):
    """``is_partial``: hardly any listing has all words, so ``all`` holds those that have most of them."""

    answers: list[Answer]
    all: BitMap
    is_partial: bool


def match(snapshot: Snapshot, query: Query, language: str, within: BitMap) -> Match:
    """The listings of ``within`` that the query finds."""
    phrases = (phrase for one in query.concepts for phrase in (one.stems, *one.meaning.phrases))
    snapshot.base.words({word for phrase in phrases for word in phrase})  # all in one statement
    # A long text is a sentence, not a name: its words are taken as they are.
    spell = len(query.concepts) <= MOST_SPELLED
    answers = [
        snapshot.cached(("answer", one, language, spell), partial(_answer, snapshot, one, language, spell))
        for one in query.concepts
    ]
    if not answers:
        return Match([], NOTHING, False)
    required = [answer for answer in answers if not answer.concept.is_optional] or answers
    found = reduce(and_, (answer.all for answer in required), within)
    if len(required) > 1 and len(found) < FEW and not (found and named_so(snapshot, query)):
        most = reduce(or_, (part for share, part in _shares(required, within) if share >= ENOUGH), NOTHING)
        if len(most) > len(found):
            return Match(answers, most, True)
    return Match(answers, found, False)


def named_so(snapshot: Snapshot, query: Query) -> bool:
    """Some listing has all the words in one of its names."""
    words = tuple(word for concept in query.concepts for word in concept.stems)
    return len(words) > 1 and any(field in NAMES for field in _fields(snapshot, words))


def levels(found: Match, within: BitMap) -> Iterator[tuple[int, BitMap]]:
    """``within`` parted by how well the listings answer, with the values, best first.

    Worked out no further than it is read: the part that may still hold the best is always divided next.
    """
    steps = [_steps(answer, found.is_partial) for answer in found.answers]
    most = [0]
    for step in reversed(steps):
        most.insert(0, most[0] + max(gain for gain, _listings in step))
    waiting = [(-most[0], 0, 0, 0, within)]  # best value still possible, a tie-break, depth, value, listings
    pushed, value, level = 1, most[0], BitMap()
    while waiting:
        bound, _tie, depth, own, part = heappop(waiting)
        if -bound < value and level:
            yield value, level
            level = BitMap()
        value = -bound
        if depth == len(steps):
            level |= part
            continue
        for gain, listings in steps[depth]:
            if rest := part & listings:
                heappush(waiting, (-(own + gain + most[depth + 1]), pushed, depth + 1, own + gain, rest))
                pushed += 1
    if level:
        yield value, level


def good_ones(snapshot: Snapshot, found: Match, within: BitMap, share: float) -> BitMap:
    """Those of ``within`` whose value is at least that share of the best one's."""
    if len(found.answers) == 1:
        (answer,) = found.answers
        best = next((value for value, listings in answer.valued if within.intersect(listings)), 0)
        key = ("good", answer.concept, answer.valued[0][0] if answer.valued else 0, best, share)
        return within & snapshot.cached(key, lambda: _worth(answer.valued, best * share))
    parts = levels(found, within)
    good: list[BitMap] = []
    best = 0
    for value, level in parts:
        best = best or value
        if value < best * share:
            break
        good.append(level)
    return reduce(or_, good, BitMap())


def _worth(valued: type_of_valued, least: float) -> BitMap:
    return reduce(or_, (listings for value, listings in valued if value >= least), NOTHING)


def _steps(answer: Answer, is_partial: bool) -> type_of_valued:
    """What each part of the listings gains by one concept; where it may lack, the others gain nothing."""
    more = round(answer.weight * WHOLE) if is_partial else 0
    steps = [(more + value, listings) for value, listings in answer.valued]
    return [*steps, (0, answer.others)] if is_partial or answer.concept.is_optional else steps


def _shares(answers: list[Answer], within: BitMap) -> Iterable[tuple[float, BitMap]]:
    """``within`` by the share of the query's weight that the listings hold."""
    total = sum(answer.weight for answer in answers if answer.all) or 1.0
    parts = {0.0: within}
    for answer in answers:
        following: dict[float, BitMap] = defaultdict(BitMap)
        for share, rest in parts.items():
            hit = rest & answer.all
            following[share + answer.weight / total] |= hit
            following[share] |= rest - hit
        parts = {share: part for share, part in following.items() if part}
    return [(share, part) for share, part in parts.items() if share > 0]


def _answer(snapshot: Snapshot, concept: Concept, language: str, spell: bool) -> Answer:
    own = _fields(snapshot, concept.stems)
    meaning, spelling = concept.meaning, None
    if spell and not own and not meaning.codes and len(concept.stems) == 1:
        spelling = respelled(snapshot, concept.words[0])
    if spelling and not spelling.is_start:
        own, meaning = _fields(snapshot, spelling.phrases[0]), meaning_of(spelling.phrases[0])
    others = sorted(meaning.phrases - {concept.stems})
    others += spelling.phrases if spelling and spelling.is_start else ()
    weak = _united(_together(_fields(snapshot, phrase)) for phrase in others)
    if meaning.codes or meaning.phrases:
        own = _together(own)
    codes = [_carrying(snapshot, code) for code in sorted(meaning.codes)]
    meant = reduce(or_, codes, NOTHING)
    fields = _united([own, weak, {"c": meant}])
    everything = reduce(or_, fields.values(), NOTHING)
    return Answer(
        concept=concept,
        fields=fields,
        valued=_parted(
            everything, [*_gains(own, weak, language, len(concept.stems) > 1), *_meant(codes, meant)]
        ),
        all=everything,
        others=snapshot.live - everything,
        weight=log2((snapshot.size + 2) / (len(everything) + 1)) * (RESPELLED if spelling else 1) + 0.5,
        spelling=spelling,
    )


def _carrying(snapshot: Snapshot, code: str) -> BitMap:
    """Its listings; where a category has none, those of the one above."""
    above = labels().above
    listings = snapshot.code(code)
    while not listings and code in above:
        code = above[code]
        listings = snapshot.code(code)
    return listings


def _meant(codes: list[BitMap], meant: BitMap) -> type_of_valued:
    """Something for any of the codes, and more for each: the narrower ones stand under the wider."""
    return [(MEANT, meant), *((max(EACH // len(codes), 1), listings) for listings in codes)]


def _together(fields: type_of_fields) -> type_of_fields:
    return {field: listings for field, listings in fields.items() if field != "x"}


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
    if field == "x":
        return ACROSS
    return VALUES[field] - (1 if field in OTHER_LANGUAGE[language] else 0)


def _united(several: Iterable[type_of_fields]) -> type_of_fields:
    united: dict[str, BitMap] = defaultdict(BitMap)
    for fields in several:
        for field, listings in fields.items():
            united[field] = united[field] | listings
    return {field: listings for field, listings in united.items() if listings}


def _fields(snapshot: Snapshot, phrase: type_of_phrase) -> type_of_fields:
    """Where a listing holds all the words: together in one field, or (``x``) here and there."""
    stored = snapshot.words(phrase)
    words = [{**stored.get(word, {}), **_label_fields(snapshot, (word,))} for word in phrase]
    if len(words) == 1:
        return {field: found for field, found in words[0].items() if found}
    fields = set(words[0]).intersection(*words[1:]) if words else set()
    together = {field: reduce(and_, (word[field] for word in words)) for field in fields - LABELS}
    together |= _label_fields(snapshot, phrase)
    anywhere = [reduce(or_, word.values(), NOTHING) for word in words]
    together["x"] = reduce(and_, anywhere) if anywhere else NOTHING
    return {field: found for field, found in together.items() if found}


def _label_fields(snapshot: Snapshot, phrase: type_of_phrase) -> type_of_fields:
    """Listings with a code whose label holds the words: a category's name (``c``) or synonyms (``s``), or
    the name of a term of another vocabulary (``t``)."""
    known = labels()
    fields = {}
    for field, table in (("c", known.category), ("s", known.synonym), ("t", known.term)):
        codes = set.intersection(*(set(table.get(word, ())) for word in phrase)) if phrase else set()
        if codes:
            fields[field] = reduce(or_, map(snapshot.code, sorted(codes)), NOTHING)
    return fields
