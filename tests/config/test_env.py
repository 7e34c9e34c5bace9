"""Settings from the environment: a bad value stops the start and names its variable."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import demo_env, env
from tests.architecture.source import ROOT

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("", "is not set"),
        (KEY, "id:base64"),
        (f"a b:{KEY}", "id:base64"),
        (f"one:{KEY},one:{KEY}", "stands twice"),
        ("one:***", "not base64"),
        ("one:c2hvcnQ=", "32 bytes"),
    ],
)
def test_data_keys_that_make_no_sense_are_refused(value: str, complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=complaint) as refused:
        env.data_keys({"RELAIS_DATA_KEYS": value}, "RELAIS_DATA_KEYS")

    assert "RELAIS_DATA_KEYS" in str(refused.value)


def test_data_keys_keep_their_order() -> None:
    keys = env.data_keys({"KEYS": f"new:{KEY}, old:{KEY}"}, "KEYS")

    assert list(keys) == ["new", "old"]


@pytest.mark.parametrize(("value", "expected"), [("on", True), ("NO", False), ("1", True), ("", True)])
def test_a_flag_is_on_or_off(value: str, expected: bool) -> None:
    assert env.flag({"FLAG": value}, "FLAG", default=True) is expected


def test_a_flag_that_is_neither_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="FLAG must be on or off"):
        env.flag({"FLAG": "perhaps"}, "FLAG", default=False)


def test_a_relative_sqlite_path_starts_at_the_project(tmp_path: Path) -> None:
    assert env.database({}, tmp_path)["NAME"] == str(tmp_path / "var" / "relais.sqlite3")


def test_another_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database({"DATABASE_URL": "mysql://user@host/name"}, Path("/"))


def test_the_demo_keys_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "demo.env"

    demo_env.ensure(path)
    first = path.read_text()
    demo_env.ensure(path)

    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["demo.env"]


def test_two_demo_folders_have_different_keys(tmp_path: Path) -> None:
    demo_env.ensure(tmp_path / "one")
    demo_env.ensure(tmp_path / "two")

    one, two = (set((tmp_path / name).read_text().splitlines()) for name in ("one", "two"))
    assert {line.split("=")[0] for line in one & two if "=" in line and "=o" not in line} == set()


def test_the_demo_keys_serve_only_where_no_setting_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "demo.env"
    demo_env.ensure(path)
    for name in demo_env.values():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("RELAIS_ALLOWED_HOSTS", raising=False)
    assert env.load(path)["RELAIS_DEMO"] == "on"

    monkeypatch.setenv("RELAIS_ALLOWED_HOSTS", "relais.example")

    assert "RELAIS_SECRET_KEY" not in env.load(path)


def test_a_missing_secret_stops_the_start_and_is_named() -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"RELAIS_DEBUG": "off"},
        capture_output=True,
        text=True,
    )

    assert answer.returncode != 0
    assert "RELAIS_SECRET_KEY is not set" in answer.stderr


def test_every_setting_is_documented() -> None:
    named = re.compile(r'"((?:RELAIS_[A-Z_]+|[A-Z]+_URL))"')
    sources = [ROOT / "config" / "settings.py", ROOT / "config" / "env.py", ROOT / "config" / "demo_env.py"]
    read = {name for source in sources for name in named.findall(source.read_text(encoding="utf-8"))}
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(RELAIS_[A-Z_]+|[A-Z]+_URL)`", text))

    assert read == told
