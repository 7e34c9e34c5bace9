"""A ClientView in words: labels, rows and the rules of safe contact. Reads nothing of its own accord."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from directory.models import Taxonomy
from directory.vocabulary import vocabulary
from partners.actor import Side
from partners.bilingual import localized
from referrals.ages import is_minor
from referrals.clients import ClientFile, ClientRow
from referrals.consent import (
    FIELD_GROUPS,
    GROUP_FIELDS,
    ClientView,
    Stage,
    disclosed,
    groups_for,
    is_live,
    offer_of,
    preview,
    stage_of,
    tombstone_words,
)
from referrals.models import AgeBand, Consent, Referral
from referrals.safe_contact import contact_rules
from referrals.workflow import STATUS_LABELS, Status

FIELD_LABELS: Mapping[str, Promise] = {
    "chosen_name": gettext_lazy("Chosen name"),
    "legal_name": gettext_lazy("Legal name"),
    "birth_date": gettext_lazy("Birth date"),
    "gender": gettext_lazy("Gender"),
    "pronouns": gettext_lazy("Pronouns"),
    "safe_contact": gettext_lazy("Safe contact"),
    "situation": gettext_lazy("Situation"),
    "phase": gettext_lazy("Program phase"),
    "note": gettext_lazy("Note"),
    "health": gettext_lazy("Health"),
    "family": gettext_lazy("Family"),
    "justice": gettext_lazy("Court and police"),
    "housing": gettext_lazy("Housing"),
    "indigenous_identity": gettext_lazy("Indigenous identity"),
}
# The field groups as a worker reads them; ``FIELD_GROUPS`` holds the words said to the person.
GROUP_LABELS: Mapping[str, Promise] = {
    **FIELD_GROUPS,
    "contact": gettext_lazy("Safe contact"),
    "situation": gettext_lazy("Situation and what the person is looking for"),
}
PHASE_LABELS: Mapping[int, Promise] = {
    1: gettext_lazy("Phase 1: Outreach, intake and assessment"),
    2: gettext_lazy("Phase 2: Support and education"),
    3: gettext_lazy("Phase 3: Therapeutic support"),
    4: gettext_lazy("Phase 4: Continuing support and mentoring"),
}
METHOD_LABELS: Mapping[str, Promise] = {
    "call": pgettext_lazy("a way to reach somebody", "Call"),
    "text": gettext_lazy("Text message"),
    "email": gettext_lazy("E-mail"),
    "in_person": gettext_lazy("In person"),
}
# Why a field is hidden, as the components say it: "later", "never", "ended", or not written down.
VEILS = {
    "before_acceptance": "later",
    "not_consented": "never",
    "not_for_this_partner": "never",
    "no_longer_shared": "ended",
    "not_given": "empty",
}


class Row(NamedTuple):
    """One line of a sheet. ``hidden`` is "" where the value is shown, else a key of the veil."""

    label: str
    value: str
    hidden: str = ""
    group: str = ""


def opening_rows(view: ClientView) -> list[Row]:
    """What both stages show: need, urgency, and area, language and age where they are shown."""
    rows = [Row(_("Need"), view.need or ""), Row(_("How soon"), view.urgency_label or "")]
    rows = [row for row in rows if row.value]
    if view.age_band:
        rows.append(Row(_("Age group"), str(AgeBand(view.age_band).label)))
    if view.language:
        rows.append(Row(_("Language"), language_name(view.language)))
    if view.area:
        rows.append(Row(_("Area"), view.area))
    return rows


def person_rows(view: ClientView) -> list[Row]:
    """Every field of the person, in the order of the field groups, shown or with why it is hidden."""
    return [
        Row(str(FIELD_LABELS[name]), in_words(name, getattr(view, name)), _hidden(view, name), group)
        for group, names in GROUP_FIELDS.items()
        for name in names
    ]


def shown_rows(view: ClientView) -> list[Row]:
    """The fields that are open, without safe contact, which has a box of its own."""
    label = str(FIELD_LABELS["safe_contact"])
    return [row for row in person_rows(view) if not row.hidden and row.label != label]


def _hidden(view: ClientView, name: str) -> str:
    return VEILS[view.withheld[name]] if name in view.withheld else ""


def in_words(name: str, value: Any) -> str:
    """A field's value as a person writes it."""
    if value in (None, "", {}):
        return ""
    if name == "safe_contact":
        return ". ".join(rule.text for rule in contact_rules(value)) + "."
    if name == "phase":
        return str(PHASE_LABELS[value])
    if name == "birth_date":
        return date_format(datetime.date.fromisoformat(value), "DATE_FORMAT")
    return str(value)


def language_name(code: str) -> str:
    return vocabulary().label(Taxonomy.LANGUAGE, code)


@dataclass(frozen=True)
class Seen:
    """What the other side sees at this moment, for the sender to check."""

    stage: str
    opening: list[Row]
    person: list[Row]
    notice: Promise | str = ""


def seen_by_receiver(referral: Referral) -> Seen:
    """For the sender's page only, after its own release has been recorded by ``disclose``."""
    stage = stage_of(referral, Side.RECEIVER)
    if stage is Stage.TOMBSTONE:
        return Seen(stage.value, [], [], tombstone_words(referral))
    offer = offer_of(referral)
    if stage is Stage.PREVIEW:
        view = preview(offer)
    else:
        view = disclosed(offer, groups_for(referral.consent, referral.receiver))
    return Seen(stage.value, opening_rows(view), [row for row in person_rows(view) if not row.hidden])


def age_unknown(referral: Referral) -> bool:
    """Nobody has asked yet; the stop for people under 18 then asks the age first."""
    return is_minor(referral.client) is None


def status_label(status: str) -> Promise:
    return STATUS_LABELS[Status(status)]


def groups_in_words(groups: Iterable[str]) -> str:
    return ", ".join(str(label) for group, label in GROUP_LABELS.items() if group in groups)


def consent_state(consent: Consent) -> tuple[str, str]:
    """A code and its words: live, refused, withdrawn, superseded or expired."""
    if consent.refused:
        return "refused", _("The person said no")
    if consent.withdrawn_at:
        return "withdrawn", _("Consent withdrawn")
    if consent.superseded_at:
        return "superseded", _("Replaced by a newer consent")
    if not is_live(consent):
        return "expired", _("Consent expired")
    until = date_format(timezone.localtime(consent.expires_at), "DATE_FORMAT")
    return "live", _("In force until %(date)s") % {"date": until}


@dataclass(frozen=True)
class ClientLine:
    """A row of the own list of clients, in words."""

    id: UUID
    code: str
    chosen_name: str
    phase_label: str
    age_label: str


def client_line(row: ClientRow) -> ClientLine:
    return ClientLine(
        row.id,
        row.code,
        row.chosen_name,
        str(PHASE_LABELS[row.phase]) if row.phase else "",
        str(AgeBand(row.age_band).label),
    )


FILE_FIELDS = (
    "chosen_name",
    "legal_name",
    "birth_date",
    "gender",
    "pronouns",
    "situation",
    "health",
    "family",
    "justice",
    "housing",
    "indigenous_identity",
)


def file_rows(file: ClientFile) -> list[Row]:
    """What the own file holds. What was left out is not listed: the file is minimal on purpose."""
    rows = [Row(str(FIELD_LABELS[name]), in_words(name, getattr(file, name))) for name in FILE_FIELDS]
    rows.insert(3, Row(_("Age group"), str(AgeBand(file.age_band).label)))
    rows.insert(6, Row(_("Language"), language_name(file.language)))
    if file.safe_area:
        rows.insert(7, Row(_("Safe area"), localized(file.safe_area, "name").text))
    return [row for row in rows if row.value]
