"""The only writer of new outbox rows, but for the digests; and which of them still wait."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from partners.models import Delivery, OutboxRow
from partners.notifications import tasks


def add(organization_id: UUID, kind: str, object_id: UUID, code: str) -> None:
    """Owe the organization a notice: the act's code, the object's id and public code, nothing else.

    Call it inside the act's own transaction, so that the notice exists exactly when the act happened.
    Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A notice commits with its act.")
    row = OutboxRow.objects.create(organization_id=organization_id, kind=kind, object_id=object_id, code=code)
    transaction.on_commit(partial(tasks.wake, row.pk))


def waiting() -> Q:
    """For a query of rows: it was not handed on yet, or one of its deliveries was never sent."""
    unsent = Delivery.objects.filter(row=OuterRef("pk"), done_at__isnull=True)
    return Q(Q(fanned_out_at__isnull=True) | Exists(unsent))
