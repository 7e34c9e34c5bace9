"""One normal form for text and query, one light stem for both languages."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.text import content_words, normalise, stem


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
def test_the_fast_way_folds_like_the_plain_one(text: str) -> None:
    """Letter by letter, as the form is defined, before postal codes and 2SLGBTQI+ are made one word."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    plain = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    for ligature, letters in (("œ", "oe"), ("æ", "ae"), ("ø", "o"), ("đ", "d"), ("ł", "l")):
        plain = plain.replace(ligature, letters)
    if "lgb" not in plain and not any(c.isdigit() for c in plain):
        assert normalise(text) == " ".join(plain.split())


@pytest.mark.parametrize(
    "same",
    [
        ("shelter", "shelters"),
        ("refuge", "refuges"),
        ("counselling", "counseling"),
        ("therapy", "therapies", "therapie"),
        ("intervenante", "intervenants", "intervenantes"),
        ("travailleuse", "travailleur", "travailleuses"),
        ("clinique", "clinic", "cliniques"),
        ("ressource", "resource", "resources"),
        ("animal", "animaux"),
        ("women", "woman"),
        ("enceinte", "enceintes"),
        ("employe", "employee", "employes"),
        ("tested", "testing", "test", "tests"),
    ],
)
def test_plural_gender_and_the_other_language_share_a_stem(same: tuple[str, ...]) -> None:
    assert len({stem(word) for word in same}) == 1


@pytest.mark.parametrize(
    "different", [("refuge", "refugee"), ("bus", "but"), ("its", "itss"), ("mass", "mas")]
)
def test_other_words_keep_theirs(different: tuple[str, str]) -> None:
    assert stem(different[0]) != stem(different[1])


@given(st.text(alphabet="abcdeilnorstuxy", min_size=1, max_size=80))
def test_a_stem_is_never_empty_and_no_longer_than_its_word(word: str) -> None:
    assert 0 < len(stem(word)) <= len(word) + 1


@pytest.mark.parametrize(
    ("words", "content"),
    [
        (["i", "need", "a", "bed"], ["bed"]),
        (["l", "aide"], ["aide"]),
        (["the"], ["the"]),
        (["refuges", "pour", "femmes"], ["refuges", "femmes"]),
    ],
)
def test_words_that_name_nothing_go_where_others_are(words: list[str], content: list[str]) -> None:
    assert content_words(words) == content
