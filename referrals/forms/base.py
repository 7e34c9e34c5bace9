"""The forms of the workflow: what every form shares, and the languages a person may speak."""

from __future__ import annotations

from directory.models import Taxonomy
from directory.vocabulary import vocabulary
from partners.plain_forms import DateField, MomentField, PlainForm, SearchForm, no_autofill, text_area

__all__ = [
    "DateField",
    "MomentField",
    "PlainForm",
    "SearchForm",
    "language_choices",
    "no_autofill",
    "text_area",
]


def language_choices() -> list[tuple[str, str]]:
    """The vocabulary's languages, in its order, in the reader's language."""
    return [(term.code, term.label) for term in vocabulary().terms(Taxonomy.LANGUAGE)]
