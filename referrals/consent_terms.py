"""The terms of a consent, read from untrusted input."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import Taxonomy, TaxonomyTerm
from partners.errors import Invalid
from partners.models import Organization
from partners.police_channel import is_police
from referrals.consent import FIELD_GROUPS, POLICE, PROFILES
from referrals.consent_texts import CONSENT_TEXTS, POLICE_VERSION
from referrals.details import clean_text
from referrals.models import ConsentGiver, ConsentMethod

DEFAULT_DAYS = 90
LONGEST_DAYS = 365
TEXTS = {"witness": 200, "given_by_reason": 500}
# A clock that runs ahead a little is no future date.
TOLERANCE = datetime.timedelta(minutes=5)
FIELDS = frozenset(
    {"field_groups", "how", "language", "text_version", "purpose", "witness", "given_by"}
    | {"given_by_reason", "given_at", "expires_at"}
)


def read(*, recipient_id: UUID, refused: bool, given: Mapping[str, Any]) -> dict[str, Any]:
    """The terms as the model takes them. Raises Invalid field by field.

    ``expires_at`` defaults to 90 days after ``given_at`` (default: now) and is at most 365 days after
    it. A refusal has no field groups; a call by police may do without any. A spoken consent names its
    witness. ``given_by_reason`` says why it was for ``given_by`` to consent, of a person under 18.
    """
    moment = given.get("given_at") or timezone.now()
    terms = {
        "field_groups": [] if refused else _groups(given.get("field_groups")),
        "how": given.get("how"),
        "language": given.get("language"),
        "text_version": given.get("text_version"),
        "purpose": given.get("purpose") or "referral",
        "witness": given.get("witness") or "",
        "given_by": given.get("given_by") or ConsentGiver.SELF.value,
        "given_by_reason": given.get("given_by_reason") or "",
        "given_at": moment,
        "expires_at": given.get("expires_at") or moment + datetime.timedelta(days=DEFAULT_DAYS),
    }
    errors = _code_errors(terms) | _rule_errors(terms)
    recipient = Organization.objects.filter(pk=recipient_id).first()
    if recipient is None:
        errors["recipient"] = [_("There is no such partner.")]
    else:
        errors |= _recipient_errors(terms, recipient, refused)
    for name in set(given) - FIELDS:
        errors[name] = [_("A consent does not hold this.")]
    if errors:
        raise Invalid(errors)
    # From a clock that runs ahead: it replaces what stands now, so it must be in force now.
    terms["given_at"] = min(moment, timezone.now())
    return terms


def _groups(groups: Any) -> list[str]:
    if not isinstance(groups, (list, tuple, set, frozenset)):
        return []
    return sorted({str(group) for group in groups})


def _code_errors(terms: Mapping[str, Any]) -> dict[str, list[str | Promise]]:
    """Codes that must stand in their lists."""
    languages = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.LANGUAGE)
    problems = {
        "how": (terms["how"] in ConsentMethod.values, _("Choose how the consent was given.")),
        "given_by": (terms["given_by"] in ConsentGiver.values, _("Choose who gave the consent.")),
        "text_version": (
            isinstance(terms["text_version"], str) and terms["text_version"] in CONSENT_TEXTS,
            _("There is no such text."),
        ),
        "purpose": (terms["purpose"] == "referral", _("The only purpose is referral.")),
        "language": (
            isinstance(terms["language"], str) and languages.filter(code=terms["language"]).exists(),
            _("Choose a language from the list."),
        ),
    }
    return {name: [words] for name, (right, words) in problems.items() if not right}


def _recipient_errors(
    terms: Mapping[str, Any], recipient: Organization, refused: bool
) -> dict[str, list[str | Promise]]:
    """Police have a text of their own, and are never told more than a name."""
    errors: dict[str, list[str | Promise]] = {}
    groups, police = set(terms["field_groups"]), is_police(recipient)
    if not groups <= set(FIELD_GROUPS) or not (groups or refused or police):
        errors["field_groups"] = [_("Choose at least one group from the list.")]
    elif police and not groups <= PROFILES[POLICE]:
        errors["field_groups"] = [_("Police are never told more than the chosen name.")]
    if (terms["text_version"] == POLICE_VERSION) is not police:
        errors["text_version"] = [_("This is not the text for this partner.")]
    return errors


def _rule_errors(terms: Mapping[str, Any]) -> dict[str, list[str | Promise]]:
    """Witness and times."""
    now, given, until = timezone.now(), terms["given_at"], terms["expires_at"]
    errors: dict[str, list[str | Promise]] = {}
    if given > now + TOLERANCE:
        errors["given_at"] = [_("This date is in the future.")]
    if until <= now or not given < until <= given + datetime.timedelta(days=LONGEST_DAYS):
        errors["expires_at"] = [_("A consent ends after it is given, and within a year.")]
    spoken = terms["how"] == ConsentMethod.SPOKEN.value
    if spoken and isinstance(terms["witness"], str) and not terms["witness"].strip():
        errors["witness"] = [_("Name the witness.")]
    for name, length in TEXTS.items():
        try:
            clean_text(terms[name], length)
        except ValueError as error:
            errors[name] = [error.args[0]]
    return errors
