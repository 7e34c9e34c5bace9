"""The log is checked while others write and prune: only a real break is told."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from partners import audit
from partners.actor import SYSTEM
from partners.models import AuditHead

pytestmark = pytest.mark.django_db
FIRST, SECOND = UUID(int=1), UUID(int=2)


def write(*chains: UUID) -> None:
    with transaction.atomic():
        audit.record(audit.Entry(SYSTEM, "client.open", "client", FIRST, chains=chains))


def test_rows_that_are_written_while_it_is_checked_are_no_break(monkeypatch: pytest.MonkeyPatch) -> None:
    write(FIRST, SECOND)
    hashed, meanwhile = audit.row_hash, [SECOND, SECOND]

    def and_somebody_writes(row: Any) -> str:
        if meanwhile and row.chain == FIRST:
            write(meanwhile.pop())
        return hashed(row)

    monkeypatch.setattr(audit, "row_hash", and_somebody_writes)

    assert audit.verify() == (3, None)


def test_a_beginning_that_is_pruned_while_it_is_checked_is_no_break(monkeypatch: pytest.MonkeyPatch) -> None:
    write(FIRST)
    write(FIRST)
    walk, meanwhile = audit._walk, [timezone.now() + datetime.timedelta(seconds=1)]

    def and_somebody_prunes(*given: Any) -> Any:
        if meanwhile:
            audit.prune(FIRST, meanwhile.pop())
        return walk(*given)

    monkeypatch.setattr(audit, "_walk", and_somebody_prunes)

    assert audit.verify() == (1, None)


def test_a_head_that_was_set_back_is_still_found() -> None:
    write(FIRST)
    kept = AuditHead.objects.values().get(chain=FIRST)
    write(FIRST)
    AuditHead.objects.filter(chain=FIRST).update(sequence=kept["sequence"], hash=kept["hash"])

    _checked, broken = audit.verify()

    assert broken is not None
    assert (broken.chain, broken.reason) == (FIRST, "missing")
