"""The lock files install the same thing everywhere."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import ROOT

RUN, TEST = "requirements.lock", "requirements-dev.lock"


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9_.-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", [RUN, TEST])
def test_every_package_is_pinned_by_hash_and_no_location_is_named(name: str) -> None:
    """`make lock` writes them; an index or a folder of one machine would bind everybody to it."""
    text = (ROOT / name).read_text(encoding="utf-8")

    assert pins(name)
    assert not re.findall(r"^(?:-|\S+ @ ).*", text, re.MULTILINE)
    for block in re.split(r"^(?=[a-z0-9_.-]+==)", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block, block


def test_the_tests_run_on_what_is_served() -> None:
    served, tested = pins(RUN), pins(TEST)

    assert {name: tested.get(name) for name in served} == served


@pytest.mark.parametrize(("source", "lock"), [("requirements.in", RUN), ("requirements-dev.in", TEST)])
def test_what_is_asked_for_is_locked(source: str, lock: str) -> None:
    lines = (ROOT / source).read_text(encoding="utf-8").splitlines()
    asked = {re.split(r"[^a-z0-9_.-]", line)[0] for line in lines if re.match(r"[a-z]", line)}

    assert asked <= set(pins(lock))
