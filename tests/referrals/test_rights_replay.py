"""An older backup comes back, and what had been deleted goes again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from partners import audit
from partners.errors import Invalid
from referrals.models import Client, Deletion, Introduction, Referral
from referrals.rights import deletion, replay
from tests.environment import TEST_ENVIRONMENT, without_relais
from tests.referrals.pages import World
from tests.referrals.rights_story import everything_about


def remove(world: World, person: Client) -> None:
    deletion.delete_on_request(actor=world.actor(world.paula), client_id=person.pk, code=person.code)


@pytest.mark.django_db
def test_a_list_that_was_touched_is_refused_whole() -> None:
    world = World()
    keep, gone = world.client(), world.person
    remove(world, gone)
    text = replay.export_list()
    head, line, signature = text.splitlines()

    for forged in (
        text.replace(str(gone.pk), str(keep.pk)),
        f"{head}\n{signature}\n",
        f"{head}\n{line}\n",
        f"{head}\n{line}\n{line}\n{signature}\n",
        f"{head}\n{line}\n{{}}\n",
        "",
        "[]\n[]\n",
    ):
        with pytest.raises(Invalid):
            replay.replay(forged)

    assert Client.objects.filter(pk=keep.pk).exists()
    assert replay.replay(text) == {}
    assert Deletion.objects.count() == 1


@pytest.mark.django_db
def test_a_list_under_another_key_is_refused(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    path = tmp_path / "deletions.jsonl"
    call_command("deletion_list", "--export", str(path), stdout=StringIO())
    settings.INDEX_KEY = b"another key of thirty-two bytes!"  # type: ignore[attr-defined]

    with pytest.raises(CommandError, match="deletion list"):
        call_command("replay_deletions", str(path))
    with pytest.raises(CommandError, match="read"):
        call_command("replay_deletions", str(tmp_path / "missing"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="copies a database file")
def test_an_older_copy_of_the_file_is_restored_and_loses_them_again(tmp_path: Path) -> None:
    world = World()
    person, referral = everything_about(world)
    kept = world.client()
    Introduction.objects.filter(client=person).update(client=None)
    backup, listed = tmp_path / "backup.sqlite3", tmp_path / "deletions.jsonl"
    with closing(sqlite3.connect(backup)) as copy:
        connection.connection.backup(copy)
    introduction = Introduction.objects.get()
    Introduction.objects.update(client=person)
    remove(world, person)
    call_command("deletion_list", "--export", str(listed), stdout=StringIO())

    answer = manage(backup, "replay_deletions", str(listed))
    again = manage(backup, "replay_deletions", str(listed))

    # The draft had its own line; it goes with the file.
    assert (answer, again) == ("client: 1, introduction: 1\n", "0\n")
    assert manage(backup, "verify_audit").endswith("all in order\n")
    with closing(sqlite3.connect(backup)) as restored:
        assert ids(restored, "referrals_client") == {world.person.pk.hex, kept.pk.hex}
        assert ids(restored, "referrals_referral") == set()
        assert ids(restored, "referrals_introduction") == set()
        lines = {row[0] for row in restored.execute("SELECT object_id FROM referrals_deletion")}
    assert {person.pk.hex, referral.pk.hex, introduction.pk.hex} <= lines
    assert audit.verify()[1] is None
    assert not Referral.objects.exists()


def manage(database: Path, *arguments: str) -> str:
    environment = {
        **without_relais(os.environ),
        **TEST_ENVIRONMENT,
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def ids(database: sqlite3.Connection, table: str) -> set[str]:
    return {row[0] for row in database.execute(f"SELECT id FROM {table}")}
