"""The shape, its difference, and what is in the way of publishing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.editing import save_service
from directory.listing_shape import EDITED_KEYS, empty_shape, normal, shape_of
from directory.models import Service
from directory.proposals.blockers import blockers, is_number
from directory.proposals.difference import changes, conflicts, difference
from directory.proposals.words import LABELS, in_words
from partners.actor import SYSTEM
from tests.directory.proposals.world import FULL, World
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE

words = st.text(st.characters(codec="utf-8", categories=["L", "N", "Zs", "P"]), max_size=12).map(str.strip)
hours = st.sampled_from(["08:00", "12:30", "23:45"])
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "summary_en": words,
    "hours_note_fr": words,
    "status": st.sampled_from(["active", "inactive"]),
    "maximum_age": st.none() | st.integers(30, 99),
    "accepts_referrals": st.booleans(),
    "topics": st.lists(st.sampled_from(["poverty", "justice", "substance_use"]), unique=True),
    "languages": st.lists(st.sampled_from(["en", "fr", "oj", "cr"]), unique=True),
    "phones": st.lists(
        st.fixed_dictionaries({"number": st.sampled_from(["911", "204-555-0161"]), "kind": st.just("voice")}),
        max_size=3,
    ),
    "schedules": st.lists(
        st.fixed_dictionaries(
            {"byday": st.sampled_from(["MO", "TU,WE"]), "opens_at": hours, "closes_at": hours},
            optional={"valid_from": st.just("2026-01-01"), "interval": st.just(1)},
        ),
        max_size=3,
    ),
    "schedule_exceptions": st.lists(
        st.fixed_dictionaries(
            {"first_day": st.just("2026-12-24"), "last_day": st.sampled_from(["2026-12-24", "2026-12-31"])},
            optional={"note_en": words},
        ),
        max_size=2,
    ),
    "location": st.sampled_from(
        [PUBLIC_PLACE, {**PUBLIC_PLACE, "address_1": "9 Other Road"}, AREA_PLACE, WITHHELD_PLACE]
    ),
}


@pytest.fixture
def listing(world: World) -> Service:
    return world.listing()


@given(wanted=st.fixed_dictionaries({}, optional=CHANGES))
@settings(max_examples=40)
def test_what_is_applied_differs_no_more(wanted: dict[str, Any]) -> None:
    """On paper: the rules of the place need no database."""
    before = empty_shape() | {"location": normal("location", PUBLIC_PLACE), "name_en": "House"}
    shape = {key: normal(key, value) for key, value in wanted.items()}
    data, stood = changes(before, shape)
    assert json.loads(json.dumps([data, stood])) == [data, stood]
    assert changes(before | data, shape)[0] == {}
    assert difference(data, data) == []
    assert {one.key for one in difference(stood, data)} == set(data)
    assert conflicts(before, data, stood) == []


SAVED: tuple[dict[str, Any], ...] = (
    {"topics": ["poverty", "justice"], "languages": ["oj", "en"], "location": AREA_PLACE},
    {"schedules": [{"freq": "MONTHLY", "byday": "1MO", "opens_at": "08:00", "closes_at": "12:30"}]},
    {"schedule_exceptions": [{"first_day": "2026-12-24", "last_day": "2026-12-31", "note_fr": "Fêtes"}]},
    {"phones": [{"number": "911", "kind": "voice"}, {"number": "204-555-0161", "kind": "text"}]},
    {"aliases": [{"name": "Old", "language": "en", "kind": "former"}], "location": WITHHELD_PLACE},
    {"minimum_age": 12, "accepts_referrals": True, "status": "inactive", "location": PUBLIC_PLACE},
)


def test_what_is_saved_reads_as_it_was_wanted(listing: Service) -> None:
    """Through the one writer and back: nothing that was applied differs any more."""
    for wanted in SAVED:
        now = Service.objects.for_listing().get(pk=listing.pk)
        saved = shape_of(save_service(SYSTEM, wanted, publish=True, service=now))
        assert changes(saved, {key: normal(key, value) for key, value in wanted.items()}) == ({}, {})


def test_every_field_has_words_and_every_value_too(listing: Service) -> None:
    shape = shape_of(listing)
    assert set(shape) == set(EDITED_KEYS) == set(LABELS) == set(empty_shape())
    for key, value in shape.items():
        assert all(isinstance(line, str) for line in in_words(key, value))
    assert in_words("schedules", shape["schedules"]) == ["Monday, Tuesday: 9:00 to 16:30"]
    assert in_words("accepts_referrals", False) == ["No"]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"phones": []}, ["no_way_to_reach"]),
        ({"phones": [], "email": "a@b.example"}, []),
        ({"phones": [], "website": "https://b.example"}, []),
        ({"phones": [], "intakes": ["walk_in"]}, []),
        ({"phones": [], "intakes": ["walk_in"], "location": AREA_PLACE}, ["no_way_to_reach"]),
        ({"phones": [{"number": "204-555", "kind": "voice"}]}, ["no_way_to_reach", "phone_invalid"]),
        ({"phones": [{"number": "2045550100", "kind": "fax"}]}, ["no_way_to_reach"]),
        ({"categories": []}, ["no_category"]),
        ({"eligibility_en": "", "eligibility_fr": ""}, ["no_eligibility"]),
        ({"eligibility_en": "", "eligibility_fr": "", "genders": ["women"]}, []),
        ({"summary_en": "", "summary_fr": ""}, ["no_summary"]),
        ({"summary_fr": ""}, ["missing_fr"]),
        ({"summary_en": "", "name_fr": ""}, ["missing_fr", "missing_en"]),
        ({"location": WITHHELD_PLACE, "summary_en": "Ring at 9 Teststone Avenue."}, ["place_in_text"]),
    ],
)
def test_what_is_in_the_way_of_publishing(change: dict[str, Any], codes: list[str]) -> None:
    given = empty_shape() | FULL | {"location": PUBLIC_PLACE} | change
    shape = {key: normal(key, value) for key, value in given.items()}
    found = blockers(shape)
    assert [one.code for one in found] == codes
    assert all(one.is_warning == one.code.startswith("missing_") for one in found)


@pytest.mark.parametrize(
    ("number", "right"),
    [
        *(("204-589-7347", True), ("1 (204) 589-7347", True), ("+33 1 23 45 67 89", True), ("911", True)),
        *(("686868", True), ("204-589", False), ("204-589-734", False), ("123-456-7890", False)),
        *(("call us", False), ("204-589-7347 x2", False), ("", False), ("+1 204", False)),
    ],
)
def test_a_number_that_can_be_dialled(number: str, right: bool) -> None:
    assert is_number(number) is right
