"""The packaged gazetteer."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from directory.places import find_place, suggest
from partners.errors import Invalid


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("R2W", "R2W", "postal_area"),
        ("r2w 2m2", "R2W", "postal_area"),
        ("R2W2M2", "R2W", "postal_area"),
        ("R2W-2M2", "R2W", "postal_area"),
        (" winnipeg ", "Winnipeg, MB", "place"),
        ("Brandon, MB", "Brandon, MB", "place"),
        ("Brandon Manitoba", "Brandon, MB", "place"),
        ("Hamilton, Ontario", "Hamilton, ON", "place"),
        ("North End, Winnipeg", "North End", "neighbourhood"),
        ("saint-boniface", "Saint-Boniface", "neighbourhood"),
        ("St. Boniface", "St. Boniface", "neighbourhood"),
        ("Saint-Boniface, QC", "Saint-Boniface, QC", "place"),
        ("49.9, -97.14", "49.900, -97.140", "point"),
    ],
)
def test_found(text: str, name: str, kind: str) -> None:
    place = find_place(text)
    assert (place.name, place.kind) == (name, kind)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "R9Z",
        "Z9Z 9Z9",
        "Nowhereville",
        "Winnipeg\x00",
        "x" * 101,
        "91, 0",
        "0, 181",
        "12,",
        "%",
        "R2W 2M",
    ],
)
def test_refused_under_the_field_near(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        find_place(text)
    assert list(refusal.value.errors) == ["near"]
    assert all(str(message) for message in refusal.value.errors["near"])


def test_an_ambiguous_name_is_refused_with_its_choices() -> None:
    with pytest.raises(Invalid) as refusal:
        find_place("Windsor")
    assert "Windsor, ON" in refusal.value.errors["near"][0]
    assert "Windsor, NS" in refusal.value.errors["near"][0]


def test_the_beginning_of_a_name_is_refused_with_what_may_be_meant() -> None:
    with pytest.raises(Invalid) as refusal:
        find_place("Winnip")
    assert "Winnipeg, MB" in refusal.value.errors["near"][0]


def test_the_reason_is_said_in_the_readers_language() -> None:
    with override("fr"), pytest.raises(Invalid) as refusal:
        find_place("Nowhereville")
    assert "pas connu" in refusal.value.errors["near"][0]


def test_suggestions_put_manitoba_first() -> None:
    assert suggest("win")[0].name == "Winnipeg, MB"
    assert [place.kind for place in suggest("r2w")] == ["postal_area"]
    assert suggest("") == suggest("\x00") == []
    assert len(suggest("s")) == 8
