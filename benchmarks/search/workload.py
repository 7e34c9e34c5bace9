"""What is asked: random parameter sets of each kind, the same for every database and size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from directory.load import spots, terms, words
from directory.taxonomies import rows

ADDRESS = "/api/v1/services/"
NULL, NULL_BYTES = "null", "null_bytes"
COMMONEST = 100
RANDOM_FROM = 200
NEAR_WORDS = 3_000
Params = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """One kind of query: its name in the table, and how one set of parameters is drawn."""

    key: str
    name: str
    draw: Callable[[np.random.Generator], Params]

    def sets(self, seed: int, count: int) -> list[Params]:
        """Another seed for each round, so that no answer is one that was given before."""
        rng = np.random.default_rng([seed, *self.key.encode()])
        return [self.draw(rng) for _ in range(count)]


def address(params: Params) -> str:
    return f"{ADDRESS}?{urlencode(params)}" if params else ADDRESS


def word(rng: np.random.Generator, last: int = NEAR_WORDS) -> str:
    """A content word of either language by Zipf's law, no rarer than the ``last`` one."""
    language = str(rng.choice(["en", "fr"]))
    first = words.content_from(language)
    rank = int(words.draw(rng, (1, 1), first)[0, 0])
    return words.vocabulary(language)[rank if rank < last else first + rank % (last - first)]


def spot(rng: np.random.Generator) -> str:
    """A postal area, drawn by people."""
    return spots.gazetteer().postal[spots.draw(rng, 1).postal[0]]


def leaf(rng: np.random.Generator) -> str:
    """A category that listings carry, as often as they carry it."""
    made = terms.CATEGORIES - len(rows("categories.csv"))
    codes = [f"{terms.PREFIX}{number:03}" for number in range(made)]
    codes = codes[::3] + codes[1::3] + codes[2::3]  # the order in which terms.draw prefers them
    weights = 1 / (np.arange(made) + 3.0)
    return codes[int(rng.choice(made, p=weights / weights.sum()))]


def branch(rng: np.random.Generator) -> str:
    """A category of the real tree, found by those below it."""
    codes = [row["code"] for row in rows("categories.csv")]
    return codes[int(rng.integers(len(codes)))]


def _population(rng: np.random.Generator) -> str:
    return str(
        rng.choice([row["code"] for row in rows("vocabularies.csv") if row["vocabulary"] == "population"])
    )


def _everything(rng: np.random.Generator) -> Params:
    return {
        "q": word(rng, 300),
        "population": _population(rng),
        "age": str(rng.integers(14, 70)),
        "open_now": "true",
        "near": spot(rng),
    }


def _common(rng: np.random.Generator) -> Params:
    language = str(rng.choice(["en", "fr"]))
    first = words.content_from(language)
    return {"q": words.vocabulary(language)[first + int(rng.integers(COMMONEST))]}


def _random(rng: np.random.Generator) -> Params:
    language = str(rng.choice(["en", "fr"]))
    return {"q": words.vocabulary(language)[int(rng.integers(RANDOM_FROM, words.SIZE))]}


KINDS = (
    Kind("keyword_near", "keyword + near", lambda rng: {"q": word(rng), "near": spot(rng)}),
    Kind("category_near", "category + near", lambda rng: {"category": leaf(rng), "near": spot(rng)}),
    Kind(
        "branch_near",
        "category and all below it + near",
        lambda rng: {"category": branch(rng), "near": spot(rng)},
    ),
    Kind("everything", "keyword, population, age, open now, near", _everything),
    Kind("common", "text by relevance, the 100 commonest words", _common),
    Kind("random", "text by relevance, random words", _random),
    Kind("facets", "keyword with all facet counts", lambda rng: {"q": word(rng), "facets": "true"}),
    Kind("facets_near", "keyword + near with all facet counts", lambda rng: {**_near(rng), "facets": "true"}),
    Kind("list", "list without filters", lambda rng: {}),
)
MIXED = ("keyword_near", "category_near", "everything", "common", "random", "list")


def _near(rng: np.random.Generator) -> Params:
    return {"q": word(rng), "near": spot(rng)}


def mixed(seed: int, count: int) -> list[str]:
    """The kinds of ``MIXED`` in turn."""
    sets = [kind.sets(seed, count) for kind in KINDS if kind.key in MIXED]
    return [address(params) for some in zip(*sets, strict=True) for params in some]
