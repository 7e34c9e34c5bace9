"""`make test` never says less than it knows."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests import extent, packages, postgres, run

PASSED = run.Part("SQLite", 0, "3 passed")
FAILED = run.Part("PostgreSQL", 1, "1 failed")
EMPTY = run.Part("PostgreSQL", run.NO_TESTS, "no tests ran")


@pytest.mark.parametrize(
    ("parts", "missing", "strict", "code"),
    [
        ([PASSED, PASSED], [], True, 0),
        ([PASSED, FAILED], [], False, 1),
        ([FAILED, PASSED], [], False, 1),
        ([PASSED, EMPTY], [], True, 0),  # only browser tests were asked for
        ([EMPTY, EMPTY], [], False, run.NO_TESTS),
        ([PASSED], ["PostgreSQL"], False, 0),
        ([PASSED], ["PostgreSQL"], True, 1),
    ],
)
def test_the_verdict(parts: list[run.Part], missing: list[str], strict: bool, code: int) -> None:
    assert run.verdict(parts, missing, strict=strict) == code


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_what_was_not_covered_stands_at_the_end(
    ci: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extent, "WHOLE", ci == "true")
    monkeypatch.setenv(extent.SAMPLE, "")
    monkeypatch.setattr(postgres, "find", lambda: None)
    monkeypatch.setattr(packages, "find_chromium", lambda: None)
    monkeypatch.setattr(run, "run", lambda name, _arguments, _environment: PASSED)

    assert run.main([]) == code

    told = capsys.readouterr().out
    assert "NOT COVERED: the browser tests" in told
    assert "NOT COVERED: PostgreSQL" in told
    assert told.rstrip().endswith("3 passed")
    left = [text for text in extent.LEFT_TO_CI if f"NOT COVERED here, CI runs it: {text}\n" in told]
    assert left == ([] if ci else list(extent.LEFT_TO_CI))
    assert extent.takes_sample() == (not ci)


def test_who_names_tests_gets_them_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extent, "WHOLE", False)
    monkeypatch.setenv(extent.SAMPLE, "")
    monkeypatch.setattr(postgres, "find", lambda: None)
    monkeypatch.setattr(run, "run", lambda name, _arguments, _environment: PASSED)

    assert run.main(["tests/crash"]) == 0
    assert not extent.takes_sample()
    assert "CI runs it" not in capsys.readouterr().out


def test_without_root_nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(postgres, "DEBIAN_ROOT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("something was started"))

    assert postgres.find() is None
    assert packages.find_chromium() is None


def test_the_server_is_gone_afterwards() -> None:
    binaries = postgres.look()
    if binaries is None:
        return  # `make test` says itself that PostgreSQL was not covered

    with postgres.throwaway(binaries) as url:
        folder = Path(url.removeprefix("postgres://relais@/").removesuffix("/postgres"))
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(server, 0)

    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
