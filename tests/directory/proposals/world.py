"""A house with two editors and a neighbour's, the network, and listings of theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from directory.models import Service
from partners.access import actor_for
from partners.actor import Actor
from partners.models import Membership, Organization, User
from tests.factories.listings import PUBLIC_PLACE, make_organization, make_service

PHONE = {"number": "204-555-0161", "kind": "voice", "extension": "", "label_en": "", "label_fr": ""}
FULL: dict[str, Any] = {
    "name_en": "River house",
    "name_fr": "Maison de la rivière",
    "summary_en": "A warm meal.",
    "summary_fr": "Un repas chaud.",
    "eligibility_en": "Everybody.",
    "eligibility_fr": "Tout le monde.",
    "categories": ["food-bank"],
    "phones": [PHONE],
    "intakes": ["phone"],
    "schedules": [{"byday": "MO,TU", "opens_at": "09:00", "closes_at": "16:30"}],
}


def member(name: str, organization: Organization, *roles: str) -> User:
    user = User.objects.create_user(f"{name.lower()}@listings.example", full_name=f"{name} Person")
    for role in roles:
        Membership.objects.create(user=user, organization=organization, role=role)
    return user


def browser(user: User, language: str = "en") -> Browser:
    made = Browser(headers={"accept-language": language})
    made.force_login(user)
    return made


def url(name: str, *args: Any) -> str:
    return reverse(f"directory:{name}", args=args)


@dataclass
class World:
    """Ed and Eve edit for the house, Wes works there, Nat edits elsewhere, Lea keeps the catalogue."""

    house: Organization = field(default_factory=lambda: make_organization(name_en="The house (demo)"))
    elsewhere: Organization = field(default_factory=lambda: make_organization(name_en="Elsewhere (demo)"))
    network: Organization = field(default_factory=lambda: make_organization(name_en="Network (demo)"))

    def __post_init__(self) -> None:
        self.ed = member("Ed", self.house, "listing_editor")
        self.eve = member("Eve", self.house, "listing_editor")
        self.wes = member("Wes", self.house, "worker")
        self.nat = member("Nat", self.elsewhere, "listing_editor")
        self.lea = member("Lea", self.network, "network_admin")

    def actor(self, user: User) -> Actor:
        return actor_for(user, None)

    def listing(self, *, publish: bool = True, **given: Any) -> Service:
        data = {"organization": self.house, "location": PUBLIC_PLACE, **FULL, **given}
        return make_service(publish=publish, **data)
