"""What is read of the catalogue: visibility first, then the rest."""

from __future__ import annotations

from typing import Any

from django.db import models

from partners.actor import Actor
from partners.roles import Capability


def is_public(service: Any) -> bool:
    """The rule of ``visible_to`` for everybody, on one listing in hand: an instance or a row of it."""
    return service.publication == "published" and service.status != "defunct"


class ServiceQuerySet(models.QuerySet["Service"]):
    def visible_to(self, actor: Actor) -> ServiceQuerySet:
        """Published listings for everybody; an editor also sees the own organization's others.

        Defunct services are not listed. The police liaison role sees what the public sees.
        """
        public = models.Q(publication="published") & ~models.Q(status="defunct")
        if actor.organization_id and actor.can(Capability.EDIT_LISTINGS):
            return self.filter(public | models.Q(organization_id=actor.organization_id))
        return self.filter(public)

    def open_to_referrals(self) -> ServiceQuerySet:
        """Published, active, taking referrals through the network."""
        return self.filter(publication="published", status="active", accepts_referrals=True)

    def for_listing(self) -> ServiceQuerySet:
        """With everything a card or a listing shows, in a number of queries that does not grow."""
        return self.select_related("organization", "program", "capacity").prefetch_related(
            "aliases",
            "phones",
            "schedules",
            "schedule_exceptions",
            "languages",
            "attributes__term",
            "at_locations__location__area",
            "at_locations__location__addresses",
        )
