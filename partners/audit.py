"""The only writer of AuditEvent, and the check of its chains.

Each organization has one chain. A row's hash is HMAC-SHA-256 over its own content and the hash
before it, under a key that the database does not hold; a changed, removed or inserted row breaks the
chain from there on. An act that concerns two organizations stands in both chains.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet, Subquery, Value
from django.utils import timezone

from partners import triggers
from partners.actor import SYSTEM, Actor
from partners.crypto import derived_key
from partners.models import AuditCheckpoint, AuditEvent, AuditHead

NETWORK_CHAIN = UUID(int=0)
DONE, REFUSED, RELEASED = "done", "refused", "released"
NO_DELETE = "audit_no_delete"
_waiting: ContextVar[list[Entry] | None] = ContextVar("refusals that wait for a transaction", default=None)


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
    over the same two organizations can't wait for each other. Three statements, however many rows and
    chains. Raises TransactionManagementError
    outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audit row commits with its act.")
    placed: dict[UUID, list[Entry]] = {}
    for entry in entries:
        for chain in _chains(entry):
            placed.setdefault(chain, []).append(entry)
    if placed:
        heads = _locked_heads(sorted(placed))
        AuditEvent.objects.bulk_create(
            _next_row(head, entry) for head in heads for entry in placed[head.chain]
        )
        AuditHead.objects.bulk_update(heads, ["sequence", "hash"])


def release(entry: Entry) -> None:
    """What identifies somebody is about to be shown: its row is committed before any byte of it.

    The one place of that rule, but for ``legal_basis.release``, which spends its approval with it. Raises
    RuntimeError inside a transaction, which could take the row back; when it can't be written, its error
    goes through and nothing is shown.
    """
    with transaction.atomic(durable=True):
        record(replace(entry, result=RELEASED))


def record_refusal(entry: Entry) -> None:
    """A refusal, in its own transaction. The outermost caller calls it after the rollback."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append(entry)
        return
    with transaction.atomic(durable=True):
        record(entry)


@contextmanager
def refusals_afterwards() -> Iterator[None]:
    """Around a transaction: what is refused inside is recorded once it has ended, whichever way."""
    waiting: list[Entry] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
        for entry in waiting:
            record_refusal(entry)


def _chains(entry: Entry) -> set[UUID]:
    return {chain for chain in entry.chains if chain} or {entry.actor.organization_id or NETWORK_CHAIN}


def _next_row(head: AuditHead, entry: Entry) -> AuditEvent:
    """The chain's next row; the head stands at it from now on.

    Who came by a one-time link has no account: the id of the visit says which one it was.
    """
    head.sequence += 1
    visit = {"visit": str(entry.actor.visit_id)} if entry.actor.visit_id else {}
    row = AuditEvent(
        chain=head.chain,
        sequence=head.sequence,
        at=timezone.now(),
        user_id=entry.actor.user_id,
        organization_id=entry.actor.organization_id,
        channel=entry.actor.channel.value,
        action=entry.action,
        result=entry.result,
        object_type=entry.object_type,
        object_id=str(entry.object_id),
        details=entry.details | visit,
        previous_hash=head.hash,
    )
    row.hash = head.hash = row_hash(row)
    return row


def _locked_heads(chains: list[UUID]) -> list[AuditHead]:
    """The heads in the order given, locked in that order. A chain's first row makes its head.

    None is locked before all exist: a head that is made while a later one is held could wait for an act
    that holds it and waits for the later one.
    """
    heads = _all_or_none(chains)
    if not heads:
        AuditHead.objects.bulk_create([AuditHead(chain=chain) for chain in chains], ignore_conflicts=True)
        heads = _all_or_none(chains)
    return heads


def _all_or_none(chains: list[UUID]) -> list[AuditHead]:
    wanted = AuditHead.objects.filter(chain__in=chains)
    counted = wanted.order_by().values(every=Value(1)).annotate(count=Count("*")).values("count")
    locked = wanted.alias(found=Subquery(counted)).filter(found=len(chains)).order_by("chain")
    return list(locked.select_for_update())


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


class ChainBroken(Exception):
    """A chain that does not hold is never pruned: the break would be lost."""


def verify() -> tuple[int, Break | None]:
    """How many rows were checked, and the first break over all chains, or None.

    A chain begins at its last checkpoint, where it was pruned. Others may write and prune meanwhile.
    """
    heads = set(AuditHead.objects.values_list("chain", flat=True))
    begun = set(AuditEvent.objects.order_by("chain").values_list("chain", flat=True).distinct())
    checked = 0
    for chain in sorted(begun | heads | set(_checkpoints())):
        count, broken = _verify_chain(chain)
        checked += count
        if broken:
            return checked, broken
    return checked, None


def _verify_chain(chain: UUID) -> tuple[int, Break | None]:
    """The chain up to the head that stands now. What was pruned while it was read is read again."""
    while True:
        cut = _checkpoints().get(chain)
        checked, broken = _verify_from(cut, chain)
        if not broken or _checkpoints().get(chain) == cut:
            return checked, broken


def _verify_from(cut: AuditCheckpoint | None, chain: UUID) -> tuple[int, Break | None]:
    """A row commits with its head: what was there before the head was read, the head knows of."""
    of_chain = AuditEvent.objects.filter(chain=chain)
    newest = of_chain.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    head = AuditHead.objects.filter(chain=chain).first()
    rows = of_chain.filter(sequence__lte=max(newest, head.sequence if head else 0)).order_by("sequence")
    checked, sequence, previous, broken = _walk(chain, cut, rows)
    # An end that was cut off, or a head that was set back.
    if not broken and ((head.sequence, head.hash) != (sequence, previous) if head else sequence):
        broken = Break(chain, sequence + 1, "missing")
    return checked, broken


def _walk(
    chain: UUID, cut: AuditCheckpoint | None, rows: QuerySet[AuditEvent]
) -> tuple[int, int, str, Break | None]:
    """Row after row from the checkpoint on: how many fit, where that ends, and the first that does not."""
    sequence, previous, checked = 0, "", 0
    if cut:
        sequence, previous = cut.sequence, cut.hash
        if not hmac.compare_digest(cut.signature, checkpoint_signature(cut)):
            return 0, sequence, previous, Break(chain, sequence, "checkpoint")
    for row in rows.iterator(chunk_size=2000):
        sequence += 1
        if row.sequence != sequence:
            return checked, sequence, previous, Break(chain, sequence, "missing")
        if row.previous_hash != previous or not hmac.compare_digest(row_hash(row), row.hash):
            return checked, sequence, previous, Break(chain, sequence, "changed")
        previous = row.hash
        checked += 1
    return checked, sequence, previous, None


def _checkpoints() -> dict[UUID, AuditCheckpoint]:
    """The last one of each chain."""
    return {cut.chain: cut for cut in AuditCheckpoint.objects.order_by("chain", "sequence")}


def checkpoint_signature(cut: AuditCheckpoint) -> str:
    content = [str(cut.chain), cut.sequence, cut.hash, cut.at.timestamp()]
    return hmac.new(derived_key("audit-checkpoint"), json.dumps(content).encode(), hashlib.sha256).hexdigest()


def prunable(chain: UUID, before: datetime) -> int:
    """How many rows of the chain's beginning are older than that."""
    return _segment(chain, before).count()


def _segment(chain: UUID, before: datetime) -> QuerySet[AuditEvent]:
    """The closed segment up to the first row that is not older."""
    rows = AuditEvent.objects.filter(chain=chain).order_by("sequence")
    first_kept = rows.filter(at__gte=before).values_list("sequence", flat=True).first()
    return rows.filter(sequence__lt=first_kept) if first_kept else rows


def prune(chain: UUID, before: datetime) -> int:
    """Remove that segment behind a signed checkpoint, and record it. Answers how many rows went.

    The trigger that refuses it is lifted inside the transaction and stands again before it ends: nobody
    else ever meets the table without it, and whatever breaks off changes nothing. Every head is locked
    first, in the order of their ids, so that no act is half-way through its own rows. Raises ChainBroken.
    """
    with transaction.atomic():
        list(AuditHead.objects.select_for_update().order_by("chain"))
        segment = _segment(chain, before)
        count, sequence, last_hash, broken = _walk(chain, _checkpoints().get(chain), segment)
        if broken:
            raise ChainBroken(f"Chain {chain}, row {broken.sequence}: {broken.reason}.")
        if not count:
            return 0
        cut = AuditCheckpoint(chain=chain, sequence=sequence, hash=last_hash, at=timezone.now())
        cut.signature = checkpoint_signature(cut)
        cut.save(force_insert=True)
        triggers.remove(only={NO_DELETE})
        AuditEvent.objects.filter(chain=chain, sequence__lte=sequence).delete()
        triggers.install(only={NO_DELETE})
        details = {"count": count}
        record(Entry(SYSTEM, "audit.prune", "organization", chain, chains=(chain,), details=details))
    return count
