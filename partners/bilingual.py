"""Content in two languages: ``*_en`` and ``*_fr`` columns, and the other one where one is missing."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import get_language

LANGUAGES = ("en", "fr")
HTML_LANGUAGES = {"en": "en-CA", "fr": "fr-CA"}


class Localized(NamedTuple):
    """A text and the language it is really in, which is not always the reader's."""

    text: str
    language: str

    @property
    def is_fallback(self) -> bool:
        return bool(self.text) and self.language != reader_language()


def reader_language() -> str:
    """``en`` or ``fr``, from the active translation."""
    return "fr" if (get_language() or "en").startswith("fr") else "en"


def other_than(language: str) -> str:
    return "en" if language == "fr" else "fr"


def language_of(field: str) -> str:
    """``en`` or ``fr`` by the end of a field's name; empty where it holds no text of one language."""
    start, _, language = field.rpartition("_")
    return language if start and language in LANGUAGES else ""


def localized(obj: Any, field: str, language: str | None = None) -> Localized:
    """``obj.<field>_<language>``, or the other language's text where that one is empty."""
    wanted = language or reader_language()
    for candidate in (wanted, other_than(wanted)):
        text = getattr(obj, f"{field}_{candidate}")
        if text:
            return Localized(text, candidate)
    return Localized("", wanted)
