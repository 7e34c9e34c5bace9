"""Marks on the words that were looked for: by stem, escaped, whatever the text."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.folding import normalise
from directory.highlight import highlight, telling
from directory.search.text import stem


def stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in normalise(text).split())


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("Community detox", "detox", "Community <mark>detox</mark>"),
        ("Shelters for women", "shelter woman", "<mark>Shelters</mark> for <mark>women</mark>"),
        ("Aide à l'hébergement", "hebergement", "Aide à l&#x27;<mark>hébergement</mark>"),
        ("Aide à l’hébergement", "HÉBERGEMENTS", "Aide à l’<mark>hébergement</mark>"),
        ("Cafe\u0301 du coin", "café", "<mark>Cafe\u0301</mark> du coin"),
        ("Un cœur d’or", "coeur", "Un <mark>cœur</mark> d’or"),
        ("For 2SLGBTQI+ youth", "lgbtq", "For <mark>2SLGBTQI</mark>+ youth"),
        ("Youth shelter, a bed", "youth shelter bed", "<mark>Youth shelter</mark>, a <mark>bed</mark>"),
        ("Sheltering", "shel", "Sheltering"),
        ("Tom & Jane <b>bed</b>", "bed", "Tom &amp; Jane &lt;b&gt;<mark>bed</mark>&lt;/b&gt;"),
        ("", "bed", ""),
        ("A bed", "", "A bed"),
    ],
)  # fmt: skip
def test_words_are_marked_by_their_stem(text: str, asked: str, shown: str) -> None:
    found = highlight(text, stems(asked))
    assert found.html == shown
    assert found.has_marks is ("<mark>" in shown)


@pytest.mark.parametrize("word", ["mark", "script", "amp", "lt", "x27", "39", "b", "onerror"])
@pytest.mark.parametrize(
    "text", ["<script>alert('x')</script>", "<img onerror=b &amp; '\">", "<mark>&lt;</mark>"]
)
def test_nothing_hostile_survives(text: str, word: str) -> None:
    found = highlight(text, frozenset({word}))
    bare = re.sub(r"</?mark>", "", found.html)
    assert "<" not in bare
    assert html.unescape(bare) == text


@given(st.text(), st.sets(st.text(max_size=4), max_size=4))
def test_without_its_marks_it_is_the_escaped_text(text: str, looked_for: set[str]) -> None:
    found = highlight(text, looked_for | {stem(word) for word in normalise(text).split()[:2]})
    bare = found.html.replace("<mark>", "").replace("</mark>", "")
    assert html.unescape(bare) == text
    assert not re.search(r"[<>\"']", bare)


def test_words_that_say_little_are_marked_only_if_nothing_else_was_asked() -> None:
    assert telling(stems("withdrawal service")) == stems("withdrawal")
    assert telling(stems("service")) == stems("service")
