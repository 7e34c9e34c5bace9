"""Querysets that are compiled once: for the few that every search runs.

Making SQL from a queryset takes longer than running it. The queryset stays the definition; here its
text is kept, and each call puts its own ids in the place of those it was compiled with.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet

SIZES = (1, 20, 100, 500)


class Prepared:
    """``make(ids)`` is a queryset of ``values_list`` whose only varying parameters are the ids.

    Rows come as the database driver gives them: ``key`` and ``moment`` read ids and times.
    """

    def __init__(self, make: Callable[[Sequence[UUID]], QuerySet[Any, Any]]):
        self.make = make
        self._texts: dict[tuple[str, int], tuple[str, list[Any], int, list[Any]]] = {}

    def rows(self, ids: Sequence[UUID]) -> list[tuple[Any, ...]]:
        """All rows for at most 500 ids, in the queryset's order."""
        if not ids:
            return []
        here = connections[DEFAULT_DB_ALIAS]
        text, before, size, behind = self._text(here.vendor, len(ids))
        if not here.features.has_native_uuid_field:
            ids = [one.hex if isinstance(one, UUID) else one for one in ids]
        values = [*before, *ids, *(ids[-1:] * (size - len(ids))), *behind]
        with here.cursor() as cursor:
            cursor.execute(text, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _text(self, vendor: str, count: int) -> tuple[str, list[Any], int, list[Any]]:
        """The statement for the next size, and the parameters before and behind the ids."""
        size = SIZES[bisect_left(SIZES, count)]
        if (vendor, size) not in self._texts:
            stand_ins = [uuid4() for _ in range(size)]
            text, params = self.make(stand_ins).query.sql_with_params()
            ours = {key(one) for one in stand_ins}
            first = next(at for at, value in enumerate(params) if value in ours)
            params = list(params)
            self._texts[vendor, size] = text, params[:first], size, params[first + size :]
        return self._texts[vendor, size]


def key(service_id: UUID) -> Any:
    """The id as the driver gives and takes it; ``rows`` takes either form."""
    return service_id if connection.features.has_native_uuid_field else service_id.hex


def keys(ids: Iterable[UUID]) -> list[Any]:
    """Each id as ``key`` puts it."""
    return list(ids) if connection.features.has_native_uuid_field else [one.hex for one in ids]


def as_uuid(raw: UUID | str) -> UUID:
    """An id as the driver gave it."""
    return raw if isinstance(raw, UUID) else UUID(raw)


def moment(value: datetime | None) -> datetime | None:
    """SQLite keeps times in UTC and says nothing of it."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
