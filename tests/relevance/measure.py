"""How well a search answers the judged queries: nDCG at ten, by query and by language."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import fmean
from typing import Any

CUTOFF = 10
FILES = {"en": "english.json", "fr": "french.json"}

# A judged query ("q", "near", "kind", "judged": {record key: 3, 2 or 1}); a key not judged is worth nothing.
Query = dict[str, Any]
# Takes the query and the reader's language, answers record keys, best first.
Search = Callable[[Query, str], list[str]]


@dataclass(frozen=True)
class Scored:
    """One query, what was found for it, and how good that is, from 0 to 1."""

    language: str
    query: Query
    found: tuple[str, ...]
    score: float

    def __str__(self) -> str:
        judged = self.query["judged"]
        found = ", ".join(f"{key}={judged.get(key, 0)}" for key in self.found[:CUTOFF])
        missed = ", ".join(key for key, grade in judged.items() if grade == 3 and key not in self.found)
        near = f" near {self.query['near']}" if self.query["near"] else ""
        return (
            f"{self.score:.2f} {self.language} [{self.query['kind']}] {self.query['q']}{near}\n"
            f"       found: {found or 'nothing'}\n"
            f"       best ones missing: {missed or 'none'}"
        )


@dataclass(frozen=True)
class Report:
    scores: tuple[Scored, ...]

    @property
    def empty(self) -> list[Scored]:
        """The queries that found nothing at all; every query of the set has an answer."""
        return [scored for scored in self.scores if not scored.found]

    def mean(self, language: str) -> float:
        return fmean(scored.score for scored in self.scores if scored.language == language)

    def worst(self, language: str, count: int = 15) -> str:
        ours = sorted((s for s in self.scores if s.language == language), key=lambda s: s.score)
        return "\n".join(str(scored) for scored in ours[:count])


def queries(language: str) -> list[Query]:
    text = Path(__file__).with_name(FILES[language]).read_text(encoding="utf-8")
    loaded: list[Query] = json.loads(text)
    return loaded


def ndcg(found: Sequence[str], judged: Mapping[str, int], cutoff: int = CUTOFF) -> float:
    """Gain 2^grade - 1, discounted by log2(rank + 1), over the best order possible.

    A key counts once, however often it is found. At least one key must be judged.
    """
    left = dict(judged)
    reached = _discounted([left.pop(key, 0) for key in found[:cutoff]])
    return reached / _discounted(sorted(judged.values(), reverse=True)[:cutoff])


def _discounted(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def evaluate(search: Search) -> Report:
    scores = []
    for language in FILES:
        for query in queries(language):
            found = tuple(search(query, language))
            scores.append(Scored(language, query, found, ndcg(found, query["judged"])))
    return Report(tuple(scores))
