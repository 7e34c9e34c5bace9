"""The export holds everything, in both languages, and is on record before it exists."""

from __future__ import annotations

import io
import json
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from partners import audit
from partners.errors import NotSeen, Refused
from partners.models import AuditEvent
from referrals.models import AnswerLink, Client, Referral
from referrals.rights import export, export_labels, holdings
from tests.referrals.pages import World, member
from tests.referrals.rights_story import PDF, everything_about

PLANTED = (
    "Wren Planted",
    "Legal Planted",
    "Planted health",
    "Planted family",
    "Planted situation",
    "Housing planted",
    "Moved planted",
    "204-555-0188",
    "library card",
    "Why planted",
    "Report planted",
    "Message planted",
    "Place planted",
    "Attempt planted",
    "Letter planted.pdf",
    "Reason planted",
    "Introduction planted",
    "Support planted",
    "Judge planted",
    "Order planted",
    "Hold planted",
    "Glass planted",
)


def unpacked(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_every_model_that_refers_to_a_person_or_a_referral_is_held() -> None:
    """A new model goes into HOLDINGS, so that it is exported, counted and deleted."""
    referring = {
        model
        for model in apps.get_models()
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.related_model in (Client, Referral, AnswerLink)
    }
    assert {one.model for one in holdings.HOLDINGS} == referring | {Client}


def test_what_is_left_out_is_declared_and_the_rest_has_a_label() -> None:
    known = {
        f"{one.model._meta.label}.{field.name}"
        for one in holdings.HOLDINGS
        for field in one.model._meta.concrete_fields
    }
    assert set(holdings.LEFT_OUT) <= known
    fields = [field for one in holdings.HOLDINGS for field in export.fields_of(one)]
    assert [str(field) for field in fields if export_labels.label_of(field) is None] == []


@pytest.mark.django_db
def test_everything_stands_in_it_in_both_languages() -> None:
    world = World()
    person, referral = everything_about(world)

    packed = unpacked(export.export_client(actor=world.actor(world.nadia), client_id=person.pk))

    assert packed.namelist() == ["export.html", "export.json", "documents/1.pdf"]
    assert packed.read("documents/1.pdf") == PDF
    page, data = packed.read("export.html").decode(), json.loads(packed.read("export.json"))
    missing = [text for text in PLANTED if text not in page or text not in json.dumps(data)]
    assert missing == []
    assert "<title>Export</title>" in page
    for words in ("What is held about you", "Do not pass this on", "17 mars 1991", "March 17, 1991"):
        assert words in page
    for field in ("name_index", "digest"):
        assert field not in json.dumps(data)
    assert {part["key"] for part in data["parts"] if part["rows"]} == {
        one.model._meta.model_name for one in holdings.HOLDINGS
    }
    [file] = next(part for part in data["parts"] if part["key"] == "client")["rows"]
    assert file["age_band"]["label"] == {"en": "Age group", "fr": "Groupe d’âge"}
    assert file["birth_date"]["value"] == "1991-03-17"
    [code] = {row["code"]["value"] for row in data["parts"][6]["rows"]} - {
        one.code for one in Referral.objects.filter(client=person, status="draft")
    }
    assert code == referral.code


@pytest.mark.django_db
def test_a_partners_worker_is_not_named_and_the_own_one_is() -> None:
    world = World()
    person, _referral = everything_about(world)

    page = unpacked(export.export_client(actor=world.actor(world.paula), client_id=person.pk)).read(
        "export.html"
    )

    assert b"Nadia" in page
    assert b"Tom" not in page
    assert b"A member of another organization" in page


@pytest.mark.django_db
def test_it_is_on_record_first_and_nobody_else_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    person = world.person.pk
    olga = member("Olga", world.northern, "privacy_officer")
    peter = member("Peter", world.lantern, "privacy_officer")
    for user, refusal in ((world.tom, NotSeen), (olga, NotSeen), (world.eva, Refused)):
        with pytest.raises(refusal):
            export.export_client(actor=world.actor(user), client_id=person)
    assert not AuditEvent.objects.filter(action="client.export").exists()

    assert export.export_client(actor=world.actor(peter), client_id=person)

    row = AuditEvent.objects.get(action="client.export")
    assert (row.result, row.object_id, row.user_id) == ("released", str(person), peter.pk)

    def broken(*entries: audit.Entry) -> None:
        raise DatabaseError

    monkeypatch.setattr(audit, "record", broken)
    monkeypatch.setattr(export, "parts_of", lambda client: pytest.fail("read before it was recorded"))
    with pytest.raises(DatabaseError):
        export.export_client(actor=world.actor(peter), client_id=person)


@pytest.mark.django_db
def test_the_command_writes_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    world = World()
    output = tmp_path / "export.zip"
    options = {"organization": world.lantern.name_en, "output": output, "stdout": StringIO()}

    call_command("export_client", world.person.code.lower(), **options)

    assert output.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(output) as packed:
        assert b"Wren Planted" in packed.read("export.html")
    for code, given in (
        (world.person.code, options),
        (world.person.code, {**options, "organization": world.northern.name_en, "output": tmp_path / "b"}),
        ("AAA-AAA", {**options, "output": tmp_path / "c"}),
        (world.person.code, {**options, "output": tmp_path / "none" / "d"}),
    ):
        with pytest.raises(CommandError):
            call_command("export_client", code, **given)
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]
    assert AuditEvent.objects.filter(action="client.export", channel="system").count() == 1
