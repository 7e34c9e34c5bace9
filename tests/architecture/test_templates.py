"""Templates compile, carry no inline script or style, and never reach through a referral to a client."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.template.loader import get_template

from tests.architecture.source import ROOT, templates

FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "another host": re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.I
    ),
    "the client file": re.compile(r"{[{%][^}]*\.client\.[^}]*[%}]}"),
    "escaping off": re.compile(r"\|\s*safe\b|autoescape off"),
}
PATHS = list(templates())

WORDS = re.compile(r"[^\W\d_]{2,}")
READ_ALOUD = re.compile(
    r"""\s(?:title|alt|aria-label|aria-description|placeholder)\s*=\s*("[^"]*"|'[^']*')"""
)
# A phrase that names its own language is meant to be in it.
OWN_LANGUAGE = re.compile(r"<(a|span)\b[^>]*\slang=[^>]*>.*?</\1>", re.DOTALL)
NO_TEXT = re.compile(r"<!--.*?-->|<[^>]*>|&\w+;", re.DOTALL)
SAME_IN_BOTH = {"Relais", "geonames", "org"}
# For those who change the pages, and closed outside of debugging.
ENGLISH_ONLY = {"directory/styleguide.html"}


def faults(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def untranslated(text: str) -> list[str]:
    """Words that reach the page without passing through a translation."""
    page, hidden = "", ""
    for token in Lexer(text).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.token_type is TokenType.BLOCK else ""
        if name in {"blocktranslate", "comment"}:
            hidden = name
        elif name == f"end{hidden}":
            hidden = ""
        elif token.token_type is TokenType.TEXT and not hidden:
            page += token.contents
        elif token.token_type is TokenType.VAR:
            page += "0"
    page = OWN_LANGUAGE.sub(" ", page)
    heard = " ".join(READ_ALOUD.findall(page))
    return [word for word in WORDS.findall(f"{heard} {NO_TEXT.sub(' ', page)}") if word not in SAME_IN_BOTH]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template_keeps_the_rules(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert faults(text) == []
    assert len(text.splitlines()) < 300
    name = path.as_posix().split("/templates/", 1)[1]
    get_template(name)
    if name not in ENGLISH_ONLY:
        assert untranslated(text) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<script>go()</script>", "inline script"),
        ("<script defer>go()</script>", "inline script"),
        ('<p class="a" style="color: red">', "inline style"),
        ("<style>p {}</style>", "inline style"),
        ('<a href="x" onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "script address"),
        ('<img src="https://elsewhere.example/x.png">', "another host"),
        ('<link rel="stylesheet" href="//elsewhere.example/x.css">', "another host"),
        ("{{ referral.client.chosen_name }}", "the client file"),
        ("{% if referral.client.health %}", "the client file"),
        ("{{ text|safe }}", "escaping off"),
    ],
)
def test_a_planted_fault_is_found(text: str, fault: str) -> None:
    assert fault in faults(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ('<img src="/x.png" alt="River">', ["River"]),
        ('<html lang="en"><p>Hello</p></html>', ["Hello"]),
        ('<span lang="fr">Le même texte</span>', []),
        ("{% if found %}Yes{% endif %}", ["Yes"]),
        ('{% translate "Hello" %}, {{ name }}: {% blocktranslate %}Welcome{% endblocktranslate %}', []),
        ('<p class="soft">{# a note #}{% comment %}Another{% endcomment %}&nbsp;Relais</p>', []),
        ("<a href=\"{% url 'x' %}\" title=\"{% translate 'Home' %}\">{{ name }}</a>", []),
    ],
)
def test_untranslated_words_are_found(text: str, words: list[str]) -> None:
    assert untranslated(text) == words


def test_what_is_allowed_is_left_alone() -> None:
    text = '<script src="/static/x.js" defer></script><a href="https://news.example">{{ client.code }}</a>'

    assert faults(text) == []
