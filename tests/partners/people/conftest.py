"""An organization with an administrator, one without, police and the network's own body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from partners.access import actor_for
from partners.actor import Actor
from partners.models import Organization, User


@dataclass
class People:
    """``actor(name)`` acts in the organization the name was made for."""

    lantern: Organization
    clinic: Organization
    police: Organization
    network: Organization
    users: dict[str, User]
    homes: dict[str, Organization]

    def actor(self, name: str) -> Actor:
        return actor_for(User.objects.get(pk=self.users[name].pk), self.homes[name].pk)


@pytest.fixture
def people(member: Callable[..., User], lantern: Organization, clinic: Organization) -> People:
    police = Organization.objects.create(name_en="Liaison (demo)", kind="police_liaison")
    network = Organization.objects.create(name_en="Network (demo)", name_fr="Réseau (démo)")
    cast = {
        "ada": (lantern, ["organization_admin", "manager"]),
        "nadia": (lantern, ["worker"]),
        "olga": (lantern, ["worker"]),
        "tom": (clinic, ["worker"]),
        "mo": (police, ["police_liaison", "organization_admin"]),
        "lea": (network, ["network_admin"]),
        "ned": (network, ["organization_admin"]),
    }
    users = {name: member(f"{name}@people.example", {home: roles}) for name, (home, roles) in cast.items()}
    homes = {name: home for name, (home, _roles) in cast.items()}
    return People(lantern, clinic, police, network, users, homes)
