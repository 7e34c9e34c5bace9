"""The network with Lea who keeps it, and Lantern with Olga who may sign for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partners.access import actor_for
from partners.actor import Actor
from partners.models import Organization, User

Member = Callable[..., User]


@pytest.fixture
def network(db: None) -> Organization:
    return Organization.objects.create(
        name_en="Network (demo)", name_fr="Réseau (démo)", email="ask@network.example"
    )


@pytest.fixture
def lea_user(member: Member, network: Organization) -> User:
    return member("lea@network.example", {network: ["network_admin"]})


@pytest.fixture
def lea(lea_user: User) -> Actor:
    return actor_for(lea_user, None)


@pytest.fixture
def olga_user(member: Member, lantern: Organization) -> User:
    return member("olga@lantern.example", {lantern: ["organization_admin"]})


@pytest.fixture
def olga(olga_user: User) -> Actor:
    return actor_for(olga_user, None)
