"""The stored copies that search reads, and the command that checks them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from directory.editing import save_service
from directory.models import SearchEntry, Service, ServiceAlias
from directory.search import index, store
from directory.search.packing import unpack
from partners.actor import SYSTEM
from tests.factories.listings import make_service

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("rebuild_search_index", *arguments, stdout=out)
    return out.getvalue()


def test_the_check_names_what_has_drifted_and_the_rebuild_mends_it() -> None:
    good, bad = make_service(name_en="Good"), make_service(name_en="Bad")
    assert "fits" in run("--check")
    ServiceAlias.objects.create(service=bad, name="Harbour", language="en")
    Service.objects.filter(pk=bad.pk).update(sort_fr="zzz")
    with pytest.raises(CommandError) as drift:
        run("--check")
    assert str(bad.pk) in str(drift.value)
    assert str(good.pk) not in str(drift.value)
    assert run().startswith("1 ")
    assert "fits" in run("--check")
    assert unpack(SearchEntry.objects.get(pk=bad.pk).document).words["a"] == "harbour"


def test_sort_keys_fold_and_fall_back_to_the_other_language() -> None:
    service = make_service(name_en="", name_fr="Œuvre de l’Étoile")
    assert service.sort_en == service.sort_fr == "oeuvre de l etoile"


def test_a_rebuild_makes_as_many_queries_for_many_as_for_one(assert_flat) -> None:
    make_service(categories=["withdrawal-medical"])
    assert_flat(index.rebuild, lambda: [make_service(categories=["food-bank"]) for _ in range(20)])


def test_what_is_saved_during_a_rebuild_keeps_its_own_entry() -> None:
    """The rebuild has read the listing before; the editor's entry is newer and must stand."""
    service = make_service(name_en="Before")
    SearchEntry.objects.filter(pk=service.pk).update(document=b"")
    found = list(index.drifted())
    save_service(SYSTEM, {"name_en": "After"}, publish=True, service=service)
    store.put_where_unchanged([(one.id, one.before, one.packed) for one in found])
    assert unpack(SearchEntry.objects.get(pk=service.pk).document).words["n"] == "after"


def test_an_entry_that_came_during_a_rebuild_stands() -> None:
    service = make_service(name_en="Here")
    entry = SearchEntry.objects.get(pk=service.pk).document
    store.put_where_unchanged([(service.pk, None, b"older")])
    assert SearchEntry.objects.get(pk=service.pk).document == entry
