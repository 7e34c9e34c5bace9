"""Encrypted fields: bound to their row, opened on an instance alone."""

from __future__ import annotations

import copy
import pickle
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection, transaction

from partners import crypto
from partners.fields import Sealed, SealedBytes, encrypted_fields, sealed
from referrals.models import Client, Document, Message, Need, Referral
from tests.referrals.pages import NAME, NUMBER, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def stored(row: Any, name: str) -> Any:
    """The column as the database has it."""
    return type(row)._default_manager.filter(pk=row.pk).values_list(name, flat=True).get()


def put(row: Any, name: str, value: Any) -> None:
    """What somebody with the database in hand could do."""
    field = row._meta.get_field(name)
    pk = row._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s WHERE id = %s',
            [bytes(value) if isinstance(value, bytes) else str(value), pk],
        )


def other(world: World) -> Client:
    return world.client(chosen_name="Robin Planted")


def test_a_value_moved_to_another_row_does_not_open(world: World) -> None:
    robin = other(world)
    put(robin, "chosen_name", stored(world.person, "chosen_name"))
    put(robin, "safe_contact", stored(world.person, "safe_contact"))
    robin = Client.objects.get(pk=robin.pk)

    for _again in range(2):
        for name in ("chosen_name", "safe_contact"):
            with pytest.raises(crypto.Unreadable):
                getattr(robin, name)
    assert robin.health == "Planted health"
    with pytest.raises(crypto.Unreadable), transaction.atomic():
        robin.save()
    robin.save(update_fields=["age_band"])


def test_a_value_moved_to_another_column_does_not_open(world: World) -> None:
    put(world.person, "legal_name", stored(world.person, "chosen_name"))

    with pytest.raises(crypto.Unreadable):
        _ = Client.objects.get(pk=world.person.pk).legal_name


def test_what_was_bound_to_its_column_alone_does_not_open(world: World) -> None:
    put(world.person, "chosen_name", crypto.encrypt(NAME, "referrals_client.chosen_name"))

    with pytest.raises(crypto.Unreadable):
        _ = Client.objects.get(pk=world.person.pk).chosen_name


def test_without_an_instance_it_stays_ciphertext(world: World) -> None:
    value = stored(world.person, "chosen_name")
    row = Client.objects.filter(pk=world.person.pk).values("chosen_name", "safe_contact").get()

    assert isinstance(value, Sealed)
    assert {type(one) for one in row.values()} == {Sealed}
    assert NAME not in value
    assert NUMBER not in str(row)


def test_a_change_through_update_needs_a_value_sealed_for_its_row(world: World) -> None:
    rows = Client.objects.filter(pk=world.person.pk)
    robin = other(world)

    for words in ("In clear", b"In clear", {"in": "clear"}):
        with pytest.raises(TypeError, match="sealed"), transaction.atomic():
            rows.update(chosen_name=words)
    rows.update(chosen_name=sealed(Client, world.person.pk, "chosen_name", "Changed"), health="")
    assert Client.objects.get(pk=world.person.pk).chosen_name == "Changed"
    assert rows.values_list("health", flat=True).get() == ""

    rows.update(chosen_name=sealed(Client, robin.pk, "chosen_name", "Changed"))
    with pytest.raises(crypto.Unreadable):
        _ = rows.get().chosen_name


def test_bulk_update_refuses_what_is_in_clear(world: World) -> None:
    world.person.chosen_name = "Changed"

    with pytest.raises(TypeError, match="sealed"), transaction.atomic():
        Client.objects.bulk_update([world.person], ["chosen_name"])
    assert Client.objects.get(pk=world.person.pk).chosen_name == NAME


def test_sealed_asks_for_a_row_and_an_encrypted_field(world: World) -> None:
    with pytest.raises(TypeError):
        sealed(Client, None, "chosen_name", "Words")
    with pytest.raises(TypeError):
        sealed(Client, world.person.pk, "language", "fr")
    assert sealed(Client, None, "chosen_name", "") == ""
    assert sealed(Client, None, "chosen_name", None) is None


def test_empty_text_and_none_stay_as_they_are(world: World) -> None:
    need = Need.objects.create(client=world.person, category=world.draft().need.category)

    assert (stored(need, "matters"), stored(need, "barriers")) == ("", None)
    need = Need.objects.get(pk=need.pk)
    assert (need.matters, need.barriers) == ("", None)
    need.barriers = []
    need.save()
    assert Need.objects.get(pk=need.pk).barriers == []
    assert isinstance(stored(need, "barriers"), Sealed)


def test_saving_writes_what_the_instance_holds(world: World) -> None:
    person = Client.objects.get(pk=world.person.pk)
    person.safe_contact["hours"] = "Before noon"  # changed in place
    person.save()
    person = Client.objects.get(pk=person.pk)
    assert person.safe_contact["hours"] == "Before noon"

    person.chosen_name, person.health = "Changed", "Not written"
    before = stored(person, "health")
    person.save(update_fields=["chosen_name"])
    assert stored(person, "health") == before
    person.refresh_from_db()
    assert (person.chosen_name, person.health) == ("Changed", "Planted health")
    person.refresh_from_db(fields=["chosen_name"])
    assert person.chosen_name == "Changed"


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda row: pickle.loads(pickle.dumps(row))])
def test_copies_open_like_the_row_itself(world: World, way: Any, opened: bool) -> None:
    person = Client.objects.get(pk=world.person.pk)
    if opened:
        assert person.chosen_name == NAME
    again = way(person)

    assert (again.chosen_name, again.safe_contact["phone"]) == (NAME, NUMBER)
    again.save()
    assert Client.objects.get(pk=person.pk).chosen_name == NAME


def test_an_unread_copy_does_not_open_under_another_key(world: World) -> None:
    again = Client.objects.get(pk=world.person.pk)
    again.pk = uuid.uuid4()

    with pytest.raises(crypto.Unreadable), transaction.atomic():
        again.save(force_insert=True)


def test_every_way_to_read_a_row_opens_it(world: World) -> None:
    referral = world.draft(note="Planted note")
    rows = Client.objects.filter(pk=world.person.pk)

    assert rows.defer("chosen_name").get().chosen_name == NAME
    assert rows.only("language").get().safe_contact["phone"] == NUMBER
    assert Referral.objects.select_related("client").get(pk=referral.pk).client.chosen_name == NAME
    assert Client.objects.prefetch_related("referrals").get(pk=referral.client_id).referrals.all()[0].note
    assert Client.objects.raw("SELECT * FROM referrals_client")[0].chosen_name == NAME
    assert next(rows.iterator()).chosen_name == NAME
    deferred = rows.defer("chosen_name").get()
    deferred.save()
    assert rows.get().chosen_name == NAME


def test_every_way_to_make_a_row_seals_it(world: World) -> None:
    referral = world.draft()
    given = {"referral": referral, "organization": world.lantern, "author": world.nadia}
    key = uuid.uuid4()
    made = [
        Message.objects.create(text="One", **given),
        Message(id=str(key), text="Two", **given),
        *Message.objects.bulk_create([Message(text="Three", **given), Message(text="Four", **given)]),
        Message.objects.get_or_create(id=uuid.uuid4(), defaults={"text": "Five", **given})[0],
        Message.objects.update_or_create(id=uuid.uuid4(), defaults={"text": "Six", **given})[0],
    ]
    made[1].save()

    assert [row.text for row in made] == ["One", "Two", "Three", "Four", "Five", "Six"]
    rows = {row.pk: row for row in Message.objects.all()}
    assert [rows[uuid.UUID(str(row.pk))].text for row in made] == [row.text for row in made]
    assert all(isinstance(stored(row, "text"), Sealed) for row in made)
    changed, _made = Message.objects.update_or_create(id=key, defaults={"text": "Seven"})
    assert Message.objects.get(pk=key).text == changed.text == "Seven"


def test_bytes_are_bound_to_their_row_too(world: World) -> None:
    referral = world.draft()
    given = {"referral": referral, "organization": world.lantern, "author": world.nadia}
    one, two = (
        Document.objects.create(name="n", media_type="image/png", size=3, content=content, **given)
        for content in (b"\x00one.\xff", b"two")
    )

    assert Document.objects.get(pk=one.pk).content == b"\x00one.\xff"
    assert isinstance(stored(one, "content"), SealedBytes)
    assert b"one" not in stored(one, "content")
    put(two, "content", stored(one, "content"))
    with pytest.raises(crypto.Unreadable):
        _ = Document.objects.get(pk=two.pk).content


@pytest.mark.parametrize("lookup", ["", "__contains", "__in", "__gt"])
def test_it_can_not_be_searched(world: World, lookup: str) -> None:
    with pytest.raises(FieldError):
        Client.objects.filter(**{f"chosen_name{lookup}": NAME})
    assert Client.objects.filter(chosen_name__isnull=False).exists()


def test_a_model_with_encrypted_fields_knows_its_key_before_it_is_written() -> None:
    models = [model for model in apps.get_models() if encrypted_fields(model)]

    assert len(models) > 10
    assert all(model._meta.pk.has_default() for model in models)
