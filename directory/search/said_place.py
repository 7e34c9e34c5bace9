"""A place said in the one box: «detox near R2W», «food bank north end», or a postal code alone."""

from __future__ import annotations

import re
from typing import NamedTuple

from directory.folding import normalise
from directory.gazetteer import HOME_PROVINCE
from directory.places import Place, find_place
from partners.errors import Invalid

LONGEST = 200
MOST_WORDS = 4
POSTAL_CODE = re.compile(r"[a-z]\d[a-z](?:[ -]?\d[a-z]\d)?", re.IGNORECASE)
# Both languages, whichever the page is in.
NEAR = re.compile(
    r"(?P<q>(?:.*\s)?)(?:near\s|close to\s|around\s|pr[eè]s d[eu]\s|pr[eè]s d[’']|proche de\s|autour de\s)"
    r"(?P<near>.+)",
    re.IGNORECASE | re.DOTALL,
)
# What may stand before a place without being part of it.
LEADING_WORDS = "a à au aux around at dans de du en in la le les near pres sur vers"
LEADING = frozenset(LEADING_WORDS.split())


class Said(NamedTuple):
    """``q``: what is left of the text; ``near``: the place as it was said."""

    q: str
    near: str


def said_plainly(text: str) -> Said | None:
    """A postal code alone, or a known place after «near»: it can mean nothing else."""
    if len(text) > LONGEST:
        return None
    if POSTAL_CODE.fullmatch(text.strip()) and _place(text):
        return Said("", text.strip())
    said = NEAR.fullmatch(text)
    if said and _place(said["near"]):
        return Said(said["q"].strip(), said["near"].strip())
    return None


def said_last(text: str) -> Said | None:
    """The last words are a postal code, a part of a city or a town of the home province."""
    words = text.split() if len(text) <= LONGEST else []
    for count in range(min(MOST_WORDS, len(words) - 1), 0, -1):
        near = " ".join(words[-count:])
        place = _place(near)
        if place and (place.kind != "place" or place.province == HOME_PROVINCE):
            rest = words[:-count]
            while rest and normalise(rest[-1]) in LEADING:
                rest.pop()
            return Said(" ".join(rest), near) if rest else None
    return None


def _place(text: str) -> Place | None:
    """Known here: what is typed into this box is sent to nobody."""
    try:
        return find_place(text, ask=False)
    except Invalid:
        return None
