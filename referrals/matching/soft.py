"""The soft rules: what makes one service better than another for her. None of them excludes."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.cards import distance as distance_words
from directory.models.attachments import CapacityValue
from directory.vocabulary import vocabulary
from referrals.matching.facts import Person, ServiceFacts
from referrals.matching.reasons import Reasons
from referrals.service_record import answer_words, help_words

INTERPRETATION = "interpretation"
NEAR_KM, IN_TOWN_KM, FAR_KM = 5, 15, 40
CAPACITY = {CapacityValue.OPEN.value: 12, CapacityValue.LIMITED.value: 6}
WAITING, FULL = 6, 14
LANGUAGE, INTERPRETED, BARRIER, AT_HOME = 12, 4, 6, 10
HELPED_MOST, HELPED_HALF = 75, 50


def distance(person: Person, service: ServiceFacts, say: Reasons) -> None:
    """Where a place may not be known there is no distance, and nothing is said of where it is."""
    if service.comes:
        return say.good("distance", _("Nobody has to go there"), AT_HOME)
    km = service.distance_km
    if km is None:
        return say.unknown("distance", _("How far it is is not known"))
    words = distance_words(km, service.distance_is_about)
    if km > FAR_KM:
        return say.bad("distance", _("Far: %(distance)s") % {"distance": words}, 6)
    return say.good("distance", words, 10 if km <= NEAR_KM else 6 if km <= IN_TOWN_KM else 2)


def language(person: Person, service: ServiceFacts, say: Reasons) -> None:
    if not person.language:
        return say.unknown("language", _("The person’s language is not known"))
    named = {"language": vocabulary().label("language", person.language)}
    if person.language in service.languages:
        return say.good("language", _("Works in the person’s language: %(language)s") % named, LANGUAGE)
    if INTERPRETATION in service.barriers:
        return say.good("language", _("Offers interpretation; ask for: %(language)s") % named, INTERPRETED)
    if not service.languages:
        return say.unknown("language", _("Which languages it works in is not known"))
    return say.bad(
        "language", _("Not known to work in the person’s language: %(language)s") % named, LANGUAGE
    )


def capacity(person: Person, service: ServiceFacts, say: Reasons) -> None:
    """Weighs twice where it is urgent. What was told too long ago is not known any more."""
    weight = 2 if person.urgent else 1
    told = _told(service.told_days)
    value = service.capacity
    if value in CAPACITY:
        words = f"{CapacityValue(value).label} ({told})"
        return say.good("capacity", words, weight * CAPACITY[value])
    if value == CapacityValue.FULL.value:
        return say.bad("capacity", f"{CapacityValue.FULL.label} ({told})", weight * FULL)
    if value == CapacityValue.WAITLIST.value:
        return say.bad("capacity", f"{_waitlist(service.wait_weeks)} ({told})", weight * WAITING)
    if service.told_days is None:
        return say.unknown("capacity", _("Whether it has space is not known"))
    return say.unknown("capacity", _("Whether it has space was last %(told)s") % {"told": told})


def _waitlist(weeks: int | None) -> str:
    if weeks is None:
        return str(CapacityValue.WAITLIST.label)
    return ngettext("Waitlist of about %(weeks)s week", "Waitlist of about %(weeks)s weeks", weeks) % {
        "weeks": weeks
    }


def _told(days: int | None) -> str:
    if not days:
        return _("told today")
    return ngettext("told %(days)s day ago", "told %(days)s days ago", days) % {"days": days}


def answers(person: Person, service: ServiceFacts, say: Reasons) -> None:
    days, promised = service.record.median_days, service.promise_days
    words = answer_words(service.record)
    if days is None:
        return say.unknown("answers", words)
    weight = 2 if person.urgent else 1
    if days <= promised:
        return say.good("answers", words, weight * (8 if days <= 1 else 4))
    return say.bad("answers", words, weight * (8 if days > 2 * promised else 4))


def helped(person: Person, service: ServiceFacts, say: Reasons) -> None:
    share, words = service.record.helped, help_words(service.record)
    if share is None:
        return say.unknown("helped", words)
    if share >= HELPED_HALF:
        return say.good("helped", words, 8 if share >= HELPED_MOST else 3)
    return say.bad("helped", words, 4)


def barriers(person: Person, service: ServiceFacts, say: Reasons) -> None:
    """What stands in her way, and whether the service takes it away. Silence is not a no."""
    for code in sorted(person.barriers):
        named = {"barrier": vocabulary().label("barrier", code)}
        if code in service.barriers:
            say.good(f"barrier_{code}", _("Helps with what is needed: %(barrier)s") % named, BARRIER)
        else:
            say.unknown(f"barrier_{code}", _("Not known whether it offers: %(barrier)s") % named)


RULES = (distance, language, capacity, answers, helped, barriers)
