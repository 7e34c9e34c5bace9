"""The French of the interface keeps the spaces and signs of Canadian French."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from partners import localization

FAULTS = {
    "a straight apostrophe": r"\w'\w",
    "no no-break space before a colon": r"[^\u00a0]:(?=\s|$)",
    "no no-break space inside guillemets": r"«[^\u00a0]|[^\u00a0]»",
    "a space before ? ! or ;": r"[\s\u00a0][?!;]",
    "English quotation marks": r"[“”]",
    "a space where a unit may break off": r"\d (?:km|h|%|\$)(?:\W|$)",
}


@pytest.fixture(scope="module")
def french() -> list[str]:
    catalog = localization.read(Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES" / "django.po")
    return [
        words
        for message in localization.texts(catalog)
        for words in ([message.string] if isinstance(message.string, str) else message.string or [])
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_french_texts_have_no(fault: str, french: list[str]) -> None:
    assert french
    assert [words for words in french if re.search(FAULTS[fault], words)] == []
