"""The words of a query."""

from __future__ import annotations

from directory.folding import normalise

__all__ = ["normalise", "query_words"]

SHORTEST_PLURAL = 4

# Words of a sentence that name nothing. They are dropped from a query that has other words.
ENGLISH = {"a", "an", "and", "any", "at", "by", "for", "from", "how", "i", "in", "is", "me", "my", "near"}
ENGLISH |= {"no", "of", "on", "or", "the", "to", "with"}
FRENCH = {"d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour", "pres", "que"}
FRENCH |= {"qui", "un", "une", "y"}
STOP_WORDS = ENGLISH | FRENCH


def query_words(text: str) -> list[str]:
    """The words that a listing must hold, each as the start of one of its words.

    A plural ``s`` goes: the start of a word without it finds both forms, in both languages.
    """
    words = normalise(text).split()
    telling = [word for word in words if word not in STOP_WORDS] or words
    return list(dict.fromkeys(_singular(word) for word in telling))


def _singular(word: str) -> str:
    plural = len(word) >= SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural and word.isalpha() else word
