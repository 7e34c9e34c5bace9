"""The search tables as statements: the one place that knows their columns and both databases' ways.

Reading goes past the ORM here: a search may cost no more than the few statements below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from directory.models.search import SearchColumn, SearchEntry, SearchPosting, SearchState
from directory.prepared import as_uuid
from directory.search import postgres, sqlite

BATCH = 500
POSTINGS = """
    SELECT term, bitmaps FROM directory_searchposting
    WHERE generation = %s AND kind = %s AND term IN ({marks})
"""
NAME_BEFORE = """
    SELECT s.id FROM directory_service s JOIN directory_searchentry e ON e.service_id = s.id
    WHERE s.{sort}{binary} <= %s AND (s.{sort}{binary} < %s OR s.id < %s) AND e.stamp < %s
    ORDER BY s.{sort}{binary} DESC, s.id DESC LIMIT 1
"""
Item = TypeVar("Item")
RESERVED = "reserved"


class Poll(NamedTuple):
    """``next_horizon``: where the next look has to start. ``changed``: entries from the asked stamp on."""

    generation: int
    horizon: int
    next_horizon: int
    changed: int


def vendor() -> Any:
    return postgres if connection.vendor == "postgresql" else sqlite


def poll(since: int) -> Poll:
    return Poll(*_row(vendor().POLL, [since]))


def next_stamp() -> int:
    with connection.cursor() as cursor:
        return int(vendor().next_stamp(cursor))


def put_where_unchanged(rows: Sequence[tuple[UUID, bytes | None, bytes]]) -> None:
    """Write entries that still are as they were found (id, as found, as wanted)."""
    with transaction.atomic():
        ids = [key for key, _before, _wanted in rows]
        locked = SearchEntry.objects.select_for_update().filter(service_id__in=ids).order_by("service_id")
        now = {key: bytes(packed) for key, packed in locked.values_list("service_id", "document")}
        put((key, wanted) for key, before, wanted in rows if key in now and now[key] == before)
        new = [(key, wanted) for key, before, wanted in rows if before is None and key not in now]
        if new:
            stamp = next_stamp()
            SearchEntry.objects.bulk_create(
                [SearchEntry(service_id=key, stamp=stamp, document=wanted) for key, wanted in new],
                batch_size=BATCH,
                ignore_conflicts=True,
            )


def put(documents: Iterable[tuple[UUID, bytes]]) -> None:
    """Write entries with one stamp, in the transaction that stands."""
    rows = list(documents)
    if not rows:
        return
    with transaction.atomic():  # a stamp must not be seen before its entries
        stamp = next_stamp()
        SearchEntry.objects.bulk_create(
            [SearchEntry(service_id=key, stamp=stamp, document=packed) for key, packed in rows],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["service_id"],
            update_fields=["stamp", "document"],
        )


def stamped(since: int) -> list[tuple[UUID, int]]:
    entries = SearchEntry.objects.filter(stamp__gte=since).order_by("stamp", "service_id")
    return list(entries.values_list("service_id", "stamp"))


def changed(since: int) -> dict[UUID, bytes]:
    entries = SearchEntry.objects.filter(stamp__gte=since).order_by("stamp", "service_id")
    return {key: bytes(packed) for key, packed in entries.values_list("service_id", "document")}


def documents(keys: Sequence[UUID]) -> dict[UUID, bytes]:
    found: dict[UUID, bytes] = {}
    for start in range(0, len(keys), BATCH):
        entries = SearchEntry.objects.filter(service_id__in=keys[start : start + BATCH]).order_by(
            "service_id"
        )
        found.update((key, bytes(packed)) for key, packed in entries.values_list("service_id", "document"))
    return found


def all_documents() -> Iterable[tuple[UUID, bytes, int]]:
    """Every entry with its row, read as of one moment, without holding them all."""
    entries = SearchEntry.objects.annotate(row=vendor().ROW).order_by("service_id")
    rows = entries.values_list("service_id", "document", "row")
    return ((key, bytes(packed), row) for key, packed, row in rows.iterator(chunk_size=5_000))


def at_rows(rows: Sequence[int]) -> list[tuple[Any, bytes]]:
    """The entries that stand in these rows of the table now, each with its key as the driver gives it; none
    where the database knows no rows."""
    statement = vendor().AT_ROWS
    return _rows(_with_marks(statement, len(rows)), list(rows)) if rows and statement else []


@cache
def _with_marks(statement: str, count: int) -> str:
    return statement.format(marks=",".join(["%s"] * count))


def postings(generation: int, kind: int, terms: Sequence[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for start in range(0, len(terms), BATCH):
        asked = terms[start : start + BATCH]
        marks = ",".join(["%s"] * len(asked))
        sql = POSTINGS.format(marks=marks)
        found.update((term, bytes(bitmaps)) for term, bitmaps in _rows(sql, [generation, kind, *asked]))
    return found


def codes(generation: int) -> dict[str, bytes]:
    """The postings of all closed vocabularies; organizations and words are read one by one."""
    rows = SearchPosting.objects.filter(generation=generation, kind=SearchPosting.Kind.CODE).order_by("term")
    return {term: bytes(bitmaps) for term, bitmaps in rows.values_list("term", "bitmaps")}


def vocabulary(generation: int) -> list[tuple[str, int]]:
    """Every word of a base with the number of listings that hold it."""
    rows = SearchPosting.objects.filter(generation=generation, kind=SearchPosting.Kind.WORD).order_by("term")
    return list(rows.values_list("term", "listings"))


def columns(generation: int) -> dict[str, bytes]:
    rows = SearchColumn.objects.filter(generation=generation).order_by("name")
    return {name: bytes(values) for name, values in rows.values_list("name", "values")}


def column(generation: int, name: str) -> bytes | None:
    values = SearchColumn.objects.filter(generation=generation, name=name).values_list("values", flat=True)
    found = values.first()
    return None if found is None else bytes(found)


def name_before(sort: str, key: tuple[str, UUID], horizon: int) -> UUID | None:
    """The listing that stands last before ``key`` by name, among those that the base holds as they are."""
    key_id = SearchEntry._meta.pk.get_db_prep_value(key[1], connection)
    sql = NAME_BEFORE.format(sort=sort, binary=vendor().BINARY)
    rows = _rows(sql, [key[0], key[0], key_id, horizon])
    return as_uuid(rows[0][0]) if rows else None


def write_postings(generation: int, rows: Iterable[tuple[int, str, int, bytes]]) -> None:
    for batch in batched(rows, BATCH):
        SearchPosting.objects.bulk_create(
            SearchPosting(generation=generation, kind=kind, term=term, listings=listings, bitmaps=bitmaps)
            for kind, term, listings, bitmaps in batch
        )


def write_columns(generation: int, values: dict[str, bytes]) -> None:
    for name, column in values.items():
        SearchColumn.objects.create(generation=generation, name=name, values=column)


def rewrite_column(generation: int, name: str, values: bytes) -> None:
    SearchColumn.objects.filter(generation=generation, name=name).update(values=values)


def rewrite_posting(generation: int, word: str, bitmaps: bytes) -> None:
    rows = SearchPosting.objects.filter(generation=generation, kind=SearchPosting.Kind.WORD, term=word)
    rows.update(bitmaps=bitmaps)


def reserve() -> tuple[int, int]:
    """A generation for a new base, which no other rebuild has, and how many places are to be forgotten."""
    with transaction.atomic():
        state = _locked_state()
        known = SearchColumn.objects.order_by("-generation").values_list("generation", flat=True).first()
        generation = max(known or 0, state.generation) + 1
        SearchColumn.objects.create(generation=generation, name=RESERVED, values=b"")
    return generation, state.due


def switch(before: int, generation: int, horizon: int, due: int) -> bool:
    """From here on readers take this base; False if another came first, or took this one for a leftover,
    or if a place had to be forgotten since, which this base may hold."""
    with transaction.atomic():
        state = _locked_state()
        whole = SearchColumn.objects.filter(generation=generation, name=RESERVED).exists()
        if state.generation != before or state.due != due or not whole:
            return False
        SearchState.objects.filter(pk=1).update(generation=generation, horizon=horizon, done=due)
    return True


def drop(*, below: int) -> None:
    """Remove the rows of every earlier base, finished or not."""
    SearchPosting.objects.filter(generation__lt=below).delete()
    SearchColumn.objects.filter(generation__lt=below).delete()


def discard(generation: int) -> None:
    SearchPosting.objects.filter(generation=generation).delete()
    SearchColumn.objects.filter(generation=generation).delete()


def lock() -> int:
    """No base takes another's place until the transaction ends; answers the one that stands."""
    return _locked_state().generation


def _locked_state() -> SearchState:
    SearchState.objects.get_or_create(pk=1)
    return SearchState.objects.select_for_update().get(pk=1)


def mark_due() -> None:
    """The next tick makes the base anew; one that is being made now may hold the place, and is given up."""
    SearchState.objects.get_or_create(pk=1)
    SearchState.objects.filter(pk=1).update(due=F("due") + 1)


def is_due() -> bool:
    return SearchState.objects.filter(due__gt=F("done")).exists()


def generation() -> int:
    """The base that stands."""
    return standing()[0]


def standing() -> tuple[int, int]:
    """The base that stands, and its horizon."""
    return SearchState.objects.filter(pk=1).values_list("generation", "horizon").first() or (0, 0)


def heal_stamps() -> None:
    """Stamps from another server's count, ahead of this one's, are brought back into it."""
    with transaction.atomic():
        now = next_stamp()
        SearchEntry.objects.filter(stamp__gt=now).update(stamp=now)


def batched(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of at most so many, one after the other."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _row(sql: str, values: list[Any]) -> tuple[Any, ...]:
    return _rows(sql, values)[0]
