"""Marks in a text the words that a search looked for."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from directory.folding import normalise
from directory.search.text import OPTIONAL, stem

_OPTIONAL = frozenset(map(stem, OPTIONAL))
# An accent that is written as a character of its own belongs to the word before it.
WORD = re.compile(r"[\w\u0300-\u036f]+")


class Highlighted(NamedTuple):
    """``html`` is escaped and can stand in a page as it is."""

    html: SafeString
    has_marks: bool


def telling(looked_for: Set[str]) -> Set[str]:
    """Without the words that say little beside others, such as "service"."""
    return looked_for - _OPTIONAL or looked_for


def highlight(text: str, looked_for: Set[str]) -> Highlighted:
    """Words go by their stem, as in the index: ``looked_for`` holds the stems of a search."""
    html, end = SafeString(""), 0
    for start, stop in _spans(text, looked_for):
        html += escape(text[end:start]) + format_html("<mark>{}</mark>", text[start:stop])
        end = stop
    return Highlighted(html + escape(text[end:]), has_marks=end > 0)


def _spans(text: str, looked_for: Set[str]) -> list[tuple[int, int]]:
    """Where the words stand; neighbours are one span."""
    found: list[tuple[int, int]] = []
    for word in WORD.finditer(text) if looked_for else ():
        start, stop = word.span()
        if any(stem(part) in looked_for for part in normalise(word[0]).split()):
            if found and text[found[-1][1] : start].isspace():
                start = found.pop()[0]
            found.append((start, stop))
    return found
