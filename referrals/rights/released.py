"""What already left Relais about a person: deletion can list it, and can't call it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from partners import audit
from partners.models import AuditEvent
from referrals.models import LegalBasisShare

EXPORTED = "client.export"
WITHOUT_CONSENT = "legal_basis.release"


@dataclass(frozen=True)
class Release:
    """All releases of one kind to one recipient. ``recipient`` is None for somebody outside the network."""

    what: str
    recipient: UUID | None
    first: datetime
    last: datetime
    field_groups: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain ids, dates and codes, as the deletion list keeps them."""
        return {
            "what": self.what,
            "recipient": str(self.recipient) if self.recipient else None,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "field_groups": list(self.field_groups),
        }


@dataclass(frozen=True)
class Left:
    """Everything that left, read once; grouped for the whole file or for one referral."""

    rows: tuple[tuple[str, Release], ...]

    def all(self) -> list[Release]:
        return _together(release for _referral, release in self.rows)

    def through(self, referral_id: UUID) -> list[Release]:
        return _together(release for referral, release in self.rows if referral == str(referral_id))


def left(client_id: UUID, organization_id: UUID) -> Left:
    """From the chain of the client's organization, in the order of time.

    The rows are found by their object and parted here: asked for the chain, SQLite would walk all of it.
    """
    rows = AuditEvent.objects.filter(
        object_type="client", object_id=str(client_id), result=audit.RELEASED
    ).order_by("at", "sequence")
    own = [row for row in rows if row.chain == organization_id]
    outside = [row for row in own if row.organization_id != organization_id or row.action == EXPORTED]
    return Left((*(_of_row(row) for row in outside), *_shared_without_consent(client_id)))


def _of_row(row: AuditEvent) -> tuple[str, Release]:
    groups = tuple(row.details.get("field_groups", ()))
    release = Release(row.action, row.organization_id, row.at, row.at, groups)
    return row.details.get("referral", ""), release


def _shared_without_consent(client_id: UUID) -> list[tuple[str, Release]]:
    shares = LegalBasisShare.objects.filter(client_id=client_id, released_at__isnull=False)
    values = shares.order_by("released_at").values_list(
        "recipient_organization_id", "released_at", "field_groups"
    )
    return [("", Release(WITHOUT_CONSENT, who, at, at, tuple(groups))) for who, at, groups in values]


def _together(found: Iterable[Release]) -> list[Release]:
    merged: dict[tuple[str, UUID | None], Release] = {}
    for one in found:
        before = merged.get((one.what, one.recipient), one)
        merged[one.what, one.recipient] = Release(
            one.what,
            one.recipient,
            min(before.first, one.first),
            max(before.last, one.last),
            tuple(sorted({*before.field_groups, *one.field_groups})),
        )
    return list(merged.values())
