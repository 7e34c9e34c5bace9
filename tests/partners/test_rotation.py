"""Rotating the data keys: everything moves, nothing is lost, and the old key can go."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command

from partners import crypto, reseal, rotation
from partners.fields import Sealed
from referrals.models import Client, Document, Message, Referral
from tests.factories.databases import database_url
from tests.referrals.pages import NAME, NUMBER, World

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"new": b"n" * 32, "test1": b"o" * 32}
SECRET = "JBSWY3DPEHPK3PXP"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def world(db: None, settings: Any) -> World:
    """Everything in it under the old key; then a new one stands first."""
    settings.DATA_KEYS = {"test1": KEYS["test1"]}
    world = World()
    draft = world.draft(note="Planted note")
    given = {"referral": draft, "organization": world.lantern, "author": world.nadia}
    Message.objects.create(text="Planted words", **given)
    Document.objects.create(name="n.png", media_type="image/png", size=3, content=b"\x00\xff.", **given)
    TOTP.activate(world.nadia, SECRET)
    RecoveryCodes.activate(world.nadia)
    settings.DATA_KEYS = KEYS
    return world


@pytest.mark.django_db
def test_everything_moves_and_the_old_key_can_go(world: World, settings: Any) -> None:
    codes = RecoveryCodes.activate(world.nadia).generate_codes()
    told = run()

    assert "Older keys may be dropped" in told
    assert "referrals_document: 2 values moved" in told
    assert NAME not in told
    settings.DATA_KEYS = {"new": KEYS["new"]}
    assert run("--check")
    person = Client.objects.get()
    assert (person.chosen_name, person.safe_contact["phone"]) == (NAME, NUMBER)
    assert Referral.objects.get().note == "Planted note"
    assert Message.objects.get().text == "Planted words"
    assert Document.objects.get().content == b"\x00\xff."
    held = {row.type: row for row in Authenticator.objects.filter(user=world.nadia)}
    totp, recovery = held["totp"], held["recovery_codes"]
    assert crypto.decrypt(totp.data["secret"], "mfa_authenticator.data") == SECRET
    assert RecoveryCodes(recovery).generate_codes() == codes


@pytest.mark.django_db
def test_the_check_says_how_much_remains_and_changes_nothing(world: World) -> None:
    before = Client.objects.values().get()

    with pytest.raises(CommandError, match="6 rows remain"):
        run("--check")
    assert Client.objects.values().get() == before
    assert rotation.remaining() == {
        "referrals_client": 1,
        "referrals_referral": 1,
        "referrals_message": 1,
        "referrals_document": 1,
        "mfa_authenticator": 2,
    }


@pytest.mark.django_db
def test_what_is_under_the_newest_key_is_left_alone(world: World) -> None:
    run()
    before = Client.objects.values().get()

    assert "moved" not in run()
    assert Client.objects.values().get() == before


@pytest.mark.django_db
def test_an_edit_made_meanwhile_is_not_written_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    swap = reseal.swap

    def edited_first(field: Any, pk: Any, old: Any, new: Any) -> bool:
        if field.name == "chosen_name":
            Client.objects.filter(pk=pk).update(chosen_name=field.seal("Edited", pk))
        return swap(field, pk, old, new)

    monkeypatch.setattr(reseal, "swap", edited_first)
    run()

    assert Client.objects.get().chosen_name == "Edited"


@pytest.mark.django_db
def test_what_no_key_opens_is_kept_and_keeps_the_check_from_passing(world: World) -> None:
    damaged = Sealed("gone.AAAA")
    Client.objects.update(health=damaged)
    out = StringIO()

    with pytest.raises(CommandError, match="1 rows remain"):
        call_command("rotate_keys", stdout=out, stderr=out)
    assert f"referrals_client.health/{world.person.pk}" in out.getvalue()
    assert Client.objects.values_list("health", flat=True).get() == damaged
    assert Client.objects.get().chosen_name == NAME


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_it_goes_on_and_loses_nothing(transactional_db: None, settings: Any) -> None:
    keys = {name: settings.DATA_KEYS[name] for name in ("test1", "test2")}
    settings.DATA_KEYS = {"test1": keys["test1"]}
    world = World()
    referral = world.draft()
    given = {"referral": referral, "organization": world.lantern, "author": world.nadia}
    Message.objects.bulk_create([Message(text=f"Words {number}", **given) for number in range(1500)])
    settings.DATA_KEYS = {"test2": keys["test2"], "test1": keys["test1"]}
    chance = random.Random(4)
    left = [rotation.stale(Message).count()]

    for table in ("referrals_client", "referrals_message"):
        with rotating() as process:
            told = []
            while not told or not told[-1].startswith(table):  # so far it must have come
                told.append(process.stdout.readline())
                assert told[-1], told
            time.sleep(chance.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
        left.append(rotation.stale(Message).count())
    with rotating() as process:
        out, _ = process.communicate(timeout=60)

    assert process.returncode == 0, out
    assert left == sorted(left, reverse=True)
    assert any(0 < count < 1500 for count in left)
    settings.DATA_KEYS = {"test2": keys["test2"]}
    assert {row.text for row in Message.objects.all()} == {f"Words {number}" for number in range(1500)}
    assert Client.objects.get().chosen_name == NAME


def rotating() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
