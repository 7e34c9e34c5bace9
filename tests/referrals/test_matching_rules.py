"""The rules of matching by their properties: what contradicts excludes, ignorance never does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from directory.models.attachments import CapacityValue
from referrals.matching import Kind, Person, ServiceFacts, judge
from referrals.matching.facts import DIVERSE, MAN, WOMAN, gender_of
from referrals.service_record import ServiceRecord

pytestmark = pytest.mark.django_db

AREAS = ("canada", "manitoba", "winnipeg", "north-end", "brandon", "ontario")
GENDERS = ("all", "women", "women_gender_diverse", "trans_welcome")
BARRIERS = ("transport", "child_care", "meals", "interpretation")
LANGUAGES = ("en", "fr", "oj")


def some(*values: Any) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(values))


@st.composite
def spans(draw: st.DrawFn, most: int = 99) -> tuple[int, int]:
    low = draw(st.integers(0, most))
    return low, draw(st.integers(low, most))


people = st.builds(
    Person,
    ages=st.none() | spans(),
    gender=st.sampled_from(("", WOMAN, MAN, DIVERSE)),
    phase=st.none() | st.integers(1, 4),
    areas=some(*AREAS[:4]),
    language=st.sampled_from(("", *LANGUAGES)),
    barriers=some(*BARRIERS),
    urgent=st.booleans(),
)


@st.composite
def services(draw: st.DrawFn) -> ServiceFacts:
    low, high = draw(st.none() | spans()) or (None, None)
    value = draw(st.sampled_from(CapacityValue.values))
    return ServiceFacts(
        open_to_referrals=draw(st.booleans() | st.just(True)),
        partner=draw(st.booleans() | st.just(True)),
        minimum_age=draw(st.sampled_from((low, None))),
        maximum_age=draw(st.sampled_from((high, None))),
        genders=draw(some(*GENDERS)),
        phases=draw(some(1, 2, 3, 4)),
        areas=draw(some(*AREAS)),
        languages=draw(some(*LANGUAGES)),
        barriers=draw(some(*BARRIERS)),
        capacity=value,
        told_days=draw(st.none() | st.integers(0, 40)) if value == "unknown" else draw(st.integers(0, 14)),
        wait_weeks=draw(st.none() | st.integers(0, 60)),
        distance_km=draw(st.none() | st.floats(0, 500)),
        comes=draw(st.booleans()),
        record=ServiceRecord(draw(st.none() | st.integers(0, 30)), draw(st.none() | st.integers(0, 100))),
    )


def contradicts(person: Person, service: ServiceFacts) -> bool:
    """The rules written out anew, without a word of theirs."""
    if not service.open_to_referrals or not service.partner:
        return True
    if person.ages:
        youngest, oldest = person.ages
        too_young = service.minimum_age is not None and oldest < service.minimum_age
        too_old = service.maximum_age is not None and youngest > service.maximum_age
        if too_young or too_old:
            return True
    for_women = service.genders & {"women", "women_gender_diverse"} and "all" not in service.genders
    if person.gender == MAN and for_women:
        return True
    if person.phase and service.phases and person.phase not in service.phases:
        return True
    return bool(person.areas and service.areas and not person.areas & service.areas)


@given(person=people, service=services())
def test_it_fits_exactly_where_nothing_known_contradicts(person: Person, service: ServiceFacts) -> None:
    verdict = judge(person, service)

    assert verdict.fits == (not contradicts(person, service))
    assert all(reason.text for reason in verdict.reasons)
    unknown = [reason for reason in verdict.reasons if reason.kind is Kind.UNKNOWN]
    assert not any(reason.excludes or reason.points for reason in unknown)
    if not verdict.fits:
        assert any(reason.kind is Kind.AGAINST for reason in verdict.reasons)


UNKNOWN: dict[str, Any] = {
    "genders": frozenset(),
    "phases": frozenset(),
    "areas": frozenset(),
    "languages": frozenset(),
    "capacity": "unknown",
    "distance_km": None,
    "record": ServiceRecord(),
}


@given(person=people, service=services(), name=st.sampled_from(sorted(UNKNOWN)))
def test_forgetting_something_of_a_service_never_excludes_it(
    person: Person, service: ServiceFacts, name: str
) -> None:
    if judge(person, service).fits:
        assert judge(person, replace(service, **{name: UNKNOWN[name]})).fits
    ageless = replace(service, minimum_age=None, maximum_age=None)
    assert judge(person, service).fits <= judge(person, ageless).fits


@given(service=services())
def test_nobody_is_turned_away_by_what_is_not_known_of_her(service: ServiceFacts) -> None:
    verdict = judge(Person(), service)

    assert verdict.fits == (service.open_to_referrals and service.partner)


@given(person=people, service=services(), data=st.data())
def test_something_good_to_know_never_lowers_the_rank(
    person: Person, service: ServiceFacts, data: st.DataObject
) -> None:
    good: list[dict[str, Any]] = [
        {"capacity": "open", "told_days": 0},
        {"comes": True},
        {"record": ServiceRecord(1, 100)},
        {"genders": service.genders | {"all"}},
        {"minimum_age": None, "maximum_age": None}
        if person.ages is None
        else {"minimum_age": person.ages[0]},
    ]
    good += [{"languages": service.languages | {person.language}}] if person.language else []
    good += [{"barriers": service.barriers | person.barriers}]
    good += [{"phases": service.phases | {person.phase}}] if person.phase else []
    good += [{"areas": service.areas | person.areas}] if person.areas else []
    change = data.draw(st.sampled_from(good))
    if "minimum_age" in change and person.ages and service.maximum_age is not None:
        change = {**change, "maximum_age": max(service.maximum_age, person.ages[1])}
    before, after = judge(person, service), judge(person, replace(service, **change))

    assert (after.fits, after.score) >= (before.fits, before.score) or (after.fits and not before.fits)
    assert not (before.fits and after.score < before.score)


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Woman", WOMAN),
        ("femme", WOMAN),
        ("Trans woman", WOMAN),
        ("non-binaire", DIVERSE),
        ("Homme", MAN),
        ("a woman, mostly", ""),
        ("not a man", ""),
        ("", ""),
    ],
)
def test_only_words_that_leave_no_doubt_are_read(text: str, gender: str) -> None:
    assert gender_of(text) == gender


def test_the_reasons_are_in_words_in_both_languages() -> None:
    person = Person(ages=(30, 30), gender=WOMAN, phase=2, areas=frozenset({"winnipeg"}), language="oj")
    person = replace(person, barriers=frozenset({"transport"}))
    service = ServiceFacts(
        minimum_age=18,
        genders=frozenset({"women"}),
        phases=frozenset({3}),
        areas=frozenset({"winnipeg"}),
        languages=frozenset({"en"}),
        capacity="unknown",
        told_days=20,
        distance_km=2.4,
    )
    texts = {reason.code: reason.text for reason in judge(person, service).reasons}
    assert texts["age"] == "For this age"
    assert texts["phase"] == "Not for this program phase"
    assert texts["capacity"] == "Whether it has space was last told 20 days ago"
    assert texts["distance"] == "2.4 km away"
    assert "Help with transport" in texts["barrier_transport"]
    with translation.override("fr"):
        french = {reason.code: reason.text for reason in judge(person, service).reasons}
    assert "Aide au transport" in french["barrier_transport"]
    assert french.keys() == texts.keys()
