"""A migration may make the table of the listings anew: the index stands beside it and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, models
from django.test import Client

from directory.models import SearchEntry, Service
from directory.search import index, store
from directory.search.base import Base, StaleBase
from tests.search.battery import Editor, answers
from tests.search.population import Writer, settle

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def altered(name: str, kind: models.Field) -> Iterator[None]:
    """One column of the listings as another type, and back."""
    field = Service._meta.get_field(name)
    kind.set_attributes_from_name(name)
    kind.model = Service
    for before, after in ((field, kind), (kind, field)):
        with connection.schema_editor() as editor:
            editor.alter_field(Service, before, after)
        if after is kind:
            yield


@pytest.mark.parametrize(
    ("name", "kind"),
    [("description_fr", models.CharField(max_length=4_000)), ("sort_en", models.TextField(blank=True))],
)
def test_altering_a_column_and_back_leaves_search_working(name: str, kind: models.Field) -> None:
    writer = Writer()
    writer.write(15)
    index.rebuild()
    editor = Editor(writer, 1)
    editor.edit(5)
    wanted = answers()
    with altered(name, kind):
        assert answers() == wanted
        editor.add()
        more = answers()
        assert more != wanted
    assert answers() == more
    assert not list(index.drifted())
    index.rebuild()
    assert answers() == more
    editor.edit(5)
    edited = answers()
    index.rebuild()
    assert answers() == edited


def test_listings_without_an_entry_are_noticed_and_get_one() -> None:
    writer = Writer()
    writer.write(10)
    index.rebuild()
    wanted = answers()
    lost = list(Service.objects.order_by("pk").values_list("pk", flat=True)[:3])
    SearchEntry.objects.filter(pk__in=lost).delete()

    assert index.unindexed() == ["listings without an index"]
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert "search index" in answer.content.decode()

    index.complete()
    assert index.unindexed() == []
    assert Client().get("/readyz").content.decode().count("search index") == 0
    assert answers() == wanted
    assert not list(index.drifted())


def test_a_base_in_another_order_is_made_anew_by_a_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its numbers would lead a search for what is near astray."""
    writer = Writer()
    writer.write(15)
    with monkeypatch.context() as earlier:
        earlier.setattr("directory.search.fold.ORDER", b"of an earlier version")
        index.rebuild()
    with pytest.raises(StaleBase):
        Base(*store.standing())
    before = store.generation()
    index.complete()
    assert store.generation() > before
    assert Base(*store.standing()).size
    made, wanted = store.generation(), answers()
    index.complete()
    assert (store.generation(), answers()) == (made, wanted)
    settle()
    assert answers() == wanted
