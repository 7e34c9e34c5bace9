"""What may be asked, and what is said when it may not."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from directory.filters import criteria_from
from directory.places import Ambiguous
from directory.search import Criteria
from partners.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("age=abc", "age"),
        ("age=-1", "age"),
        ("age=17.5", "age"),
        ("age=999999999999999999999", "age"),
        ("radius_km=-1&near=R2W", "radius_km"),
        ("radius_km=0&near=R2W", "radius_km"),
        ("radius_km=nan&near=R2W", "radius_km"),
        ("radius_km=5", "radius_km"),
        ("ordering=distance", "ordering"),
        ("ordering=price", "ordering"),
        ("near=R9Z", "near"),
        ("near=Nowhereville&radius_km=5", "near"),
        ("category=unknown", "category"),
        ("category=crisis&category=unknown", "category"),
        ("population=crisis", "population"),
        ("language=xx", "language"),
        ("phase=5", "phase"),
        ("place=atlantis", "place"),
        ("accepts_referrals=perhaps", "accepts_referrals"),
        ("organization=1", "organization"),
        ("q=" + "a" * 201, "q"),
        ("q=%00", "q"),
        ("near=%00", "near"),
        ("category=%00", "category"),
        ("place=%00", "place"),
        ("accepts_referrals=%00", "accepts_referrals"),
        ("open_now=perhaps", "open_now"),
        ("open_at=yesterday", "open_at"),
        ("open_at=1999-01-01T00:00Z", "open_at"),
        ("open_at=2026-02-30T00:00Z", "open_at"),
        ("capacity=plenty", "capacity"),
        ("verified_within=0", "verified_within"),
        ("verified_within=soon", "verified_within"),
    ],
)
def test_refused_by_field(query: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        criteria_from(QueryDict(query))
    assert list(refusal.value.errors) == [field]
    assert refusal.value.status == 400


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        criteria_from(QueryDict("age=abc&category=unknown&radius_km=5"))
    assert set(refusal.value.errors) == {"age", "category", "radius_km"}


def test_accepted() -> None:
    criteria = criteria_from(
        QueryDict("q=detox&near=R2W&radius_km=5&category=withdrawal&category=crisis&age=17&place=north-end")
    )
    assert criteria == Criteria(
        q="detox", near="R2W", radius_km=5, category=("crisis", "withdrawal"), age=17, place=("north-end",)
    )


def test_fields_left_empty_ask_for_nothing() -> None:
    criteria = criteria_from(QueryDict("q=&near=&radius_km=&category=&age=&ordering=&accepts_referrals="))
    assert criteria == Criteria()


def test_codes_that_the_process_knows_cost_no_query(django_assert_num_queries) -> None:
    criteria_from(QueryDict("category=crisis&population=women"))
    with django_assert_num_queries(0):
        criteria_from(QueryDict("category=crisis&category=housing&population=women&q=x&near=R2W"))


def test_a_moment_is_read_with_or_without_its_zone() -> None:
    with_zone = criteria_from(QueryDict("open_at=2026-11-24T14:30:00-06:00")).open_at
    assert with_zone == criteria_from(QueryDict("open_at=2026-11-24T14:30")).open_at
    assert with_zone == criteria_from(QueryDict("open_at=2026-11-24T20:30:00%2B00:00")).open_at
    assert with_zone == criteria_from(QueryDict("open_at=2026-11-24T20:30:00+00:00")).open_at


def test_a_place_that_may_be_several_keeps_its_candidates() -> None:
    with pytest.raises(Ambiguous) as refusal:
        criteria_from(QueryDict("near=Richmond"))
    assert len(refusal.value.candidates) > 1
    with pytest.raises(Invalid) as both:
        criteria_from(QueryDict("near=Richmond&age=x"))
    assert set(both.value.errors) == {"near", "age"}
