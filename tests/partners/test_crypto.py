"""Encryption at rest and blind indexes."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners import crypto

OLD, NEW = b"o" * 32, b"n" * 32
CONTEXT = "referrals_client.chosen_name"
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.text(max_size=40).filter(str.isprintable)
)
def test_what_was_encrypted_opens_again_under_its_context_alone(plain: str, context: str) -> None:
    stored = crypto.encrypt(plain, context)

    assert crypto.decrypt(stored, context) == plain
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(stored, context + "x")


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert len({crypto.encrypt("Nadia", CONTEXT) for _ in range(50)}) == 50


def test_the_text_does_not_stand_in_it() -> None:
    stored = crypto.encrypt("Nadia", CONTEXT)

    assert "Nadia" not in stored
    assert b"Nadia" not in base64.urlsafe_b64decode(stored.partition(".")[2])


def test_a_value_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(crypto.encrypt("Nadia", CONTEXT), "referrals_client.legal_name")


@given(st.data())
def test_a_value_changed_anywhere_does_not_open(data: st.DataObject) -> None:
    key_id, _, encoded = crypto.encrypt("204-555-0142", CONTEXT).partition(".")
    raw = bytearray(base64.urlsafe_b64decode(encoded))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))

    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(f"{key_id}.{base64.urlsafe_b64encode(bytes(raw)).decode()}", CONTEXT)


@pytest.mark.parametrize(
    "stored", ["", "plain text", ".", "k9.AAAA", "test2.", "test2.AAAA", "test2.é", "test2.A"]
)
def test_what_is_no_ciphertext_does_not_open(stored: str) -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(stored, CONTEXT)


def test_keys_can_be_changed(settings: Any) -> None:
    settings.DATA_KEYS = {"old": OLD}
    before = crypto.encrypt("Nadia", CONTEXT)

    settings.DATA_KEYS = {"new": NEW, "old": OLD}
    after = crypto.encrypt("Nadia", CONTEXT)
    assert after.startswith("new.")
    assert crypto.decrypt(before, CONTEXT) == crypto.decrypt(after, CONTEXT) == "Nadia"

    settings.DATA_KEYS = {"new": NEW}
    assert crypto.decrypt(after, CONTEXT) == "Nadia"
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(before, CONTEXT)


def test_another_key_under_the_same_name_does_not_open(settings: Any) -> None:
    settings.DATA_KEYS = {"k": OLD}
    stored = crypto.encrypt("Nadia", CONTEXT)
    settings.DATA_KEYS = {"k": NEW}

    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(stored, CONTEXT)


@given(st.text(), st.text())
def test_a_blind_index_finds_equal_values_of_one_organization_only(one: str, other: str) -> None:
    one, other = (text.encode("utf-8", "replace").decode() for text in (one, other))

    assert (crypto.blind_index(one, ONE) == crypto.blind_index(other, ONE)) == (one == other)
    assert crypto.blind_index(one, ONE) != crypto.blind_index(one, TWO)


def test_a_blind_index_needs_the_key(settings: Any) -> None:
    before = crypto.blind_index("Nadia", ONE)
    settings.INDEX_KEY = OLD

    assert crypto.blind_index("Nadia", ONE) != before


def test_each_purpose_has_its_own_key() -> None:
    assert crypto.derived_key("audit") != crypto.derived_key("blind-index")
