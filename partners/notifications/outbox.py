"""The only writer of new outbox rows."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from partners.models import OutboxRow


def add(organization_id: UUID, kind: str, object_id: UUID, code: str) -> None:
    """Owe the organization a notice: the act's code, the object's id and public code, nothing else.

    Call it inside the act's own transaction, so that the notice exists exactly when the act happened.
    Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A notice commits with its act.")
    OutboxRow.objects.create(organization_id=organization_id, kind=kind, object_id=object_id, code=code)
