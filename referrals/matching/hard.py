"""The hard rules: a known contradiction excludes, what is not known never does."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referrals.matching.facts import DIVERSE, MAN, WOMAN, Person, ServiceFacts
from referrals.matching.reasons import Reasons

POINTS = 4
EVERYBODY = "all"
SERVED = {
    "women": {WOMAN},
    "women_gender_diverse": {WOMAN, DIVERSE},
    EVERYBODY: {WOMAN, MAN, DIVERSE},
}
# "Women and people who identify as women" may or may not mean a person of another gender identity.
PERHAPS = {"women": {DIVERSE}}


def takes_referrals(person: Person, service: ServiceFacts, say: Reasons) -> None:
    if not service.open_to_referrals:
        say.never("not_open", _("Takes no referrals at the moment"))
    if not service.partner:
        say.never("no_agreement", _("Has no agreement in force with the network"))
    if service.police:
        say.never("police", _("Police are asked in their own way, never from a list"))


def age(person: Person, service: ServiceFacts, say: Reasons) -> None:
    low, high = service.minimum_age, service.maximum_age
    if low is None and high is None:
        return say.unknown("age", _("Its age limits are not known"))
    if person.ages is None:
        return say.unknown("age", _("The age is not known, and it has age limits"))
    youngest, oldest = person.ages
    least, most = low if low is not None else youngest, high if high is not None else oldest
    if oldest < least or youngest > most:
        return say.never("age", _("Not for this age"))
    if least <= youngest and oldest <= most:
        return say.good("age", _("For this age"), POINTS)
    return say.unknown("age", _("For a part of this age group: ask"))


def gender(person: Person, service: ServiceFacts, say: Reasons) -> None:
    served = {one for code in service.genders for one in SERVED.get(code, ())}
    perhaps = {one for code in service.genders for one in PERHAPS.get(code, ())}
    if not served:
        return say.unknown("gender", _("Which genders it serves is not known"))
    if served >= SERVED[EVERYBODY]:
        return say.good("gender", _("For all genders"), POINTS)
    if not person.gender or person.gender in perhaps - served:
        return say.unknown("gender", _("Whether it is for this gender is not known: ask"))
    if person.gender in served:
        return say.good("gender", _("For this gender"), POINTS)
    return say.never("gender", _("Not for this gender"))


def area(person: Person, service: ServiceFacts, say: Reasons) -> None:
    if not service.areas:
        return say.unknown("area", _("Which area it serves is not known"))
    if not person.areas:
        return say.unknown("area", _("The person’s area is not known, and it serves certain areas"))
    if service.areas & person.areas:
        return say.good("area", _("Serves the person’s area"), POINTS)
    if not service.areas_known:
        return say.unknown("area", _("Whether it serves the person’s area is not known: ask"))
    return say.never("area", _("Does not serve the person’s area"))


def phase(person: Person, service: ServiceFacts, say: Reasons) -> None:
    if not service.phases:
        return say.unknown("phase", _("Which program phases it serves is not known"))
    if person.phase is None:
        return say.unknown("phase", _("The program phase is not known"))
    if person.phase in service.phases:
        return say.good("phase", _("For this program phase"), POINTS)
    return say.never("phase", _("Not for this program phase"))


RULES = (takes_referrals, age, gender, area, phase)
