"""Where to meet: the public places of the receiver's published services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from directory.models import Address, LocationPolicy, ServiceAtLocation
from referrals.models import Referral


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


def places(location_ids: Iterable[UUID | None]) -> dict[UUID, Place]:
    """Those of the locations that are still public. What is no longer public is not shown, nor stored."""
    wanted = {location_id for location_id in location_ids if location_id}
    rows = _public(Q(location_id__in=wanted)) if wanted else []
    return {row.location_id: _place(row) for row in rows}


def _public(which: Q):  # type: ignore[no-untyped-def]  # a queryset
    return Address.objects.filter(which, location__policy=LocationPolicy.PUBLIC)


def _place(row: Address) -> Place:
    return Place(row.location_id, f"{row.address_1}, {row.city}")
