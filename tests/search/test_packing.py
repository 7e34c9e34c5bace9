"""An entry is unpacked as it was packed; what follows from what a result shows is not written twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from orjson import dumps, loads

from directory.search.documents import Document, Point, names_of
from directory.search.packing import DICTIONARY, FORMAT, UnknownFormat, pack, parts, unpack, unpack_shown
from directory.search.shown import Shown
from directory.search.text import normalise

OWNER = UUID("12345678-1234-5678-9234-567812345678")
TERM = f"organization:{OWNER.hex}"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def shown(english: str, french: str, summary: str = "") -> Shown:
    values: dict[str, Any] = dict.fromkeys(Shown._fields, "")
    values |= {"owner": OWNER, "name_en": english, "name_fr": french, "summary_en": summary}
    return Shown(**{name: dumps(value) for name, value in values.items()})


def document(
    english: str, french: str, more: dict[str, str], terms: list[str], says: Shown | None
) -> Document:
    words = {"n": normalise(english), "m": normalise(french), **more}
    words = {field: text for field, text in words.items() if text}
    where = [Point(49.9, -97.1, is_about=False)]
    terms = sorted({*terms, TERM})
    ages, capacity = cast("Any", [18, None]), cast("Any", ["open", 9])  # as JSON has them
    return Document(words, terms, ages, 1.5, capacity, "", where, names_of(words), says)


@given(
    TEXT, TEXT, st.dictionaries(st.sampled_from("aodep"), TEXT.filter(bool)), st.lists(TEXT), st.booleans()
)
def test_an_entry_comes_back_as_it_was(
    english: str, french: str, more: dict[str, str], terms: list[str], is_shown: bool
) -> None:
    says = shown(english, french, more.get("d", "")) if is_shown else None
    made = document(english, french, more, terms, says)
    assert unpack(pack(made)) == made
    assert unpack_shown(pack(made)) == says


def test_names_and_owner_are_written_once() -> None:
    made = document(
        "Lantern House", "La maison", {"d": "a door"}, ["public"], shown("Lantern House", "La maison")
    )
    words, terms, *_rest = loads(parts(made)[1])
    assert (words, terms) == ({"d": "a door"}, ["public"])
    otherwise = made._replace(
        words={**made.words, "n": "something else"}, names=("something else", "la maison")
    )
    assert unpack(pack(otherwise)) == otherwise


def test_threads_do_not_take_each_others_entries() -> None:
    made = [document(f"House {number}", "", {"d": "x" * number}, [], None) for number in range(400)]

    def there_and_back(one: Document) -> Document | None:
        return unpack(pack(one))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(there_and_back, made)) == made


def test_another_dictionary_is_another_format() -> None:
    """Entries of the one can't be read with the other: change both, here as well."""
    assert (FORMAT, sha256(DICTIONARY.read_bytes()).hexdigest()[:16]) == (b"\x04", "9ed364a2c1bc4c5c")


@pytest.mark.parametrize("packed", [b"\x02anything", b"\x01", b"{}"])
def test_another_format_is_told(packed: bytes) -> None:
    assert packed[:1] != FORMAT
    for read in (unpack, unpack_shown):
        with pytest.raises(UnknownFormat):
            read(packed)
        assert read(b"") is None
