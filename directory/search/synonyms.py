"""Words that mean the same to a person who searches, in both languages, from the packaged table."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from directory.folding import normalise
from directory.taxonomies import rows

Phrase = tuple[str, ...]


class Group(NamedTuple):
    """Phrases that stand for one another, as normalised words, both languages together.

    ``asks`` lead to the group and are never looked for in a listing themselves.
    """

    code: str
    phrases: tuple[Phrase, ...]
    asks: tuple[Phrase, ...]
    categories: tuple[str, ...]


@cache
def groups() -> tuple[Group, ...]:
    """All groups, in the order of the table."""
    return tuple(
        Group(
            code=row["group"],
            phrases=_phrases(row["words_en"], row["words_fr"]),
            asks=_phrases(row["asks_en"], row["asks_fr"]),
            categories=tuple(_cell(row["categories"])),
        )
        for row in rows("synonyms.csv")
    )


def _cell(text: str) -> list[str]:
    """The entries of one cell of the table."""
    return [entry for entry in text.split("|") if entry]


def _phrases(*cells: str) -> tuple[Phrase, ...]:
    """Normalised words of each entry; one written alike in both languages is kept once."""
    entries = (tuple(normalise(entry).split()) for text in cells for entry in _cell(text))
    return tuple(dict.fromkeys(entries))
