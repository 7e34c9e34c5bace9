"""Writers, readers and rebuilds at the same time, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import connection, transaction

from directory.models import Service
from directory.search import Criteria, fold, index, search_services, snapshot, store
from partners.actor import ANONYMOUS
from tests.search.battery import QUESTIONS, Editor, answers
from tests.search.population import Writer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WAIT = 20


def names(q: str) -> list[str]:
    page = search_services(actor=ANONYMOUS, criteria=Criteria(q=q), page_size=100)
    return list(
        Service.objects.filter(pk__in=[h.id for h in page.hits])
        .order_by("sort_en")
        .values_list("sort_en", flat=True)
    )


@contextmanager
def beside(act: Callable[[], Any]) -> Iterator[Future[Any]]:
    """Runs the act in a thread with a connection of its own; what it raised is raised at the end."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(run)
        yield future
        future.result(WAIT)


def rename(service: Service, name: str) -> None:
    service.name_en = service.name_fr = name
    service.description_en = service.description_fr = service.eligibility_fr = ""
    service.publication, service.status = "published", "active"
    service.save()
    index.refresh(service)


@pytest.mark.parametrize("rebuilt", [False, True])
def test_what_commits_late_is_seen_although_others_wrote_after_it_and_were_read(rebuilt: bool) -> None:
    first, second = Writer(1).write(2)
    names("longhaul")
    written, may_commit = threading.Event(), threading.Event()

    def long_transaction() -> None:
        with transaction.atomic():
            rename(first, "Longhaul one")
            written.set()
            assert may_commit.wait(WAIT)

    with beside(long_transaction):
        assert written.wait(WAIT)
        if connection.vendor == "postgresql":  # SQLite lets one write at a time
            with transaction.atomic():
                rename(second, "Longhaul two")
            if rebuilt:
                index.rebuild()
            assert names("longhaul") == ["longhaul two"]
        else:
            assert names("longhaul") == []
        may_commit.set()
    if connection.vendor != "postgresql":
        with transaction.atomic():
            rename(second, "Longhaul two")
    for _ in range(2):
        assert names("longhaul") == ["longhaul one", "longhaul two"]
        index.rebuild()
    snapshot.forget()
    assert names("longhaul") == ["longhaul one", "longhaul two"]


def test_a_deletion_is_seen_by_who_has_read_before() -> None:
    first, second = Writer(1).write(2)
    with transaction.atomic():
        rename(first, "Longhaul one")
        rename(second, "Longhaul two")
    for kept in (["longhaul two"], []):
        index.rebuild()
        assert len(names("longhaul")) == len(kept) + 1
        with beside(lambda: Service.objects.order_by("sort_en").first().delete()):  # type: ignore[union-attr]
            pass
        Service.objects.count()
        assert names("longhaul") == kept


def test_readers_notice_nothing_of_rebuilds_and_miss_no_commit() -> None:
    writer = Writer(2)
    writer.write(25)
    index.rebuild()
    wanted, done = answers(QUESTIONS[:12]), threading.Event()

    def read() -> int:
        count = 0
        while not done.is_set() or count < 2:
            snapshot.forget()  # as a process that has just begun
            assert answers(QUESTIONS[:12]) == wanted
            count += 1
        return count

    with beside(read), beside(read):
        try:
            for _ in range(8):
                index.rebuild()
        finally:
            done.set()


@pytest.mark.parametrize("first", ["words", "codes"])
def test_a_base_that_is_replaced_in_the_middle_of_a_search(
    first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two looks at the index: the old base is gone, and the answer is the same."""
    Writer(3).write(15)
    index.rebuild()
    words = Criteria(q='"harbour house" quokkavill zephyrine xylofone', ordering="name")
    asked = (words, *QUESTIONS[:2]) if first == "words" else QUESTIONS[:2]
    wanted = answers(asked)
    for step in ("columns", "codes", "postings", "vocabulary", "documents", "poll"):
        for when in range(3):
            snapshot.forget()
            calls = iter(range(1_000))
            real = getattr(store, step)

            def replaced(*arguments: Any, real: Any = real, calls: Any = calls, when: int = when) -> Any:
                if next(calls) == when:
                    monkeypatch.undo()
                    index.rebuild()
                return real(*arguments)

            monkeypatch.setattr(store, step, replaced)
            found = answers(asked)
            monkeypatch.undo()
            assert found == wanted, (step, when)


def test_two_rebuilds_at_once_leave_one_whole_base() -> None:
    writer = Writer(4)
    writer.write(25)
    wanted = answers()
    for _ in range(4):
        start = threading.Barrier(2)

        def make(start: threading.Barrier = start) -> bool:
            start.wait(WAIT)
            try:
                index.rebuild()
            except fold.Overtaken:
                return False
            return True

        with beside(make) as one, beside(make) as other:
            pass
        assert one.result() or other.result()
        assert answers() == wanted
        snapshot.forget()
        assert answers() == wanted


@pytest.mark.parametrize(
    "step", ["reserve", "all_documents", "write_columns", "write_postings", "switch", "drop"]
)
def test_a_rebuild_within_a_rebuild(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """One comes between any two steps of the other, and is whole before that goes on."""
    writer = Writer(5)
    writer.write(15)
    index.rebuild()
    editor = Editor(writer, 5)
    editor.edit(5)
    wanted = answers()
    for when in range(2):
        real = getattr(store, step)
        calls = iter(range(100))

        def inner(
            *arguments: Any, real: Any = real, calls: Any = calls, when: int = when, **more: Any
        ) -> Any:
            if next(calls) == when:
                monkeypatch.undo()
                index.rebuild()
            return real(*arguments, **more)

        monkeypatch.setattr(store, step, inner)
        try:
            index.rebuild()
        except fold.Overtaken:
            pass
        finally:
            monkeypatch.undo()
        assert answers() == wanted, when
        snapshot.forget()
        assert answers() == wanted, when
        index.rebuild()
        assert answers() == wanted, when


def test_writers_and_a_rebuild_together_end_as_a_rebuild_alone() -> None:
    writer = Writer(6)
    writer.write(25)
    done = threading.Event()

    def write() -> None:
        try:
            Editor(writer, 6).edit(40)
        finally:
            done.set()

    with beside(write):
        while not done.is_set():
            with suppress(fold.Overtaken):  # a writer whose place narrows makes a base as well
                index.fold(lambda _line: None)
            answers(QUESTIONS[:3])
    kept = answers()
    snapshot.forget()
    assert answers() == kept
    assert list(index.drifted()) == []
    index.rebuild()
    assert answers() == kept
