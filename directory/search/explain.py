"""Why a listing was found, and what was meant where a word was misspelt."""

from __future__ import annotations

import re
from typing import NamedTuple

from pyroaring import BitMap
from rapidfuzz.distance import OSA

from directory.folding import normalise
from directory.models import Service
from directory.search.labels import labels
from directory.search.matching import Answer, Match
from directory.search.snapshot import Snapshot
from directory.search.text import stem

# Fields of the index, by the name that the reader is told, the most telling first.
TOLD = {
    "n": "name",
    "m": "name",
    "a": "alias",
    "c": "category",
    "s": "category",
    "t": "category",
    "o": "organization",
    "p": "place",
    "d": "description",
    "e": "description",
    "x": "description",
}
MATCHED = tuple(dict.fromkeys(TOLD.values()))
WORD = re.compile(r"\w+")
READ = 3


class Respelling(NamedTuple):
    """``typed`` is found nowhere; ``meant`` was looked for instead."""

    typed: str
    meant: str


def matched(match: Match, numbers: list[int]) -> dict[int, tuple[str, ...]]:
    """Where each of these listings answers the query, by the names that are told, the most telling first."""
    if not match.answers:
        return dict.fromkeys(numbers, ())
    told: dict[int, dict[str, None]] = {number: {} for number in numbers}
    page = BitMap(numbers)
    held = [(one.by_field(), page & one.visible) for answer in match.answers for one in answer.held]
    for field, name in TOLD.items():
        for fields, here in held:
            for listings in fields.get(field, ()):
                for number in here & listings if here.intersect(listings) else ():
                    told[number][name] = None
    return {number: tuple(names) for number, names in told.items()}


def respellings(snapshot: Snapshot, match: Match) -> tuple[Respelling, ...]:
    misspelt = [one for one in match.answers if one.spelling and not one.spelling.is_start]
    words = _words_of(snapshot, misspelt) if misspelt else set()
    return tuple(Respelling(one.concept.words[0], _spoken(one, words)) for one in misspelt)


def looked_for(match: Match) -> frozenset[str]:
    """Every stem that the query looked for, to mark in what is shown."""
    found: set[str] = set()
    for answer in match.answers:
        found.update(answer.concept.stems, *answer.concept.meaning.phrases)
        found.update(*(answer.spelling.phrases if answer.spelling else ()))
    return frozenset(found)


def _words_of(snapshot: Snapshot, answers: list[Answer]) -> set[str]:
    """The words of the names and texts of some listings that hold what was meant. One statement."""
    ids = {snapshot.id_of(number) for answer in answers for number in answer.all[:READ]}
    texts = ("name_en", "name_fr", "summary_en", "summary_fr", "description_en", "description_fr")
    rows = Service.objects.filter(pk__in=ids).order_by("pk").values_list(*texts)
    return {word.lower() for row in rows for text in row for word in WORD.findall(text)}


def _spoken(answer: Answer, words: set[str]) -> str:
    """The word itself: a stem is none."""
    ((meant,),) = answer.spelling.phrases if answer.spelling else (("",),)
    typed = answer.concept.words[0]
    fitting = [word for word in words if stem(normalise(word)) == meant]
    fitting.sort(key=lambda word: (OSA.distance(normalise(word), typed), word))
    return fitting[0] if fitting else labels().spoken.get(meant, meant)
