"""Rows written when values were bound to their column alone are closed again for their row."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from partners import crypto, reseal
from partners.binding import bind_to_columns, bind_to_rows
from partners.fields import Sealed, encrypted_fields
from referrals.models import Client, Need
from tests.referrals.pages import NAME, NUMBER, World

pytestmark = pytest.mark.django_db
MODELS = list(apps.get_app_config("referrals").get_models())


@pytest.fixture
def world(db: None) -> World:
    return World()


def ciphertexts() -> dict[tuple[str, Any], str]:
    """Everything encrypted that the database holds."""
    return {
        (f"{model._meta.db_table}.{field.column}", pk): value
        for model in MODELS
        for field in encrypted_fields(model)
        for pk, value in model._base_manager.values_list("pk", field.attname)
        if value
    }


def in_the_old_form() -> dict[tuple[str, Any], str]:
    bind_to_columns(MODELS)
    old = ciphertexts()
    assert [crypto.decrypt(value, column) for (column, _pk), value in old.items()]
    return old


def test_the_migration_closes_every_value_for_its_row(world: World) -> None:
    world.draft(note="Planted note")
    before = in_the_old_form()
    with pytest.raises(crypto.Unreadable):
        _ = Client.objects.get().chosen_name

    import_module("referrals.migrations.0005_bind_to_rows").forwards(apps, None)

    after = ciphertexts()
    assert after.keys() == before.keys()
    for (column, pk), value in after.items():
        text = crypto.decrypt(value, f"{column}/{pk}")
        assert text == crypto.decrypt(before[column, pk], column)
        with pytest.raises(crypto.Unreadable):
            crypto.decrypt(value, column)
    person = Client.objects.get()
    assert (person.chosen_name, person.safe_contact["phone"]) == (NAME, NUMBER)


def test_a_migration_that_was_broken_off_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        world.client(chosen_name=f"Person {number}")
    in_the_old_form()
    monkeypatch.setattr(reseal, "BATCH", 2)
    done = []

    def killed(*args: Any) -> bool:
        if len(done) > 11:
            raise KeyboardInterrupt
        done.append(args)
        return reseal_swap(*args)

    reseal_swap = reseal.swap
    with monkeypatch.context() as patch:
        patch.setattr(reseal, "swap", killed)
        with pytest.raises(KeyboardInterrupt), connection.cursor():
            bind_to_rows(MODELS)
    halfway = ciphertexts()
    bind_to_rows(MODELS)

    bound = [pk for (_column, pk), value in halfway.items() if ciphertexts()[_column, pk] == value]
    assert 0 < len(bound) < len(halfway)
    assert {one.chosen_name for one in Client.objects.all()} == {NAME, *(f"Person {n}" for n in range(5))}
    settled = ciphertexts()
    bind_to_rows(MODELS)
    assert ciphertexts() == settled


def test_what_opens_in_neither_way_stays_and_is_told(world: World) -> None:
    world.draft()
    in_the_old_form()
    damaged = Sealed("test2.AAAA")
    Client.objects.update(legal_name=damaged)

    with pytest.raises(crypto.Unreadable, match=str(world.person.pk)) as told:
        bind_to_rows(MODELS)

    assert NAME not in str(told.value)
    assert Client.objects.values_list("legal_name", flat=True).get() == damaged
    assert Client.objects.get().chosen_name == NAME


def test_a_value_that_changed_meanwhile_is_not_written_over(world: World) -> None:
    need = world.draft().need
    need.matters, need.barriers = "Before", ["transport"]
    need.save()
    old = Need.objects.values_list("matters", flat=True).get(pk=need.pk)
    field = Need._meta.get_field("matters")
    need.matters = "Meanwhile"
    need.save()

    assert not reseal.swap(field, need.pk, old, field.seal("Before", need.pk))
    assert Need.objects.get(pk=need.pk).matters == "Meanwhile"
