"""Every text has a French translation, set as Canadian French is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from partners import localization

CATALOG = Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES" / "django.po"
TYPOGRAPHY = {
    "a straight apostrophe": re.compile(r"\w'\w"),
    "a breaking space before a colon": re.compile(r" :(?!/)"),
    "no space before a colon": re.compile(r"[^\W\d]:(?=\s|$)"),
    "a space before ? ! or ;": re.compile(r"[\s\u00a0\u202f][?!;]"),
    "straight or English quotes": re.compile(r'(?<![=\w])"\w|[“”]'),
    "a breaking space inside « »": re.compile("«[^\u00a0\u202f]|[^\u00a0\u202f]»"),
}


def faults(french: str) -> list[str]:
    return [name for name, pattern in TYPOGRAPHY.items() if pattern.search(french)]


def test_the_catalogue_is_complete_and_compiled() -> None:
    call_command("messages", check=True)


def test_french_is_set_as_french() -> None:
    messages = localization.texts(localization.read(CATALOG))
    wrong = {
        text: faults(text)
        for message in messages
        for text in ([message.string] if isinstance(message.string, str) else message.string)
        if faults(text)
    }

    assert messages
    assert wrong == {}


@pytest.mark.parametrize(
    ("french", "fault"),
    [
        ("l'aide", "a straight apostrophe"),
        ("Statut : envoyé", "a breaking space before a colon"),
        ("Statut: envoyé", "no space before a colon"),
        ("Vraiment ?", "a space before ? ! or ;"),
        ("“Oui”", "straight or English quotes"),
        ("« oui »", "a breaking space inside « »"),
    ],
)
def test_a_planted_fault_is_found(french: str, fault: str) -> None:
    assert fault in faults(french)


@pytest.mark.parametrize(
    "french",
    ["l’aide", "Statut\u00a0: envoyé", "Vraiment?", "«\u00a0oui\u00a0»", "https://exemple.ca", "à 8:30"],
)
def test_what_is_right_is_left_alone(french: str) -> None:
    assert faults(french) == []
