"""Two organizations and a way to make members of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partners.models import Membership, Organization, User

PASSWORD = "three rivers under ice"


@pytest.fixture
def lantern(db: None) -> Organization:
    return Organization.objects.create(name_en="Lantern (demo)", name_fr="Lanterne (démo)")


@pytest.fixture
def clinic(db: None) -> Organization:
    return Organization.objects.create(name_en="Clinic (demo)", name_fr="Clinique (démo)")


@pytest.fixture
def member(db: None) -> Callable[..., User]:
    """``member("nadia@lantern.example", {organization: ["worker"]}, language="fr")``."""

    def make(email: str, roles: dict[Organization, list[str]], **fields: str) -> User:
        fields.setdefault("full_name", f"{email.split('@')[0].title()} (demo)")
        user = User.objects.create_user(email, PASSWORD, **fields)
        for organization, names in roles.items():
            for name in names:
                Membership.objects.create(user=user, organization=organization, role=name)
        return user

    return make


@pytest.fixture
def nadia(member: Callable[..., User], lantern: Organization) -> User:
    return member("nadia@lantern.example", {lantern: ["worker"]})
