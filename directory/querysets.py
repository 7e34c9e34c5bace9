"""What is read of the catalogue: visibility first, then the rest."""

from __future__ import annotations

from typing import Any

from django.db import models

from directory.upkeep import lapse
from partners.actor import Actor
from partners.roles import Capability


def is_public(service: Any) -> bool:
    """The rule of ``visible_to`` for everybody, on one listing in hand: an instance or a row of it."""
    return service.publication == "published" and service.status != "defunct"


def takes_referrals(service: Any) -> bool:
    """The rule of ``open_to_referrals``, on one listing in hand."""
    state = (service.publication, service.status, service.accepts_referrals)
    return state == ("published", "active", True) and not lapse.is_closed(service)


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
        """Published, active, taking referrals through the network, and checked not too long ago."""
        taking = self.filter(publication="published", status="active", accepts_referrals=True)
        return taking.filter(lapse.still_open())

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
