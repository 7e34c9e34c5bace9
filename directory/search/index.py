"""Writing what search knows. Each listing's entry is written in the transaction that writes the listing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from directory.models import Service
from directory.models.search import SearchEntry
from directory.search import store
from directory.search.documents import document_of, indexed, pack, sort_keys
from directory.search.fold import fold

CHUNK = 500
# A base is made anew when so many entries have come since, and they are so large a share.
MANY, SHARE = 2_000, 0.02

Progress = Callable[[str], None]


def refresh(service: Service) -> None:
    """Write the entry of one listing anew. Reads the listing's rows as they stand in the database."""
    _write([indexed().get(pk=service.pk)])
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


def drifted(services: QuerySet[Service] | None = None) -> Iterator[Service]:
    """Listings whose entry or sort keys are not what they should be."""
    for batch in store.batched(indexed(services).order_by("id").iterator(chunk_size=CHUNK), CHUNK):
        entries = store.documents([service.pk for service in batch])
        for service in batch:
            fits = entries.get(service.pk) == pack(document_of(service))
            if not fits or sort_keys(service) != (service.sort_en, service.sort_fr):
                yield service


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


def _write(services: list[Service]) -> None:
    for service in services:
        service.sort_en, service.sort_fr = sort_keys(service)
    Service.objects.bulk_update(services, ["sort_en", "sort_fr"])
    store.put((service.pk, pack(document_of(service))) for service in services)
