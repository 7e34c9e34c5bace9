"""One normal form for text and query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.text import normalise, query_words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hébergement d’urgence", "hebergement d urgence"),
        ("Sœurs du CŒUR", "soeurs du coeur"),
        ("Drop-in", "drop in"),
        ("r2w 2M2", "r2w2m2"),
        ("R2W2M2", "r2w2m2"),
        ("2ELGBTQI+", "2slgbtqi"),
        ("2SLGBTQI+ people", "2slgbtqi people"),
        ("LGBTQ2S*", "2slgbtqi"),
        ("2S LGBTQ+", "2slgbtqi"),
        ("100 % _sûr_", "100 sur"),
        ("ﬁn", "fin"),
        ("", ""),
    ],
)
def test_forms(text: str, wanted: str) -> None:
    assert normalise(text) == wanted


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text())
def test_nothing_but_words_with_one_space_between(text: str) -> None:
    folded = normalise(text)
    assert folded == " ".join(folded.split())
    assert all(c.isalnum() or c == " " for c in folded)


@given(st.text())
def test_case_and_accents_make_no_difference(text: str) -> None:
    assert normalise(text.upper().lower()) == normalise(text.upper())


@given(st.text())
def test_the_words_of_a_query_stand_in_its_own_text(text: str) -> None:
    padded = f" {normalise(text)}"
    assert all(f" {word}" in padded for word in query_words(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shelters for women", ["shelter", "women"]),
        ("l’aide", ["aide"]),
        ("refuges pour femmes", ["refuge", "femme"]),
        ("the", ["the"]),
        ("detox detox", ["detox"]),
        ("address", ["address"]),
        ("bus", ["bus"]),
    ],
)
def test_words_that_name_nothing_and_plurals_go(text: str, words: list[str]) -> None:
    assert query_words(text) == words
