"""What is found does not depend on how the index came to be: entry by entry, folded, or edited since."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from directory.models import SearchEntry, Service
from directory.search import Criteria, index, search_services, snapshot
from partners.actor import ANONYMOUS
from tests.search.battery import NOON, QUESTIONS, Editor, answers
from tests.search.population import Writer, settle

SEEDS = (1, 2)


class Crash(Exception):
    pass


def fits() -> bool:
    out = StringIO()
    try:
        call_command("rebuild_search_index", "--check", stdout=out)
    except CommandError:
        return False
    return "fits" in out.getvalue()


def entries() -> list[tuple[object, bytes]]:
    rows = SearchEntry.objects.exclude(document=b"").order_by("pk").values_list("pk", "document")
    return [(key, bytes(document)) for key, document in rows]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_edits_leave_the_index_as_a_rebuild_would(seed: int) -> None:
    writer = Writer(seed)
    writer.write(40)
    before = answers()
    settle()
    assert answers() == before, "entries alone, and folded into a base"
    editor = Editor(writer, seed)
    for _batch in range(3):
        editor.edit(12)
        assert fits()
        edited, stored = answers(), entries()
        assert index.rebuild() == 0
        settle()
        assert (answers(), entries()) == (edited, stored)


@pytest.mark.django_db(transaction=True)
def test_what_a_process_has_read_follows_every_commit_and_no_rollback() -> None:
    """The state that a process keeps, against one that has just begun to read."""
    writer = Writer(4)
    writer.write(30)
    index.rebuild()
    editor = Editor(writer, 4)
    for batch in range(5):
        editor.edit(8)
        kept = answers()
        with pytest.raises(Crash), transaction.atomic():
            editor.edit(6)
            _criteria, _language, _count, hits, *_rest = kept[0]
            Service.objects.filter(pk=hits[0].id).delete()  # the edits may all be of what nobody sees
            assert answers(QUESTIONS[:3]) != kept[:6]
            raise Crash
        assert answers() == kept, batch
        snapshot.forget()
        assert answers() == kept, batch
        assert fits()
    with transaction.atomic():
        assert answers() == kept
    index.rebuild()
    assert answers() == kept


@pytest.mark.django_db(transaction=True)
def test_a_listing_with_new_hours_is_deleted_and_a_transaction_asks_who_is_open() -> None:
    writer = Writer(5)
    writer.write(12)
    index.rebuild()
    editor = Editor(writer, 5)
    for service in list(Service.objects.order_by("pk")):
        editor.one = lambda service=service: service  # type: ignore[method-assign]
        editor.change()
    asked = Criteria(open_at=NOON)
    search_services(actor=ANONYMOUS, criteria=asked)
    for service in list(Service.objects.order_by("pk"))[:11]:
        service.delete()
    outside = search_services(actor=ANONYMOUS, criteria=asked).hits
    with transaction.atomic():
        assert search_services(actor=ANONYMOUS, criteria=asked).hits == outside


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_fails_to_be_written_takes_its_listing_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer(6)
    writer.write(5)
    before, stored = answers(), entries()

    def fail(_documents: object) -> None:
        raise Crash

    monkeypatch.setattr("directory.search.store.put", fail)
    with pytest.raises(Crash), transaction.atomic():
        Editor(writer, 1).rename()
    monkeypatch.undo()
    assert (answers(), entries()) == (before, stored)
    assert fits()


@pytest.mark.django_db
def test_a_rebuild_that_dies_half_way_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer(7)
    writer.write(10)
    settle()
    before = answers()

    def die(*_: object) -> None:
        raise Crash

    for step in ("write_columns", "write_postings", "switch"):
        with monkeypatch.context() as patch, pytest.raises(Crash):
            patch.setattr(f"directory.search.store.{step}", die)
            index.rebuild()
        assert answers() == before, step
    index.rebuild()
    assert answers() == before


@pytest.mark.django_db
def test_the_check_sees_a_drifted_word_and_an_orphan(monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer(8)
    first, second, third = writer.write(3)
    assert fits()
    Service.objects.filter(pk=first.pk).update(description_fr="nouveau")
    assert not fits()
    index.rebuild()
    assert fits()
    with monkeypatch.context() as patch:
        patch.setattr(index, "forget", lambda _service_id: None)
        second.delete()
    assert not fits()
    assert index.rebuild() == 1
    assert fits()
    assert third.pk in {key for key, _document in entries()}
