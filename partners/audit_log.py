"""What a privacy officer reads of the audit log: the chain of the own organization, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet

from partners.actor import Actor
from partners.audit_words import words_for
from partners.bilingual import localized
from partners.models import AuditEvent, Organization, User
from partners.roles import Capability

PAGE_SIZE = 50
# Said by the action itself, or of no use to a reader.
SILENT_DETAILS = frozenset({"status"})


@dataclass(frozen=True)
class Line:
    """One row in words. ``who`` is empty where another organization's member acted: theirs to name."""

    at: datetime
    who: str
    organization: str
    channel: str
    what: str
    result: str
    refused: bool
    object_type: str
    object_id: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LogPage:
    """One page of lines; ``first`` and ``last`` count from 1 over all ``count`` of them."""

    lines: list[Line]
    number: int
    pages: int
    count: int
    first: int
    last: int


def read(actor: Actor, *, object_id: str = "", user_id: UUID | None = None, page: int = 1) -> LogPage:
    """A page beyond the last is the last. Raises Refused without READ_AUDIT."""
    actor.require(Capability.READ_AUDIT)
    rows = AuditEvent.objects.filter(chain=str(actor.organization_id)).order_by("-sequence")
    if object_id:
        rows = rows.filter(object_id=object_id)
    if user_id:
        rows = rows.filter(user_id=user_id)
    return page_of(actor, rows, page)


def page_of(
    actor: Actor, rows: QuerySet[AuditEvent], page: int | str = 1, page_size: int = PAGE_SIZE
) -> LogPage:
    """One page of these rows in words; the first for a number that is none. The caller asks who may."""
    found = Paginator(rows, page_size).get_page(page)
    return LogPage(
        lines=in_words(actor, list(found.object_list)),
        number=found.number,
        pages=found.paginator.num_pages,
        count=found.paginator.count,
        first=found.start_index(),
        last=found.end_index(),
    )


def members(actor: Actor) -> Iterable[User]:
    """Whom the log of the own organization can name: everybody who is or was a member."""
    actor.require(Capability.READ_AUDIT)
    of_organization = User.objects.filter(memberships__organization_id=str(actor.organization_id))
    return of_organization.distinct().order_by("full_name", "pk")


def in_words(actor: Actor, rows: list[AuditEvent]) -> list[Line]:
    """Each row in the reader's language; names are those of the actor's own organization."""
    names = dict(
        User.objects.filter(pk__in={row.user_id for row in rows if row.user_id})
        .order_by("pk")
        .values_list("pk", "full_name")
    )
    concerned = {row.organization_id for row in rows} | {_uuid(row.details.get("recipient")) for row in rows}
    organizations = Organization.objects.in_bulk(concerned - {None})
    return [_line(actor, row, names, organizations) for row in rows]


def _line(
    actor: Actor, row: AuditEvent, names: dict[UUID, str], organizations: dict[UUID, Organization]
) -> Line:
    organization = organizations.get(row.organization_id) if row.organization_id else None
    own = row.organization_id == actor.organization_id
    return Line(
        at=row.at,
        who=names.get(row.user_id, "") if own and row.user_id else "",
        organization=localized(organization, "name").text if organization else "",
        channel=words_for(f"channel.{row.channel}"),
        what=words_for(row.action),
        result=words_for(f"result.{row.result}", ""),
        refused=row.result == "refused",
        object_type=words_for(f"type.{row.object_type}"),
        object_id=row.object_id,
        details=tuple(_details(row.details, organizations)),
    )


def _details(details: dict[str, Any], organizations: dict[UUID, Organization]) -> Iterable[tuple[str, str]]:
    for key, value in details.items():
        recipient = _uuid(value) if key == "recipient" else None
        named = organizations.get(recipient) if recipient else None
        values = value if isinstance(value, list) else [value]
        text = (
            localized(named, "name").text
            if named
            else ", ".join(words_for(f"{key}.{one}", str(one)) for one in values if one not in (None, ""))
        )
        if text and key not in SILENT_DETAILS:
            yield words_for(f"detail.{key}", key), text


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
