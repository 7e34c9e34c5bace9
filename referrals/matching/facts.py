"""What the rules read: of the person and of a service, as far as anybody knows it. No database here."""

from __future__ import annotations

from dataclasses import dataclass

from directory.folding import normalise
from directory.models.attachments import CapacityValue
from referrals.models import AgeBand
from referrals.service_record import TOO_FEW, ServiceRecord

type_of_ages = tuple[int, int]
OLDEST = 150
BANDS: dict[str, type_of_ages] = {
    AgeBand.UNDER_18.value: (0, 17),
    AgeBand.FROM_18.value: (18, 24),
    AgeBand.FROM_25.value: (25, 34),
    AgeBand.FROM_35.value: (35, 49),
    AgeBand.FROM_50.value: (50, 64),
    AgeBand.FROM_65.value: (65, OLDEST),
}
WOMAN, MAN, DIVERSE = "woman", "man", "diverse"
# Gender is written in the person's own words. Only words that leave no doubt are read; any other text
# is not known to the rules, and turns nobody away.
_GENDERS: dict[str, tuple[str, ...]] = {
    WOMAN: ("woman", "female", "f", "femme", "trans woman", "femme trans", "cis woman", "femme cis"),
    MAN: ("man", "male", "m", "homme", "trans man", "homme trans", "cis man", "homme cis"),
    DIVERSE: (
        "non binary",
        "nonbinary",
        "non binaire",
        "gender diverse",
        "genderqueer",
        "genderfluid",
        "gender fluid",
        "agender",
        "agenre",
        "two spirit",
        "bispirituelle",
        "bispirituel",
    ),
}
GENDER_WORDS = {words: gender for gender, all_words in _GENDERS.items() for words in all_words}


def gender_of(text: str) -> str:
    """woman, man or diverse where the words say just that; "" otherwise."""
    return GENDER_WORDS.get(normalise(text), "")


@dataclass(frozen=True)
class Person:
    """``ages``: from and to, both included. ``areas``: codes of the service areas she is in.

    None and empty values: not known.
    """

    ages: type_of_ages | None = None
    gender: str = ""
    phase: int | None = None
    areas: frozenset[str] = frozenset()
    language: str = ""
    barriers: frozenset[str] = frozenset()
    urgent: bool = False


@dataclass(frozen=True)
class ServiceFacts:
    """None and empty values: not known. ``areas_known``: each of its area codes can be placed.

    ``comes``: nobody has to go there. ``told_days``: how many days ago the capacity was told.
    """

    open_to_referrals: bool = True
    partner: bool = True
    police: bool = False
    minimum_age: int | None = None
    maximum_age: int | None = None
    genders: frozenset[str] = frozenset()
    phases: frozenset[int] = frozenset()
    areas: frozenset[str] = frozenset()
    areas_known: bool = True
    languages: frozenset[str] = frozenset()
    barriers: frozenset[str] = frozenset()
    capacity: str = CapacityValue.UNKNOWN.value
    told_days: int | None = None
    wait_weeks: int | None = None
    distance_km: float | None = None
    distance_is_about: bool = False
    comes: bool = False
    promise_days: int = 3
    record: ServiceRecord = TOO_FEW
