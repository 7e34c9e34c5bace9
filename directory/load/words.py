"""Words by frequency, in both languages: a few real ones first, then invented ones, always the same.

Zipf's law with Mandelbrot's shift: the first content word stands in about every fourth text.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from directory.folding import normalise
from directory.taxonomies import rows

SIZE = 25_000  # in each language
SHIFT = 2.7
SHORTEST = 4
LETTERS = re.compile(r"[^\W\d_]+")
# How often they stand here, the grammar of a language needs; nobody searches for them.
GRAMMAR = {
    "en": ("the", "and", "for", "of", "to", "with", "in", "a", "or", "who"),
    "fr": ("de", "la", "et", "les", "pour", "des", "le", "en", "aux", "qui"),
}
COMMON = {
    "en": ("shelter", "housing", "food", "help", "family", "health", "counselling", "crisis", "youth"),
    "fr": ("refuge", "hébergement", "logement", "aide", "famille", "santé", "soutien", "crise", "jeunes"),
}
ONSETS = {"en": "b d f g h k l m n p r s t w sh th", "fr": "b c d f g j l m n p r s t v ch gn"}
RHYMES = {"en": "ack en ill ob um ay ee ow", "fr": "a é i eau ou an on elle"}

Ranks = NDArray[np.int64]


@cache
def vocabulary(language: str) -> tuple[str, ...]:
    """``SIZE`` different words, the commonest first."""
    known = dict.fromkeys((*GRAMMAR[language], *COMMON[language], *_real(language), *_invented(language)))
    return tuple(known)[:SIZE]


@cache
def content_from(language: str) -> int:
    """The rank of the first word that says something."""
    return len(GRAMMAR[language])


@cache
def _steps(first: int) -> NDArray[np.float64]:
    weights = 1 / (np.arange(first, SIZE) + SHIFT)
    return np.cumsum(weights / weights.sum())


def draw(rng: np.random.Generator, shape: tuple[int, int], first: int = 0) -> Ranks:
    """Ranks by Zipf's law, from ``first`` on."""
    ranks = np.searchsorted(_steps(first), rng.random(shape)) + first
    return np.minimum(ranks, SIZE - 1)


def texts(language: str, ranks: Ranks) -> list[str]:
    """One text for each row of ranks."""
    known = vocabulary(language)
    return [" ".join([known[rank] for rank in row]) for row in ranks.tolist()]


def _real(language: str) -> list[str]:
    """What the categories are called and searched by."""
    found: Counter[str] = Counter()
    for row in rows("categories.csv"):
        text = f"{row[f'name_{language}']} {row[f'synonyms_{language}']}"
        found.update(word.lower() for word in LETTERS.findall(text) if len(word) >= SHORTEST)
    plain = [word for word in found if normalise(word).isalpha() and not normalise(word).startswith("lgb")]
    return sorted(plain, key=lambda word: (-found[word], word))


def _invented(language: str) -> list[str]:
    syllables = ["".join(pair) for pair in product(ONSETS[language].split(), RHYMES[language].split())]
    spread = syllables[::5] + syllables[1::5] + syllables[2::5] + syllables[3::5] + syllables[4::5]
    pairs = ["".join(pair) for pair in product(spread, repeat=2)]
    return pairs + [f"{pair}{last}" for last in spread[:2] for pair in pairs]
