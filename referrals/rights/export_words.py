"""A field's value as JSON keeps it, and in words of the reader's language."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Field, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Area, Location, Taxonomy, TaxonomyTerm
from partners.actor import Side
from partners.audit_words import words_for
from partners.bilingual import localized
from partners.models import Organization, User
from referrals import events, workflow
from referrals.models import AgeBand, Need, Referral
from referrals.presenting import FIELD_LABELS, METHOD_LABELS, PHASE_LABELS, groups_in_words, language_name
from referrals.rights.corrections import STATEMENT, from_text

SIDES = {
    Side.SENDER.value: gettext_lazy("Sender"),
    Side.RECEIVER.value: gettext_lazy("Receiver"),
    events.SYSTEM_SIDE: gettext_lazy("Relais itself"),
}
ENDS = {
    **workflow.OUTCOMES,
    **workflow.DECLINE_REASONS,
    **workflow.WITHDRAW_REASONS,
    **workflow.EXPIRE_REASONS,
    **workflow.VOID_REASONS,
}
WITHDRAWN = {
    "in_person": gettext_lazy("In person"),
    "phone": gettext_lazy("By phone"),
    "written": gettext_lazy("In writing"),
    "electronic": gettext_lazy("Electronically"),
}
CONTACT = {
    "methods": gettext_lazy("Ways that are safe"),
    "phone": gettext_lazy("Safe number"),
    "email": gettext_lazy("Safe e-mail"),
    "hours": gettext_lazy("Safe times"),
    "voicemail": gettext_lazy("You may leave a voicemail"),
    "text": gettext_lazy("You may text"),
    "code_word": gettext_lazy("Code word"),
    "do_not_contact": gettext_lazy("Do not contact. Speak only to the worker."),
}
MEMBERS = frozenset({"by", "user_id", "written_by", "recorded_by"})


class Words:
    """Knows whom the export may name: members of the own organization. Others are their organization's."""

    def __init__(self, organization_id: UUID):
        own = User.objects.filter(memberships__organization_id=organization_id).distinct().order_by("pk")
        self.names = {user.pk: str(user) for user in own}

    def member(self, pk: UUID | None) -> str:
        if pk is None:
            return ""
        return self.names.get(pk) or _("A member of another organization")

    def say(self, row: Model, field: Field) -> str:
        """The value in words; empty where there is none."""
        value = getattr(row, field.attname)
        if value in (None, "", [], {}):
            return ""
        if field.related_model is User or field.name in MEMBERS:
            return self.member(value)
        if field.is_relation:
            return _related(getattr(row, field.name))
        if field.name == "phase":
            return str(PHASE_LABELS[value])
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        special = _SPECIAL.get(field.name)
        return special(row, value) if special else _plain(value)


def as_json(row: Model, field: Field) -> Any:
    """Codes, ids and ISO dates."""
    value = getattr(row, field.attname)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def _related(row: Any) -> str:
    if isinstance(row, Referral):
        return row.code
    if isinstance(row, Need):
        return localized(row.category, "name").text
    if isinstance(row, Location):
        return row.city
    return localized(row, "name").text


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime.datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, datetime.date):
        return date_format(value, "DATE_FORMAT")
    return str(value)


def _contact(block: Mapping[str, Any]) -> str:
    said = {**block, "methods": ", ".join(str(METHOD_LABELS[m]) for m in block.get("methods") or [])}
    return _listed(
        (str(label), _plain(said[name]))
        for name, label in CONTACT.items()
        if said.get(name) not in (None, "")
    )


def _details(details: Mapping[str, Any]) -> str:
    """A line of the timeline in the words of the audit log, which holds the same codes."""
    return _listed(
        (words_for(f"detail.{name}", name), words_for(f"{name}.{code}", str(code)))
        for name, code in details.items()
    )


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(_("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in pairs)


def _terms(codes: Iterable[str]) -> str:
    found = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.BARRIER, code__in=list(codes))
    names = {term.code: localized(term, "name").text for term in found}
    return ", ".join(names.get(code, code) for code in codes)


def _organization(pk: UUID) -> str:
    found = Organization.objects.filter(pk=pk).first()
    return localized(found, "name").text if found else ""


def value_in_words(field: str, value: Any) -> str:
    """What a corrected field of the file held."""
    if not value:
        return ""
    if field == "age_band":
        return str(dict(AgeBand.choices).get(value, value))
    if field == "safe_area":
        area = Area.objects.filter(code=value).first()
        return localized(area, "name").text if area else str(value)
    special = _SPECIAL.get(field)
    return special(None, value) if special else str(value)


def field_in_words(name: str) -> str:
    """The name of a corrected field."""
    if name == STATEMENT:
        return _("Statement of the person")
    return str(FIELD_LABELS.get(name) or words_for(f"fields.{name}", name))


_SPECIAL: Mapping[str, Any] = {
    "barriers": lambda row, value: _terms(value),
    "before": lambda row, value: value_in_words(row.field, from_text(row.field, value)),
    "birth_date": lambda row, value: _plain(datetime.date.fromisoformat(value)),
    "details": lambda row, value: _details(value),
    "end_reason": lambda row, value: str(ENDS.get(value, value)),
    "field": lambda row, value: field_in_words(value),
    "field_groups": lambda row, value: groups_in_words(value),
    "kind": lambda row, value: str(events.TEXTS.get(value, value)),
    "language": lambda row, value: language_name(value),
    "organization_id": lambda row, value: _organization(value),
    "purpose": lambda row, value: _("Referral") if value == "referral" else value,
    "safe_contact": lambda row, value: _contact(value),
    "side": lambda row, value: str(SIDES.get(value, value)),
    "withdrawn_how": lambda row, value: str(WITHDRAWN.get(value, value)),
}
