"""A small network for the tests of keeping listings: an owner, a stranger, and who keeps the catalogue."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from directory.models import ListingLink, Service
from directory.upkeep import links
from partners.access import actor_for
from partners.actor import Actor
from partners.models import Organization, User
from tests.factories.listings import make_organization, make_service
from tests.referrals.pages import member

VOICE = {"number": "204-555-0142", "kind": "voice", "extension": "", "label_en": "", "label_fr": ""}


class Ground:
    """Ed edits for Lantern, Ada administers it, Will works there; Sam edits for another; Kim keeps all."""

    def __init__(self) -> None:
        self.lantern = make_organization(name_en="Lantern", email="lantern@pages.example")
        self.other = make_organization(name_en="Other")
        self.network = make_organization(name_en="Network")
        self.ed = member("Ed", self.lantern, "listing_editor")
        self.ada = member("Ada", self.lantern, "organization_admin")
        self.will = member("Will", self.lantern, "worker")
        self.sam = member("Sam", self.other, "listing_editor")
        self.kim = member("Kim", self.network, "network_admin")
        self.service = self.listing(self.lantern, name_en="Evening group")

    def listing(self, organization: Organization, **given: Any) -> Service:
        data = {"accepts_referrals": True, "phones": [VOICE], **given}
        return make_service(organization=organization, **data)

    def actor(self, user: User) -> Actor:
        return actor_for(user, None)

    def link(self) -> str:
        return links.new_link(self.service, timezone.now())


def fresh(service: Service) -> Service:
    return Service.objects.select_related("organization", "capacity").get(pk=service.pk)


def only_link(service: Service) -> ListingLink:
    return ListingLink.objects.get(service=service)
