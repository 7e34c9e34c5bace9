"""What may be left with a program, read from untrusted input: a name, the safe ways, a language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.errors import Invalid
from referrals import client_details
from referrals.details import REQUIRED, clean_text, read_date
from referrals.introduction_texts import CURRENT_VERSION

OLDEST_CONSENT = datetime.timedelta(days=90)
MESSAGE_LENGTH = 500
# The ways in which somebody who has not met her yet can reach her.
OWN_METHODS = ("call", "text", "email")
type_of_errors = dict[str, list[str | Promise]]

PERSON = ("chosen_name", "safe_contact", "language")
INTRODUCED = (*PERSON, "text_version", "consented_on", "no_consequence_told")
OWN = (*PERSON, "message")


def read(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a partner leaves, as the model takes it. Raises Invalid field by field.

    The consent is in writing, to the current text, of the last 90 days; and whoever introduces her
    confirms that she was told that a no has no consequence.
    """
    errors = _unknown(given, INTRODUCED)
    person = _person(given, errors, name_needed=True)
    if given.get("text_version") != CURRENT_VERSION:
        errors["text_version"] = [_("Read and sign the current text.")]
    if given.get("no_consequence_told") is not True:
        errors["no_consequence_told"] = [
            _("Tell the person first that a no has no consequence, then confirm it here.")
        ]
    day = _consented_on(given.get("consented_on"), errors)
    if errors or day is None:
        raise Invalid(errors)
    return {
        **person,
        "consent_text_version": CURRENT_VERSION,
        "consented_at": timezone.make_aware(datetime.datetime.combine(day, datetime.time(12))),
        "no_consequence_told": True,
    }


def read_own(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the person leaves herself: a name only if she likes. Raises Invalid field by field."""
    errors = _unknown(given, OWN)
    person = _person(given, errors, name_needed=False)
    methods = (given.get("safe_contact") or {}).get("methods") or []
    if not set(methods) <= set(OWN_METHODS):
        errors.setdefault("safe_contact", [_("Choose the safe ways from the list.")])
    try:
        message = clean_text(given.get("message") or "", MESSAGE_LENGTH)
    except ValueError as error:
        errors["message"] = [error.args[0]]
    if errors:
        raise Invalid(errors)
    return {**person, "message": message}


def _unknown(given: Mapping[str, Any], known: tuple[str, ...]) -> type_of_errors:
    return {name: [_("This does not belong here.")] for name in given if name not in known}


def _person(given: Mapping[str, Any], errors: type_of_errors, *, name_needed: bool) -> dict[str, Any]:
    """Name, safe contact and language, by the rules of the client file; what is wrong goes to ``errors``."""
    asked = {name: given.get(name) for name in PERSON if name != "chosen_name"}
    if name_needed or given.get("chosen_name"):
        asked["chosen_name"] = given.get("chosen_name")
    try:
        taken = {"chosen_name": "", **client_details.read(asked)}
    except Invalid as invalid:
        errors.update(invalid.errors)
        return {}
    block = taken["safe_contact"]
    if not block["methods"] or block["do_not_contact"]:
        errors["safe_contact"] = [_("Choose at least one safe way.")]
    return taken


def _consented_on(value: Any, errors: type_of_errors) -> datetime.date | None:
    if value in (None, ""):
        errors["consented_on"] = [REQUIRED]
        return None
    try:
        day = read_date(value)
    except ValueError as error:
        errors["consented_on"] = [error.args[0]]
        return None
    today = timezone.localdate()
    if day > today:
        errors["consented_on"] = [_("This date is in the future.")]
    elif day < today - OLDEST_CONSENT:
        errors["consented_on"] = [_("This is more than 90 days ago. Ask the person again.")]
    return day
