"""Where to meet: the public places of the receiver's published services."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from directory.models import Address, LocationPolicy, ServiceAtLocation
from referrals.models import Handoff, Referral


@dataclass(frozen=True)
class Place:
    """A location by its address, as the public reads it."""

    id: UUID
    address: str


def meeting_places(referral: Referral) -> list[Place]:
    """The places of the referral's own service first, then the receiver's others. Often there is none."""
    published = ServiceAtLocation.objects.filter(
        location=OuterRef("location"),
        service__organization_id=referral.receiver_id,
        service__publication="published",
        service__status="active",
    )
    own = Exists(published.filter(service_id=referral.service_id))
    rows = _public(Q(Exists(published))).annotate(own=own).order_by("-own", "address_1", "id")
    return list({row.location_id: _place(row) for row in reversed(rows)}.values())[::-1]


def with_addresses(handoffs: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """Handoffs with the ``address`` of where to meet, while that is still public; else it is None."""
    line = Concat("address_1", Value(", "), "city")
    found = _public(Q(location_id=OuterRef("location_id"))).order_by("-id").annotate(line=line)
    return handoffs.annotate(address=Subquery(found.values("line")[:1]))


def _public(which: Q):  # type: ignore[no-untyped-def]  # a queryset
    return Address.objects.filter(which, location__policy=LocationPolicy.PUBLIC)


def _place(row: Address) -> Place:
    return Place(row.location_id, f"{row.address_1}, {row.city}")
