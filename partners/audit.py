"""The only writer of AuditEvent, and the check of its chains.

Each organization has one chain. A row's hash is HMAC-SHA-256 over its own content and the hash
before it, under a key that the database does not hold; a changed, removed or inserted row breaks the
chain from there on. An act that concerns two organizations stands in both chains.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from partners.actor import Actor
from partners.crypto import derived_key
from partners.models import AuditEvent, AuditHead

NETWORK_CHAIN = UUID(int=0)
DONE, REFUSED, RELEASED = "done", "refused", "released"


@dataclass(frozen=True)
class Entry:
    """What is to be recorded. ``details`` holds ids, codes and numbers only, never names or free text.

    ``chains`` are the organizations concerned; without any, the row stands in the network's chain.
    """

    actor: Actor
    action: str
    object_type: str
    object_id: UUID | str
    result: str = DONE
    chains: tuple[UUID | None, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


def record(*entries: Entry) -> None:
    """Write the entries, in order, to their chains. Call it last in the act's own transaction.

    Heads are locked in the order of their ids, after everything else the act locks, so that two acts
    over the same two organizations can't wait for each other. Raises TransactionManagementError
    outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audit row commits with its act.")
    placed = [(chain, entry) for entry in entries for chain in _chains(entry)]
    for chain in sorted({chain for chain, _ in placed}):
        _append(chain, [entry for of_chain, entry in placed if of_chain == chain])


def record_refusal(entry: Entry) -> None:
    """A refusal, in its own transaction. The outermost caller calls it after the rollback."""
    with transaction.atomic(durable=True):
        record(entry)


def _chains(entry: Entry) -> set[UUID]:
    return {chain for chain in entry.chains if chain} or {entry.actor.organization_id or NETWORK_CHAIN}


def _append(chain: UUID, entries: Iterable[Entry]) -> None:
    AuditHead.objects.get_or_create(chain=chain)
    head = AuditHead.objects.select_for_update().get(chain=chain)
    rows = []
    for entry in entries:
        head.sequence += 1
        row = AuditEvent(
            chain=chain,
            sequence=head.sequence,
            at=timezone.now(),
            user_id=entry.actor.user_id,
            organization_id=entry.actor.organization_id,
            channel=entry.actor.channel.value,
            action=entry.action,
            result=entry.result,
            object_type=entry.object_type,
            object_id=str(entry.object_id),
            details=entry.details,
            previous_hash=head.hash,
        )
        row.hash = head.hash = row_hash(row)
        rows.append(row)
    AuditEvent.objects.bulk_create(rows)
    head.save(update_fields=["sequence", "hash"])


def row_hash(row: AuditEvent) -> str:
    """HMAC over every column but the hash itself, in a fixed form."""
    content = [
        str(row.id),
        str(row.chain),
        row.sequence,
        row.at.timestamp(),
        str(row.user_id or ""),
        str(row.organization_id or ""),
        row.channel,
        row.action,
        row.result,
        row.object_type,
        row.object_id,
        row.details,
        row.previous_hash,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(derived_key("audit"), text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Break:
    """The first row of a chain that does not fit what stands before it."""

    chain: UUID
    sequence: int
    reason: str


def verify() -> tuple[int, Break | None]:
    """How many rows were checked, and the first break over all chains, or None."""
    heads = {head.chain: head for head in AuditHead.objects.all()}
    checked, last_chain, sequence, previous = 0, None, 0, ""
    for row in AuditEvent.objects.order_by("chain", "sequence").iterator(chunk_size=2000):
        if row.chain != last_chain:
            if last_chain and (broken := _short(heads.pop(last_chain, None), last_chain, sequence, previous)):
                return checked, broken
            last_chain, sequence, previous = row.chain, 0, ""
        sequence += 1
        if row.sequence != sequence:
            return checked, Break(row.chain, sequence, "missing")
        if row.previous_hash != previous or not hmac.compare_digest(row_hash(row), row.hash):
            return checked, Break(row.chain, sequence, "changed")
        previous = row.hash
        checked += 1
    if last_chain and (broken := _short(heads.pop(last_chain, None), last_chain, sequence, previous)):
        return checked, broken
    for head in heads.values():
        if head.sequence:
            return checked, Break(head.chain, 1, "missing")
    return checked, None


def _short(head: AuditHead | None, chain: UUID, sequence: int, previous: str) -> Break | None:
    """A chain whose end was cut off, or whose head was set back."""
    if head is None or head.sequence != sequence or head.hash != previous:
        return Break(chain, sequence + 1, "missing")
    return None
