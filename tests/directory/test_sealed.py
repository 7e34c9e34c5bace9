"""Sealed searches: unreadable, unchangeable, and gone after fifteen minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from directory.sealed import Expired, seal, unseal

QUERY = {"q": ["détox près d’ici"], "category": ["crisis", "housing"]}
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_comes_back_as_it_went() -> None:
    assert unseal(seal(QUERY)) == QUERY
    assert unseal(seal({})) == {}


def test_tells_nothing() -> None:
    token = seal(QUERY)
    assert token.replace("-", "").replace("_", "").isalnum()
    assert "detox" not in token
    assert len(token) == len(seal({"q": ["x"]}))
    assert token != seal(QUERY)


def test_lives_for_fifteen_minutes() -> None:
    with time_machine.travel(NOON, tick=False):
        token = seal(QUERY)
    with time_machine.travel(NOON + timedelta(minutes=15), tick=False):
        assert unseal(token) == QUERY
    with time_machine.travel(NOON + timedelta(minutes=15, seconds=1), tick=False), pytest.raises(Expired):
        unseal(token)


@pytest.mark.parametrize("position", [0, 10, 40, -1])
def test_a_changed_one_does_not_open(position: int) -> None:
    token = seal(QUERY)
    other = "A" if token[position] != "A" else "B"
    changed = list(token)
    changed[position] = other
    with pytest.raises(Expired):
        unseal("".join(changed))


@pytest.mark.parametrize("token", ["", "x", "é", "gAAAAA", "=" * 40, "A" * 5000, "\x00"])
def test_what_is_none_of_ours_does_not_open(token: str) -> None:
    with pytest.raises(Expired):
        unseal(token)


def test_another_key_does_not_open(settings) -> None:
    token = seal(QUERY)
    settings.INDEX_KEY = b"another-key-of-thirty-two-bytes!"
    with pytest.raises(Expired):
        unseal(token)
