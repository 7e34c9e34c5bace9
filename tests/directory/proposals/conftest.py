"""The small network that keeps listings."""

from __future__ import annotations

import pytest

from tests.directory.proposals.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()
