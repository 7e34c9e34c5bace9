"""What a file held before it was changed, and what the person says that the organization would not write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import Area
from partners import audit
from partners.actor import Actor
from partners.errors import Invalid
from referrals.access import access_client, held
from referrals.details import REQUIRED, clean_text
from referrals.models import Client, ClientCorrection

PAGE_SIZE = 20
REASON_LENGTH, STATEMENT_LENGTH = 500, 2000
# The name of a row that changes nothing: the correction she asked for, and why it was not made.
STATEMENT = "statement"


@dataclass(frozen=True)
class Correction:
    """One line of the history. ``before`` is a value as the file takes it; a statement holds her words."""

    at: datetime
    field: str
    before: Any
    reason: str
    by: str

    @property
    def is_statement(self) -> bool:
        return self.field == STATEMENT


def keep(actor: Actor, client: Client, before: Mapping[str, Any], reason: str) -> None:
    """Keep what the changed fields held. Called by the writer of the file, in its transaction."""
    for name, value in before.items():
        ClientCorrection.objects.create(
            client=client, field=name, before=as_text(value), reason=reason, corrected_by_id=actor.user_id
        )


def read_reason(reason: str) -> str:
    """Why a field is changed; may be empty. Raises Invalid."""
    return _clean({"reason": reason}, REASON_LENGTH, required=False)["reason"]


def record_statement(*, actor: Actor, client_id: UUID, statement: str, reason: str) -> None:
    """A correction that the person asked for and did not get: her words, and why not. Both are needed."""
    client = access_client(client_id, actor)
    said = _clean({"statement": statement, "reason": reason}, STATEMENT_LENGTH, required=True)
    with transaction.atomic():
        held(Client.objects, client.pk)
        ClientCorrection.objects.create(
            client=client,
            field=STATEMENT,
            before=said["statement"],
            reason=said["reason"],
            corrected_by_id=actor.user_id,
        )
        client.save(update_fields=["last_act_at"])
        _audit(actor, client.pk, "client.statement")


def history(*, actor: Actor, client_id: UUID, page: int | str = 1, page_size: int = PAGE_SIZE) -> Page:
    """What was corrected, the newest first. One release for the page."""
    client = access_client(client_id, actor)
    rows = ClientCorrection.objects.filter(client=client).select_related("corrected_by")
    found = Paginator(rows, page_size).get_page(page)
    _record_release(actor, client.pk)
    found.object_list = [
        Correction(row.at, row.field, from_text(row.field, row.before), row.reason, str(row.corrected_by))
        for row in found.object_list
    ]
    return found


def as_text(value: Any) -> str:
    """A value of the file as one text."""
    if isinstance(value, Area):
        return value.code
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def from_text(field: str, text: str) -> Any:
    """The value of a field again, from ``as_text``."""
    if field == "safe_contact":
        return json.loads(text or "{}")
    return text


def _clean(given: Mapping[str, str], length: int, *, required: bool) -> dict[str, str]:
    clean: dict[str, str] = {}
    errors: dict[str, list[str | Promise]] = {}
    for name, value in given.items():
        try:
            clean[name] = clean_text(value, length)
        except ValueError as error:
            errors[name] = [error.args[0]]
            continue
        if required and not clean[name]:
            errors[name] = [REQUIRED]
    if errors:
        raise Invalid(errors)
    return clean


def _record_release(actor: Actor, client_id: UUID) -> None:
    audit.release(_entry(actor, client_id, "client.history"))


def _audit(actor: Actor, client_id: UUID, action: str) -> None:
    audit.record(_entry(actor, client_id, action))


def _entry(actor: Actor, client_id: UUID, action: str) -> audit.Entry:
    return audit.Entry(
        actor=actor,
        action=action,
        object_type="client",
        object_id=client_id,
        chains=(actor.organization_id,),
    )


WORDS: dict[str, str | Promise] = {
    "client.history": _("History of a client file shown"),
    "client.statement": _("Statement of the person added to the file"),
}
