"""What the page of a program shows: the complete profile, its values in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.listing_page import Source, source
from directory.models import LocationPolicy, Program, Service, Taxonomy
from directory.presentation import age_words
from directory.vocabulary import Vocabulary
from partners.actor import ANONYMOUS
from partners.bilingual import LANGUAGES, Localized, localized, reader_language


@dataclass(frozen=True)
class Row:
    """``value`` is a value of the profile in words ("Limited information"); empty where it is told."""

    label: str
    value: str
    text: Localized


@dataclass(frozen=True)
class Phase:
    number: int
    name: Localized
    activities: list[Localized]


@dataclass(frozen=True)
class Reference:
    text: Localized
    url: str


@dataclass(frozen=True)
class ContactCard:
    organization: str
    lines: list[str]
    phone: str
    email: str
    website: str


@dataclass(frozen=True)
class ServiceLink:
    id: UUID
    name: Localized
    summary: Localized


@dataclass(frozen=True)
class ProgramView:
    name: Localized
    aliases: list[Localized]
    organization: Localized
    summary: Localized
    description: Localized
    clientele: Localized
    facts: list[tuple[str, str]]
    objectives: list[Localized]
    components: list[Localized]
    phases: list[Phase]
    secondary: list[Localized]
    implementation: list[Row]
    recognitions: list[tuple[str, str]]
    evaluation: list[Row]
    funding: list[Localized]
    cost: Row
    references: list[Reference]
    contact: ContactCard | None
    source: Source
    services: list[ServiceLink]
    as_of: date | None


def program_view(program: Program, vocabulary: Vocabulary) -> ProgramView:
    profile = program.profile
    return ProgramView(
        name=localized(program, "name"),
        aliases=[Localized(alias.name, alias.language) for alias in program.aliases.all()],
        organization=localized(program.organization, "name"),
        summary=localized(program, "summary"),
        description=localized(program, "description"),
        clientele=localized(program, "clientele"),
        facts=facts(program),
        objectives=texts(profile.get("objectives")),
        components=texts(profile.get("core_components")),
        phases=[
            Phase(row["number"], text(row, "name"), texts(row.get("activities")))
            for row in profile.get("phases") or []
        ],
        secondary=texts(profile.get("secondary_components")),
        implementation=[
            Row(aspect(row["aspect"]), value(row.get("value")), text(row))
            for row in profile.get("implementation") or []
        ],
        recognitions=[
            (row["register"], value(row.get("value"))) for row in profile.get("recognitions") or []
        ],
        evaluation=evaluation(profile.get("evaluation") or {}),
        funding=[_funding(row) for row in profile.get("funding") or []],
        cost=_cost(profile.get("cost") or {}),
        references=[Reference(text(row), row.get("url") or "") for row in profile.get("references") or []],
        contact=_contact(profile.get("contact") or {}),
        source=source(program, LocationPolicy.PUBLIC),
        services=_services(program),
        as_of=program.as_of,
    )


def text(row: dict[str, Any], field: str = "text") -> Localized:
    """``<field>_en`` or ``<field>_fr`` of a part of the profile, or the other one where one is missing."""
    wanted = reader_language()
    for language in (wanted, *(other for other in LANGUAGES if other != wanted)):
        if found := row.get(f"{field}_{language}"):
            return Localized(found, language)
    return Localized("", wanted)


def texts(rows: list[dict[str, Any]] | None) -> list[Localized]:
    return [text(row) for row in rows or []]


def value(code: str | None) -> str:
    """Values, not gaps: each is said. Empty for what is described in words."""
    return {
        "limited_information": _("Limited information"),
        "not_applicable": _("Not applicable"),
        "under_way": _("Under way"),
        "none_available": _("None available"),
        "none_yet": _("None yet"),
        "available": _("Available"),
        "not_started": _("Not started"),
        "completed": _("Completed"),
        "recognized": _("Recognized"),
    }.get(code or "", "")


def aspect(code: str) -> str:
    return {
        "organization": _("The organization it needs"),
        "partnerships": _("Partnerships"),
        "training": _("Training and technical assistance"),
        "risk_assessment": _("Risk assessment tools"),
        "materials": _("Materials and resources"),
    }.get(code, code)


def facts(program: Program) -> list[tuple[str, str]]:
    """Short facts as pairs of a label and its words; what is not known is left to the other parts."""
    groups = [
        (Taxonomy.GENDER, _("Gender served")),
        (Taxonomy.POPULATION, _("Populations")),
        (Taxonomy.TOPIC, _("Topic")),
        (Taxonomy.SETTING, _("Setting")),
        (Taxonomy.LEVEL, _("Level of prevention")),
    ]
    ages = [age_words(g["minimum"], g["maximum"]) for g in program.profile.get("age_groups") or []]
    rows = [(_("Age groups"), "; ".join(ages))]
    for taxonomy, label in groups:
        terms = [a.term for a in program.attributes.all() if a.term.taxonomy == taxonomy]
        rows.append((label, "; ".join(localized(term, "name").text for term in terms)))
    provinces = {"MB": _("Manitoba")}
    province = program.profile.get("province") or ""
    rows.append((_("Where it runs"), provinces.get(province, province)))
    return [row for row in rows if row[1]]


def evaluation(part: dict[str, Any]) -> list[Row]:
    """State, number of studies, findings, who pays the evaluator."""
    if not part:
        return []
    nothing = Localized("", reader_language())
    studies = part.get("studies_count")
    unknown = _("Not known")
    count = unknown if studies is None else ngettext("%(n)s study", "%(n)s studies", studies) % {"n": studies}
    funded = {True: _("Yes"), False: _("No"), None: unknown}[part.get("external_evaluator_funded")]
    return [
        Row(_("Outcome evaluation"), value(part.get("state")), text(part)),
        Row(_("Studies"), count, nothing),
        Row(_("Findings"), value(part.get("findings")), nothing),
        Row(_("External evaluator funded"), funded, nothing),
    ]


def _funding(row: dict[str, Any]) -> Localized:
    giver = text(row, "source")
    start, end = row.get("start_year"), row.get("end_year")
    years = f"{start}–{end}" if end else str(start or "")
    return Localized(f"{giver.text}, {years}" if years else giver.text, giver.language)


def _cost(row: dict[str, Any]) -> Row:
    return Row(_("Cost"), value(row.get("value")), text(row))


def _contact(row: dict[str, Any]) -> ContactCard | None:
    if not row:
        return None
    town = ", ".join(filter(None, [row.get("city"), row.get("province")]))
    town = " ".join(filter(None, [town, row.get("postal_code")]))
    return ContactCard(
        organization=row.get("organization") or "",
        lines=[line for line in (row.get("address_1"), town) if line],
        phone=row.get("phone") or "",
        email=row.get("email") or "",
        website=row.get("website") or "",
    )


def _services(program: Program) -> list[ServiceLink]:
    services = Service.objects.visible_to(ANONYMOUS).filter(program=program)
    order = f"sort_{reader_language()}"
    return [
        ServiceLink(service.pk, localized(service, "name"), localized(service, "summary"))
        for service in services.order_by(order, "id")
    ]
