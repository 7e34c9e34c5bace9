"""What an administrator types."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from partners import clock
from partners.access import actor_for_token
from partners.management.commands import worker
from partners.models import ApiToken, AuditEvent, Organization, User
from partners.roles import Capability


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_token_stands_alone_on_the_last_line(nadia: User, lantern: Organization) -> None:
    secret = run("create_token", "Nadia@lantern.example").splitlines()[-1]

    assert actor_for_token(secret).organization_id == lantern.pk


def test_a_token_can_be_narrowed_and_short(nadia: User) -> None:
    secret = run("create_token", nadia.email, "--scopes", "send, answer", "--days", "7").splitlines()[-1]

    token = ApiToken.objects.get()
    assert actor_for_token(secret).capabilities == {Capability.SEND, Capability.ANSWER}
    assert (token.expires_at - token.created_at).days in {6, 7}


def test_making_a_token_stands_in_the_audit_log(nadia: User, lantern: Organization) -> None:
    secret = run("create_token", nadia.email).splitlines()[-1]

    row = AuditEvent.objects.get()
    assert (row.chain, row.action, row.object_id) == (lantern.pk, "token.create", str(nadia.pk))
    assert secret not in str(row.details)


def test_with_two_organizations_one_must_be_named(
    member: Callable[..., User], lantern: Organization, clinic: Organization
) -> None:
    user = member("both@lantern.example", {lantern: ["worker"], clinic: ["worker"]})

    with pytest.raises(CommandError, match="--organization"):
        run("create_token", user.email)
    secret = run("create_token", user.email, "--organization", clinic.name_fr).splitlines()[-1]
    assert actor_for_token(secret).organization_id == clinic.pk


@pytest.mark.parametrize(
    "arguments",
    [
        ["nobody@lantern.example"],
        ["nadia@lantern.example", "--organization", "Clinic (demo)"],
        ["nadia@lantern.example", "--scopes", "everything"],
        ["nadia@lantern.example", "--days", "0"],
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(
    nadia: User, clinic: Organization, arguments: list[str]
) -> None:
    with pytest.raises(CommandError):
        run("create_token", *arguments)
    assert not ApiToken.objects.exists()


def test_the_worker_goes_on_when_the_database_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    command, turns = worker.Command(stdout=StringIO()), []

    def tick() -> None:
        turns.append(1)
        if len(turns) == 2:
            command.stop()
        raise OperationalError("gone")

    monkeypatch.setattr(clock, "tick", tick)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    command.handle(interval=0.0)

    assert len(turns) == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_stops_when_told(number: signal.Signals, tmp_path: Any) -> None:
    with subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--interval", "60"],
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Running")
        process.send_signal(number)
        out, _ = process.communicate(timeout=30)

    assert (process.returncode, out) == (0, "Stopped.\n")
