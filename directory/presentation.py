"""From a Service to what a reader sees of it, on cards and listings alike, in both languages.

Unknown is said, never left blank. Nothing here asks the database: services come from ``for_listing``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory import opening
from directory.capacity import capacity_now
from directory.models import LocationPolicy, Phone, Service, ServiceStatus, Taxonomy
from directory.models.attachments import CapacityValue, PhoneKind
from directory.models.locations import LocationKind
from directory.place_policy import PublicPlace
from directory.upkeep import lapse
from directory.vocabulary import Vocabulary
from partners.bilingual import Localized, localized

MOST_POPULATIONS = 3
PLACE_ICONS = {LocationPolicy.PUBLIC.value: "pin", LocationPolicy.AREA_ONLY.value: "area"}


@dataclass(frozen=True)
class Fact:
    """An icon, what it stands for (read to those who don't see it), and the words."""

    icon: str
    name: str
    text: str
    strong: bool = False


@dataclass(frozen=True)
class Checked:
    """``lapsed``: it was checked, but nobody has said since that it still holds."""

    done: bool
    text: str
    lapsed: bool = False


@dataclass(frozen=True)
class PhoneLine:
    """``kind`` is ``text`` for a number that takes text messages, else empty."""

    number: str
    kind: str
    note: str


@dataclass(frozen=True)
class Capacity:
    value: str
    label: str | Promise
    note: str


def card_facts(service: Service, vocabulary: Vocabulary) -> list[Fact]:
    facts = [
        Fact("user", _("Who it is for"), ", ".join(who(service))),
        Fact("globe", _("Language of service"), languages(service, vocabulary)),
        Fact("cash", _("Cost"), listed(labels(service, Taxonomy.COST))),
        Fact("bus", _("Help to get there"), listed(labels(service, Taxonomy.BARRIER))),
    ]
    return [fact for fact in facts if fact.text]


def opening_fact(service: Service, can_call: bool) -> Fact:
    said = opening.in_short(service)
    note = localized(service, "hours_note").text
    if not said.text and note:
        return Fact("clock", _("Opening hours"), note)
    unknown = _("Hours not known. Call first.") if can_call else _("Hours not known")
    return Fact("clock", _("Opening hours"), said.text or unknown, strong=said.is_open)


def labels(service: Service, taxonomy: str) -> list[str]:
    """The names of the terms of one taxonomy that the service carries, in the vocabulary's order."""
    terms = [a.term for a in service.attributes.all() if a.term.taxonomy == taxonomy]
    return [localized(term, "name").text for term in terms]


def codes(service: Service, taxonomy: str) -> list[str]:
    return [a.term.code for a in service.attributes.all() if a.term.taxonomy == taxonomy]


def listed(words: list[str]) -> str:
    """One phrase from several labels: only the first keeps its capital, unless it is an abbreviation."""
    return ", ".join([*words[:1], *(_lowered(word) for word in words[1:])])


def _lowered(word: str) -> str:
    return word if word[1:2].isupper() else word[:1].lower() + word[1:]


def languages(service: Service, vocabulary: Vocabulary) -> str:
    """In the vocabulary's order; a language it does not know stands last, by its code."""
    order = [term.code for term in vocabulary.terms(Taxonomy.LANGUAGE)]
    spoken = [row.code for row in service.languages.all()]
    spoken.sort(key=lambda code: order.index(code) if code in order else len(order))
    return ", ".join(vocabulary.label(Taxonomy.LANGUAGE, code) for code in spoken)


def who(service: Service) -> list[str]:
    """Genders served and ages; where neither is known, the first populations named."""
    found = [*genders(service), *filter(None, [ages(service)])]
    return found or labels(service, Taxonomy.POPULATION)[:MOST_POPULATIONS]


def genders(service: Service) -> list[str]:
    """ "All genders" says it all: beside it the others would only confuse."""
    if "all" in codes(service, Taxonomy.GENDER):
        return labels(service, Taxonomy.GENDER)[:1]
    return labels(service, Taxonomy.GENDER)


def ages(service: Service) -> str:
    return age_words(service.minimum_age, service.maximum_age)


def age_words(minimum: int | None, maximum: int | None) -> str:
    """Both limits are included. Empty when neither is known."""
    if minimum and maximum is not None:
        return _("%(minimum)s to %(maximum)s years old") % {"minimum": minimum, "maximum": maximum}
    if minimum:
        return _("%(minimum)s and older") % {"minimum": minimum}
    if maximum is not None:
        return _("Up to %(maximum)s years old") % {"maximum": maximum}
    return ""


def place_icon(place: PublicPlace) -> str:
    if place.kind == LocationKind.VIRTUAL:
        return "phone"
    return PLACE_ICONS.get(place.policy, "lock")


def phone_lines(phones: Iterable[Phone]) -> list[PhoneLine]:
    """Numbers to call, then numbers to text. Fax numbers help nobody here."""
    rows = [phone for phone in phones if phone.kind != PhoneKind.FAX]
    rows.sort(key=lambda phone: phone.kind != PhoneKind.VOICE)
    return [
        PhoneLine(
            number=row.number,
            kind="text" if row.kind == PhoneKind.TEXT else "",
            note=" · ".join(filter(None, [_extension(row), localized(row, "label").text])),
        )
        for row in rows
    ]


def _extension(phone: Phone) -> str:
    return _("extension %(number)s") % {"number": phone.extension} if phone.extension else ""


def capacity(service: Service) -> Capacity | None:
    """What still holds, always with its time; "not known" stays unsaid on a card."""
    value, as_of = capacity_now(service)
    if value == CapacityValue.UNKNOWN or as_of is None:
        return None
    note = _("As of %(date)s") % {"date": date_format(localtime(as_of), "DATE_FORMAT")}
    if weeks := service.capacity.wait_weeks:
        wait = ngettext("Wait of about %(n)s week", "Wait of about %(n)s weeks", weeks)
        note = f"{wait % {'n': weeks}} · {note}"
    return Capacity(value, CapacityValue(value).label, note)


def checked(service: Service, can_call: bool) -> Checked:
    """Only a person who asked the organization makes it checked."""
    if service.verified_at:
        day = date_format(localtime(service.verified_at), "DATE_FORMAT")
        if lapse.is_lapsed(service):
            late = _("Last checked on %(date)s, not confirmed since") % {"date": day}
            return Checked(False, late, lapsed=True)
        return Checked(True, _("Checked on %(date)s") % {"date": day})
    if can_call:
        return Checked(False, _("Not yet checked: confirm by phone"))
    return Checked(False, _("Not yet checked: confirm before you go"))


def status_words(service: Service) -> str:
    """Empty for a service that runs."""
    return "" if service.status == ServiceStatus.ACTIVE else str(ServiceStatus(service.status).label)


def organization_beside(service: Service) -> Localized:
    """Who gives the service; empty where the listing already bears that name."""
    organization = service.organization
    names = {organization.name_en, organization.name_fr} - {""}
    shown = localized(organization, "name")
    return Localized("", shown.language) if names & {service.name_en, service.name_fr} else shown
