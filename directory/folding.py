"""One normal form of text for the index and for the query, the same on both databases.

Neither database folds French and English alike, so nothing is left to them: what is stored and what
is asked for pass through ``normalise``.
"""

from __future__ import annotations

import re
import unicodedata

# Every way of writing 2SLGBTQI+, 2ELGBTQI+, LGBTQ2S and their shorter and longer forms.
DIVERSITY = re.compile(r"\b(?:2[se] ?)?lgb[a-z0-9]*")
DIVERSITY_WORD = "2slgbtqi"
POSTAL_CODE = re.compile(r"\b([a-z][0-9][a-z]) ([0-9][a-z][0-9])\b")
LIGATURES = {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"}


def normalise(text: str) -> str:
    """Lower case, without accents, ligatures, apostrophes, hyphens and other marks; one space between.

    Postal codes become one word (``r2w2m2``). All forms of 2SLGBTQI+ and 2ELGBTQI+ become one word.
    Normalising twice changes nothing.
    """
    parts = text.translate(_FOLDED).split()
    words = " ".join(parts)
    if "lgb" not in words and all(map(str.isalpha, parts)):
        return words
    return DIVERSITY.sub(DIVERSITY_WORD, POSTAL_CODE.sub(r"\1\2", words))


class _Folded(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    """Letters and digits without their marks, a space for everything else, nothing for a mark alone."""
    previous, text = None, character
    while text != previous:  # a few letters need a second pass before nothing changes any more
        previous = text
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(LIGATURES.get(c, c) for c in decomposed if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in text)


_FOLDED = _Folded()
