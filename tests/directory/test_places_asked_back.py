"""Places that must be asked back, and suggestions while typing."""

from __future__ import annotations

from time import perf_counter

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from directory import gazetteer
from directory.places import Ambiguous, Unknown, find_place, suggest


def test_an_ambiguous_name_is_asked_back_with_a_query_for_each() -> None:
    with pytest.raises(Ambiguous) as asked:
        find_place("Windsor")

    assert [place.name for place in asked.value.candidates] == ["Windsor, ON", "Windsor, QC", "Windsor, NS"]
    assert asked.value.errors["near"] == [
        "Several places have this name: Windsor, ON; Windsor, QC; Windsor, NS."
    ]
    for place in asked.value.candidates:
        assert find_place(place.query) == place


def test_the_same_name_twice_in_one_province() -> None:
    with pytest.raises(Ambiguous) as asked:
        find_place("Middleton, NS")

    assert [place.name for place in asked.value.candidates] == [
        "Middleton (Annapolis), NS",
        "Middleton (Colchester), NS",
    ]


def test_eight_candidates_at_most_the_largest_first() -> None:
    crowded = max(gazetteer.by_key().items(), key=lambda pair: len(pair[1]))[1]
    with pytest.raises(Ambiguous) as asked:
        find_place("Kensington")

    assert len(crowded) > 3
    assert len(asked.value.candidates) <= 8
    assert {place.city for place in asked.value.candidates} >= {"Calgary", "Vancouver", "Kensington"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Weston", "Weston"),  # Winnipeg's, not Toronto's
        ("Victoria, BC", "Victoria, BC"),
        ("Hamilton", "Hamilton, ON"),  # the small parts of other cities that have the name step back
        ("Westmount, QC", "Westmount, QC"),
    ],
)
def test_what_needs_no_question(text: str, name: str) -> None:
    assert find_place(text).name == name


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Winnip", "Winnipeg, MB"), ("Winipeg", "Winnipeg, MB"), ("brndon", "Brandon, MB"), ("R2W 2M", "R2W")],
)
def test_a_near_miss_is_asked_back(text: str, meant: str) -> None:
    with pytest.raises(Unknown) as refusal:
        find_place(text)

    assert refusal.value.candidates[0].name == meant
    assert meant in str(refusal.value.errors["near"][0])


def test_the_question_is_asked_in_the_readers_language() -> None:
    with override("fr"), pytest.raises(Unknown) as refusal:
        find_place("saint bonifac")
    assert "Saint-Boniface" in str(refusal.value.errors["near"][0])
    assert "Vouliez-vous dire" in str(refusal.value.errors["near"][0])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("win", "Winnipeg, MB"),
        ("osb", "Osborne Village"),
        ("r2w", "R2W"),
        ("R2W 2", "R2W"),
        ("bonif", "St. Boniface"),
        ("saint-bon", "St. Boniface"),
        ("st bon", "St. Boniface"),
        ("quartier de la b", "Exchange District"),
        ("toronot", "Toronto, ON"),
        ("Brandon, MB", "Brandon, MB"),
    ],
)
def test_suggestions(text: str, first: str) -> None:
    assert suggest(text)[0].name == first


def test_suggestions_put_manitoba_first_and_end_at_the_limit() -> None:
    provinces = [place.province for place in suggest("win")]

    assert provinces == sorted(provinces, key=lambda code: code != "MB")
    assert [place.kind for place in suggest("r2w")] == ["postal_area"]
    assert len(suggest("s")) == 8
    assert len(suggest("s", limit=3)) == 3


@pytest.mark.parametrize("text", ["", "\x00", "-", "zzzz", "zq", "x" * 5000])
def test_nothing_to_suggest(text: str) -> None:
    assert suggest(text) == []


@given(text=st.one_of(st.text(max_size=20), st.text(alphabet="aeinorstwbmv 2R", max_size=6)))
def test_each_suggestion_is_found_by_its_query(text: str) -> None:
    for place in suggest(text):
        assert find_place(place.query) == place


def test_a_known_place_and_the_beginning_of_a_name_are_answered_at_once() -> None:
    """Far above what is measured on a quiet machine (10 and 40 microseconds), far below a scan."""
    find_place("Osborne Village")
    suggest("s")

    assert min(_seconds(lambda: find_place("Osborne Village")) for _ in range(50)) < 0.000_1
    assert min(_seconds(lambda: suggest("s")) for _ in range(50)) < 0.001


def _seconds(call: object) -> float:
    start = perf_counter()
    call()  # type: ignore[operator]
    return perf_counter() - start
