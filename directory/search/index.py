"""Writing what search knows. Each listing's entry is written in the transaction that writes the listing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from directory.models import LocationPolicy, Service
from directory.models.search import SearchEntry
from directory.search import store
from directory.search.base import ORDER
from directory.search.documents import Document, document_of
from directory.search.fold import Overtaken, blank, fold
from directory.search.packing import FORMAT, UnknownFormat, pack, unpack
from directory.search.sources import Source, sources

CHUNK = 500
# A base of so many entries is made anew in a second or two; a larger one when so many entries have come
# since, and they are so large a share.
SMALL = 5_000
MANY, SHARE = 1_000, 0.005

Progress = Callable[[str], None]


class Drifted(NamedTuple):
    """A listing with what its entry and its sort keys must be. ``sort`` is None where the keys are right;
    ``before`` is the entry as it was found."""

    id: UUID
    packed: bytes
    sort: tuple[str, str] | None
    before: bytes | None = None


def refresh(service: Service) -> None:
    """Write the entry of one listing anew. Reads the listing's rows as they stand in the database."""
    (source,) = sources([service.pk])
    wanted = _wanted(source)
    before = store.documents([service.pk]).get(service.pk)
    _sort([wanted])
    store.put([(wanted.id, wanted.packed)])
    is_hidden = any(place.policy != LocationPolicy.PUBLIC for place in source.places)
    lost = _place_lost(before, wanted.packed) if is_hidden and before else None
    if lost is not None:
        forget_place(service.pk, lost)
    service.refresh_from_db(fields=["sort_en", "sort_fr"])


def forget_place(service_id: UUID, words: set[str]) -> None:
    """A place is no longer shown: the base, whose very order follows the map, must not hold it either.

    A base of usual size is made anew in the same transaction. In a large one the position and the words
    are blotted out now, and the next tick makes it anew.
    """
    if not store.generation():
        return
    if SearchEntry.objects.order_by()[: SMALL + 1].count() <= SMALL:
        with suppress(Overtaken):
            fold()
            return
    with transaction.atomic():
        blank(store.lock(), service_id, words)
        store.mark_due()


def refresh_organization(organization_id: UUID) -> None:
    """The organization's names changed: its listings carry them."""
    refresh_all(Service.objects.filter(organization_id=organization_id))


def refresh_all(services: QuerySet[Service], progress: Progress = lambda _line: None) -> int:
    """Write every entry that is not what it should be; answers how many.

    A listing that is saved meanwhile keeps the entry that its own transaction writes: that one is newer.
    """
    count = 0
    for batch in store.batched(drifted(services), CHUNK):
        with transaction.atomic():
            _sort(batch)
            store.put_where_unchanged([(one.id, one.before, one.packed) for one in batch])
        count += len(batch)
        if count % (100 * CHUNK) < CHUNK:
            progress(f"{count} entries written ...")
    return count


def forget(service_id: UUID) -> None:
    """The listing is deleted: searches that have read it before must hear of it, and its place goes too."""
    before = store.documents([service_id]).get(service_id)
    with transaction.atomic():
        store.put([(service_id, b"")])
        if before:
            forget_place(service_id, _place_words(before))


def listing_deleted(instance: Service, **_: Any) -> None:
    """A signal's receiver."""
    forget(instance.pk)


def complete(using: str = "default", **_: Any) -> None:
    """After a migration: listings that have no entry get one, entries of another format are rewritten, and in
    a small index all are held against what the migration may have changed."""
    if using != DEFAULT_DB_ALIAS or SearchEntry._meta.db_table not in connection.introspection.table_names():
        return
    is_small = Service.objects.order_by()[: SMALL + 1].count() <= SMALL
    if _is_of_another_format():
        rebuild()
        return
    refresh_all(Service.objects.all() if is_small else _without_entry())
    if _is_in_another_order():
        with suppress(Overtaken):
            fold()


def rebuild(progress: Progress = lambda _line: None) -> int:
    """Bring all entries in line and make a new base of them, beside readers and writers.

    Answers how many entries were wrong.
    """
    store.heal_stamps()
    count = refresh_all(Service.objects.all(), progress)
    gone = orphans()
    store.put((service_id, b"") for service_id in gone)
    fold(progress)
    return count + len(gone)


def fold_when_due() -> bool:
    """Make a new base after any change of a small index, and when searches would feel the changes of a large
    one; and where a place has to be forgotten. Run by every tick."""
    found = store.poll(0)
    later = store.poll(found.horizon).changed
    enough = 1 if found.changed <= SMALL else max(MANY, SHARE * found.changed)
    if later < enough and not store.is_due():
        return False
    with suppress(Overtaken):
        fold()
    return True


def drifted(services: QuerySet[Service] | None = None) -> Iterator[Drifted]:
    """Listings whose entry or sort keys are not what they should be."""
    start = Service.objects.all() if services is None else services
    ids = start.order_by("id").values_list("pk", flat=True).iterator(chunk_size=10 * CHUNK)
    for batch in store.batched(ids, CHUNK):
        entries = store.documents(batch)
        for wanted in map(_wanted, sources(batch)):
            if wanted.sort or entries.get(wanted.id) != wanted.packed:
                yield wanted._replace(before=entries.get(wanted.id))


def orphans() -> list[UUID]:
    """Entries of listings that are gone, and that do not know it."""
    listing = Service.objects.filter(pk=OuterRef("service_id"))
    stray = SearchEntry.objects.filter(~Exists(listing)).exclude(document=b"").order_by("service_id")
    return list(stray.values_list("service_id", flat=True))


def unindexed() -> list[str]:
    """The quick check for /readyz: no listing was ever left out. ``drifted`` is the thorough one."""
    return ["listings without an index"] if _without_entry().exists() else []


def _place_lost(before: bytes, now: bytes) -> set[str] | None:
    """The words of the place that the entry has lost; None where it has lost neither words nor positions."""
    words = _place_words(before) - _place_words(now)
    return words if words or _positions(before) - _positions(now) else None


def _place_words(packed: bytes) -> set[str]:
    document = _readable(packed)
    return set(document.words.get("p", "").split()) if document else set()


def _positions(packed: bytes) -> set[Any]:
    document = _readable(packed)
    return set(document.points) if document else {UnknownFormat}


def _readable(packed: bytes) -> Document | None:
    try:
        return unpack(packed)
    except UnknownFormat:
        return None


def _is_of_another_format() -> bool:
    entries = SearchEntry.objects.exclude(document=b"").order_by("stamp").values_list("document", flat=True)
    return any(bytes(entry or FORMAT)[:1] != FORMAT for entry in entries[:1])


def _is_in_another_order() -> bool:
    generation = store.generation()
    return bool(generation) and store.column(generation, "order") != ORDER


def _without_entry() -> QuerySet[Service]:
    entry = SearchEntry.objects.filter(pk=OuterRef("pk"))
    return Service.objects.filter(~Exists(entry))


def _wanted(source: Source) -> Drifted:
    document = document_of(source)
    right = document.names == (source.service.sort_en, source.service.sort_fr)
    return Drifted(source.id, pack(document), None if right else document.names)


def _sort(listings: Iterable[Drifted]) -> None:
    for one in listings:
        if one.sort:
            Service.objects.filter(pk=one.id).update(sort_en=one.sort[0], sort_fr=one.sort[1])
