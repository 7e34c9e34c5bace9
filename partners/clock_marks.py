"""That an effect of the clock happens once: its mark is written in the effect's own transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from partners.models import ClockMark

BATCH = 200


def once(kind: str, object_id: UUID, due: str) -> bool:
    """True for the one caller who may make the effect now; False where it stands already.

    Of two callers at the same moment the second waits for the first one's commit. Should the first
    roll back, its mark is gone with the effect, and the second (or the next turn) makes both.
    Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A mark commits with its effect.")
    try:
        with transaction.atomic():
            ClockMark.objects.create(kind=kind, object_id=object_id, due=due)
    except IntegrityError:
        return False
    return True


def marked(kind: str) -> Exists:
    """For a query: the row has the effect ``kind`` behind it."""
    return Exists(ClockMark.objects.filter(object_id=OuterRef("pk"), kind=kind))


def pages(rows: QuerySet[Any], along: str) -> Iterator[UUID]:
    """The ids, a batch at a time along an indexed column: each begins behind the last of the one before."""
    ordered = rows.order_by(along, "pk").values_list(along, "pk")
    page = list(ordered[:BATCH])
    while page:
        yield from (pk for _value, pk in page)
        value, pk = page[-1]
        behind = Q(**{f"{along}__gt": value}) | Q(**{along: value, "pk__gt": pk})
        page = list(ordered.filter(behind, **{f"{along}__gte": value})[:BATCH]) if len(page) == BATCH else []
