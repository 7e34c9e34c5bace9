"""The words by which the codes of the vocabularies are known, and what each phrase leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from directory.folding import normalise
from directory.models import Taxonomy, TaxonomyTerm
from directory.search.synonyms import groups
from directory.search.text import content_words, stem, stems

LONGEST_PHRASE = 7
# Vocabularies whose names people search by.
SPOKEN = (
    Taxonomy.CATEGORY,
    Taxonomy.POPULATION,
    Taxonomy.TOPIC,
    Taxonomy.INTAKE,
    Taxonomy.BARRIER,
    Taxonomy.COST,
    Taxonomy.LANGUAGE,
)
type_of_phrase = tuple[str, ...]


class Meaning(NamedTuple):
    """What a phrase of a query stands for besides its own words: other phrases, and codes."""

    phrases: frozenset[type_of_phrase]
    codes: frozenset[str]


class Labels(NamedTuple):
    """``category``, ``synonym``, ``term``: a stem to the codes whose label holds it; ``spoken``: to its word.

    A category's names and its synonyms are told apart; of the other vocabularies the names count.
    ``above``: a category's code to that of the one it stands under.
    """

    category: dict[str, frozenset[str]]
    synonym: dict[str, frozenset[str]]
    term: dict[str, frozenset[str]]
    meanings: dict[type_of_phrase, Meaning]
    spoken: dict[str, str]
    above: dict[str, str]


@cache
def labels() -> Labels:
    """Read once a process: the packaged taxonomies change with a migration only."""
    tables: dict[str, dict[str, set[str]]] = {table: defaultdict(set) for table in Labels._fields[:3]}
    phrases: dict[type_of_phrase, set[type_of_phrase]] = defaultdict(set)
    codes: dict[type_of_phrase, set[str]] = defaultdict(set)
    spoken: dict[str, str] = {}
    for code, table, text in _texts():
        words = normalise(text).split()
        for word in words:
            tables[table][stem(word)].add(code)
            spoken.setdefault(stem(word), word)
        if words and table != "term":
            codes[stems(words)].add(code)
    for group in groups():
        meant = {f"{Taxonomy.CATEGORY}:{code}" for code in group.categories}
        own = {stems(content_words(phrase)) for phrase in group.phrases}
        for phrase in (*group.phrases, *group.asks):
            phrases[stems(phrase)] |= own
            codes[stems(phrase)] |= meant
            spoken.update((stem(word), word) for word in phrase if stem(word) not in spoken)
    return Labels(
        **{name: {word: frozenset(met) for word, met in table.items()} for name, table in tables.items()},
        meanings={
            key: Meaning(frozenset(phrases.get(key, ())), frozenset(codes.get(key, ())))
            for key in phrases.keys() | codes.keys()
            if len(key) <= LONGEST_PHRASE
        },
        spoken=spoken,
        above={f"{Taxonomy.CATEGORY}:{code}": f"{Taxonomy.CATEGORY}:{parent}" for code, parent in _tree()},
    )


def _tree() -> Iterator[tuple[str, str]]:
    below = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY, parent__isnull=False).order_by("code")
    return below.values_list("code", "parent__code").iterator()


def _texts() -> Iterator[tuple[str, str, str]]:
    """Each name and synonym with its code and its table."""
    terms = TaxonomyTerm.objects.filter(taxonomy__in=SPOKEN).order_by("taxonomy", "position", "code")
    for term in terms:
        code = f"{term.taxonomy}:{term.code}"
        for name in (term.name_en, term.name_fr):
            yield code, "category" if term.taxonomy == Taxonomy.CATEGORY else "term", name
        for word in (*term.synonyms_en, *term.synonyms_fr):
            yield code, "synonym", word
