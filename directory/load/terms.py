"""Which terms a synthetic listing carries, and the synthetic categories."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import NamedTuple
from uuid import UUID

import numpy as np

from directory.load import words
from directory.models import Taxonomy, TaxonomyTerm

CATEGORIES = 300
PREFIX = "load-"
LARGEST_POSITION = 100_000


class Share(NamedTuple):
    """How many terms of a taxonomy a listing carries: the share with none, with one, with two ..."""

    taxonomy: Taxonomy
    counts: tuple[float, ...]


SHARES = (
    Share(Taxonomy.CATEGORY, (0.0, 0.55, 0.35, 0.1)),
    Share(Taxonomy.POPULATION, (0.25, 0.4, 0.25, 0.1)),
    Share(Taxonomy.GENDER, (0.35, 0.65)),
    Share(Taxonomy.TOPIC, (0.5, 0.35, 0.15)),
    Share(Taxonomy.BARRIER, (0.6, 0.3, 0.1)),
    Share(Taxonomy.INTAKE, (0.4, 0.4, 0.2)),
    Share(Taxonomy.COST, (0.4, 0.6)),
    Share(Taxonomy.SETTING, (0.7, 0.3)),
    Share(Taxonomy.LEVEL, (0.9, 0.1)),
    Share(Taxonomy.ACCESSIBILITY, (0.7, 0.2, 0.1)),
    Share(Taxonomy.PHASE, (0.95, 0.05)),
)


class Term(NamedTuple):
    id: UUID
    name_en: str
    name_fr: str


Terms = dict[Taxonomy, list[Term]]


def add_categories() -> None:
    """Leaves below the real tree until there are 300 categories. Idempotent."""
    tree = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY)
    real = list(tree.exclude(code__startswith=PREFIX).order_by("position", "code"))
    above = cycle([term for term in real if term.parent_id] or [None])
    numbers = range(max(CATEGORIES - len(real), 0))
    # From the middle of the vocabulary: neither everywhere nor unheard of.
    names = {code: words.vocabulary(code)[1000 : 1000 + 2 * len(numbers)] for code in ("en", "fr")}
    TaxonomyTerm.objects.bulk_create(
        [
            TaxonomyTerm(
                taxonomy=Taxonomy.CATEGORY,
                code=f"{PREFIX}{number:03}",
                parent=next(above),
                name_en=" ".join(names["en"][2 * number : 2 * number + 2]).capitalize(),
                name_fr=" ".join(names["fr"][2 * number : 2 * number + 2]).capitalize(),
                position=LARGEST_POSITION + number,
            )
            for number in numbers
        ],
        ignore_conflicts=True,
    )


def terms() -> Terms:
    """What a listing can carry, the commonest first. Categories with others below them carry nothing."""
    found: Terms = {}
    rows = TaxonomyTerm.objects.filter(children=None).order_by("taxonomy", "position", "code")
    for term in rows:
        found.setdefault(Taxonomy(term.taxonomy), []).append(Term(term.pk, term.name_en, term.name_fr))
    leaves = found[Taxonomy.CATEGORY]
    found[Taxonomy.CATEGORY] = leaves[::3] + leaves[1::3] + leaves[2::3]  # real and synthetic in turn
    return found


def draw(rng: np.random.Generator, known: Terms, count: int) -> Iterator[tuple[Taxonomy, list[list[Term]]]]:
    """For each taxonomy the terms of each of ``count`` listings, by Zipf's law."""
    for taxonomy, counts in SHARES:
        options = known[taxonomy]
        weights = 1 / (np.arange(len(options)) + 3.0)
        many = np.searchsorted(np.cumsum(counts), rng.random(count)).tolist()
        picks = rng.choice(len(options), (count, len(counts) - 1), p=weights / weights.sum()).tolist()
        yield (
            taxonomy,
            [
                [options[pick] for pick in dict.fromkeys(row[:number])]
                for row, number in zip(picks, many, strict=True)
            ],
        )
