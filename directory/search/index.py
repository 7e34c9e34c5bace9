"""Writing what search knows. Each listing's entry is written in the transaction that writes the listing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from directory.models import Service
from directory.models.search import SearchEntry
from directory.search import store
from directory.search.documents import document_of, pack
from directory.search.fold import fold
from directory.search.sources import Source, sources

CHUNK = 500
# A base is made anew when so many entries have come since, and they are so large a share.
MANY, SHARE = 2_000, 0.02

Progress = Callable[[str], None]


class Drifted(NamedTuple):
    """A listing with what its entry and its sort keys must be. ``sort`` is None where the keys are right."""

    id: UUID
    packed: bytes
    sort: tuple[str, str] | None


def refresh(service: Service) -> None:
    """Write the entry of one listing anew. Reads the listing's rows as they stand in the database."""
    _write([_wanted(source) for source in sources([service.pk])])
    service.refresh_from_db(fields=["sort_en", "sort_fr"])


def refresh_organization(organization_id: UUID) -> None:
    """The organization's names changed: its listings carry them."""
    refresh_all(Service.objects.filter(organization_id=organization_id))


def refresh_all(services: QuerySet[Service], progress: Progress = lambda _line: None) -> int:
    """Write every entry that is not what it should be; answers how many."""
    count = 0
    for batch in store.batched(drifted(services), CHUNK):
        with transaction.atomic():
            _write(batch)
        count += len(batch)
        if count % (100 * CHUNK) < CHUNK:
            progress(f"{count} entries written ...")
    return count


def forget(service_id: UUID) -> None:
    """The listing is deleted: searches that have read it before must hear of it."""
    store.put([(service_id, b"")])


def listing_deleted(instance: Service, **_: Any) -> None:
    """A signal's receiver."""
    forget(instance.pk)


def complete(using: str = "default", **_: Any) -> None:
    """After a migration: listings that have no entry get one."""
    if using == "default" and SearchEntry._meta.db_table in connection.introspection.table_names():
        refresh_all(_without_entry())


def rebuild(progress: Progress = lambda _line: None) -> int:
    """Bring all entries in line and make a new base of them, beside readers and writers.

    Answers how many entries were wrong.
    """
    store.heal_stamps()
    count = refresh_all(Service.objects.all(), progress)
    for gone in orphans():
        forget(gone)
        count += 1
    fold(progress)
    return count


def fold_when_due() -> bool:
    """Make a new base when so much has changed that searches would feel it. Run by every tick."""
    found = store.poll(0)
    later = store.poll(found.horizon).changed
    if later < max(MANY, SHARE * found.changed):
        return False
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
                yield wanted


def orphans() -> list[UUID]:
    """Entries of listings that are gone, and that do not know it."""
    known = Service.objects.order_by("pk").values("pk")
    stray = SearchEntry.objects.exclude(service_id__in=known).exclude(document=b"").order_by("service_id")
    return list(stray.values_list("service_id", flat=True))


def unindexed() -> list[str]:
    """The quick check for /readyz: no listing was ever left out. ``drifted`` is the thorough one."""
    count = _without_entry().count()
    return [f"{count} listings without an index"] if count else []


def _without_entry() -> QuerySet[Service]:
    entry = SearchEntry.objects.filter(pk=OuterRef("pk"))
    return Service.objects.filter(~Exists(entry))


def _wanted(source: Source) -> Drifted:
    document = document_of(source)
    right = document.names == (source.service.sort_en, source.service.sort_fr)
    return Drifted(source.id, pack(document), None if right else document.names)


def _write(listings: Iterable[Drifted]) -> None:
    """Entries and sort keys, in the transaction that stands."""
    rows = list(listings)
    for one in rows:
        if one.sort:
            Service.objects.filter(pk=one.id).update(sort_en=one.sort[0], sort_fr=one.sort[1])
    store.put((one.id, one.packed) for one in rows)
