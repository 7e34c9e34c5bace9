"""What the page of one listing shows."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory import hours, presentation
from directory.category_links import short_id
from directory.models import LocationPolicy, Program, Service, Taxonomy
from directory.models.locations import LocationKind
from directory.place_policy import PublicPlace, public_place
from directory.presentation import Capacity, Checked, Fact, PhoneLine
from directory.upkeep import lapse
from directory.vocabulary import Vocabulary
from partners.bilingual import Localized, localized, reader_language
from partners.models import AliasKind, Provenance, SourceType

NUMBER_LENGTH = 8


@dataclass(frozen=True)
class Step:
    """One way to start."""

    title: str
    text: str


@dataclass(frozen=True)
class Where:
    icon: str
    lines: list[str]
    why: str


@dataclass(frozen=True)
class Source:
    """``url`` is empty where the address of the source could tell where the service is."""

    host: str
    url: str
    kind: str | Promise
    date: str
    note: Localized


@dataclass(frozen=True)
class CategoryLink:
    label: str
    short: str


@dataclass(frozen=True)
class Listing:
    id: UUID
    number: str
    name: Localized
    organization: Localized
    organization_about: Localized
    former_names: list[Localized]
    other_names: list[Localized]
    lede: Localized
    status: str
    facts: list[Fact]
    phones: list[PhoneLine]
    email: str
    website: str
    steps: list[Step]
    eligibility: Localized
    meant_for: str
    ticks: list[str]
    help_to_get_there: list[str]
    accessibility: list[str]
    documents: list[Localized]
    costs: list[Localized]
    where: Where
    serves: str
    hours: list[str]
    hours_note: Localized
    languages: str
    capacity: Capacity | None
    answers_within: str
    checked: Checked
    source: Source
    categories: list[CategoryLink]
    program: Program | None
    is_demo: bool


def listing_view(service: Service, vocabulary: Vocabulary) -> Listing:
    """From a service of ``for_listing``. What hangs on one listing alone is read here."""
    lines = presentation.phone_lines(service.phones.all())
    place = public_place(service)
    return Listing(
        id=service.pk,
        number=str(service.pk)[:NUMBER_LENGTH],
        name=localized(service, "name"),
        organization=presentation.organization_beside(service),
        organization_about=localized(service.organization, "description"),
        former_names=_aliases(service, former=True),
        other_names=_aliases(service, former=False),
        lede=_lede(service),
        status=presentation.status_words(service),
        facts=_facts(service, lines, vocabulary),
        phones=lines,
        email=service.email,
        website=public_page(service, place),
        steps=steps(service, lines),
        eligibility=localized(service, "eligibility"),
        meant_for=meant_for(service),
        ticks=ticks(service),
        help_to_get_there=presentation.labels(service, Taxonomy.BARRIER),
        accessibility=presentation.labels(service, Taxonomy.ACCESSIBILITY),
        documents=_documents(service),
        costs=[localized(row, "option") for row in service.cost_options.all()],
        where=where(place, bool(lines)),
        serves=serves(service),
        hours=hours.in_words(service),
        hours_note=localized(service, "hours_note"),
        languages=presentation.languages(service, vocabulary),
        capacity=presentation.capacity(service),
        answers_within=answers_within(service),
        checked=presentation.checked(service, bool(lines)),
        source=source(service, place.policy),
        categories=_category_links(service),
        program=service.program,
        is_demo=service.is_demo,
    )


def _lede(service: Service) -> Localized:
    description = localized(service, "description")
    return description if description.text else localized(service, "summary")


def _aliases(service: Service, *, former: bool) -> list[Localized]:
    """The former names, or every other one."""
    names = [alias for alias in service.aliases.all() if (alias.kind == AliasKind.FORMER) is former]
    return [Localized(alias.name, alias.language) for alias in names]


def _facts(service: Service, lines: list[PhoneLine], vocabulary: Vocabulary) -> list[Fact]:
    """Opening first, then what it costs and the languages."""
    shown = [f for f in presentation.card_facts(service, vocabulary) if f.icon in {"cash", "globe"}]
    return [presentation.opening_fact(service, bool(lines)), *shown]


def _documents(service: Service) -> list[Localized]:
    """What to bring; where nothing is asked, that no ID is needed, if the listing says so."""
    listed = [localized(row, "document") for row in service.required_documents.all()]
    if not listed and "no_id" in presentation.codes(service, Taxonomy.BARRIER):
        return [Localized(_("You do not need ID."), reader_language())]
    return listed


def _category_links(service: Service) -> list[CategoryLink]:
    terms = [a.term for a in service.attributes.all() if a.term.taxonomy == Taxonomy.CATEGORY]
    return [CategoryLink(localized(term, "name").text, short_id(term.code)) for term in terms]


def steps(service: Service, lines: list[PhoneLine]) -> list[Step]:
    """How to start, the easiest way first. Empty when nobody has said how."""
    intakes = set(presentation.codes(service, Taxonomy.INTAKE))
    found = []
    if lines and ("phone" in intakes or not intakes):
        found.append(Step(_("Call."), _("You do not have to give your name.")))
    if "walk_in" in intakes:
        found.append(Step(_("Walk in."), _("You do not need an appointment.")))
    if "self_referral" in intakes:
        found.append(Step(_("Apply yourself."), _("Nobody has to send you.")))
    if "professional_referral" in intakes:
        text = _("Somebody you already know at an agency can make the link and come with you.")
        found.append(Step(_("Ask a worker to refer you."), text))
    return found


def ticks(service: Service) -> list[str]:
    """Who can use it, from the codes, where nobody has put it in a sentence."""
    if localized(service, "eligibility").text:
        return []
    return [*presentation.genders(service), *filter(None, [presentation.ages(service)])]


def meant_for(service: Service) -> str:
    return "; ".join(presentation.labels(service, Taxonomy.POPULATION))


def where(place: PublicPlace, can_call: bool) -> Where:
    """The address, or the area alone and why."""
    icon = presentation.place_icon(place)
    if place.kind == LocationKind.VIRTUAL:
        return Where(icon, [_("By phone or online")], _("There is no door to go to."))
    if place.policy == LocationPolicy.WITHHELD:
        why = _("For safety, the address is not shown.")
        if can_call:
            why = _("For safety, the address is not shown. Call first.")
        return Where(icon, [_("Address not shown")], why)
    city = ", ".join(filter(None, [place.city, place.province]))
    if place.policy == LocationPolicy.AREA_ONLY:
        why = _("For safety, only the area is shown.")
        if can_call:
            why = _("For safety, only the area is shown. Call for the address.")
        return Where(icon, [place.area.name if place.area else city], why)
    town = " ".join(filter(None, [city, place.postal_code]))
    return Where(icon, [line for line in (place.address, town) if line], "")


def serves(service: Service) -> str:
    names = {"winnipeg": _("Winnipeg"), "manitoba": _("All of Manitoba"), "canada": _("All of Canada")}
    return ", ".join(names.get(row.code, row.code) for row in service.service_areas.all())


def answers_within(service: Service) -> str:
    """How fast a referral is answered; empty for a service that takes none through the network."""
    if not service.accepts_referrals or lapse.is_closed(service):
        return ""
    days = service.response_days
    words = ngettext(
        "Answers referrals within %(n)s working day", "Answers referrals within %(n)s working days", days
    )
    return words % {"n": days}


def public_page(service: Service, place: PublicPlace) -> str:
    """The service's own page. Of a place not shown, a home page alone: a deeper one may show the door."""
    is_home = urlsplit(service.website).path in ("", "/")
    return service.website if is_home or place.policy == LocationPolicy.PUBLIC else ""


def source(row: Provenance, policy: str) -> Source:
    """Where the facts come from. Of a place not shown the publisher's name alone: a headline may tell it."""
    host = urlsplit(row.source_url).netloc.removeprefix("www.")
    return Source(
        host=host,
        url=row.source_url if policy == LocationPolicy.PUBLIC else "",
        kind=SourceType(row.source_type).label,
        date=row.source_date,
        # The kind already says "invented for the demo"; a note would only repeat it.
        note=Localized("", reader_language())
        if row.source_type == SourceType.DEMO
        else localized(row, "source_note"),
    )
