"""Querysets that are compiled once: for the few that every search runs.

Making SQL from a queryset takes longer than running it. The queryset stays the definition; here its
text is kept, and each call puts its own ids in the place of those it was compiled with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import QuerySet

SIZES = (1, 20, 100, 500)


class Prepared:
    """``make(ids)`` is a queryset of ``values_list`` whose only varying parameters are the ids.

    Rows come as the database driver gives them: ``key`` and ``moment`` read ids and times.
    """

    def __init__(self, make: Callable[[Sequence[UUID]], QuerySet[Any, Any]]):
        self.make = make
        self._texts: dict[tuple[str, int], tuple[str, list[Any]]] = {}

    def rows(self, ids: Sequence[UUID]) -> list[tuple[Any, ...]]:
        """All rows for at most 500 ids, in the queryset's order."""
        if not ids:
            return []
        size = next(size for size in SIZES if size >= len(ids))
        text, params = self._text(size)
        native = connection.features.has_native_uuid_field
        given = [one.hex if not native and isinstance(one, UUID) else one for one in ids]
        given += given[-1:] * (size - len(ids))
        values = [given[value] if isinstance(value, _Place) else value for value in params]
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _text(self, size: int) -> tuple[str, list[Any]]:
        which = (connection.vendor, size)
        if which not in self._texts:
            stand_ins = [uuid4() for _ in range(size)]
            places = {key(one): _Place(position) for position, one in enumerate(stand_ins)}
            text, params = self.make(stand_ins).query.sql_with_params()
            self._texts[which] = text, [places.get(value, value) for value in params]
        return self._texts[which]


class _Place(int):
    """Where in the parameters an id goes, by its position among the ids."""


def key(service_id: UUID) -> Any:
    """The id as the driver gives and takes it; ``rows`` takes either form."""
    return service_id if connection.features.has_native_uuid_field else service_id.hex


def moment(value: datetime | None) -> datetime | None:
    """SQLite keeps times in UTC and says nothing of it."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
