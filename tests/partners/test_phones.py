"""Telephone numbers for reading and for dialling."""

from __future__ import annotations

import pytest

from partners.phones import dial, phone_display

NBSP = "\xa0"


@pytest.mark.parametrize(
    ("number", "english", "french", "dialled"),
    [
        ("204-589-7347", "204-589-7347", f"204{NBSP}589-7347", "+12045897347"),
        ("+12045897347", "204-589-7347", f"204{NBSP}589-7347", "+12045897347"),
        ("(204) 589 7347", "204-589-7347", f"204{NBSP}589-7347", "+12045897347"),
        ("1-877-977-0007", "1-877-977-0007", f"1{NBSP}877{NBSP}977-0007", "+18779770007"),
        ("911", "911", "911", "911"),
        ("988", "9-8-8", "9-8-8", "988"),
        ("686868", "686868", "686868", "686868"),
        ("+33 1 23 45 67 89", "+33 1 23 45 67 89", "+33 1 23 45 67 89", "+33123456789"),
    ],
)
def test_number(number: str, english: str, french: str, dialled: str) -> None:
    assert phone_display(number, "en") == english
    assert phone_display(number, "fr") == french
    assert dial(number) == dialled
