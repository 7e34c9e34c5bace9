"""Where the partners of the network are: at the places of their public listings, as far as those say.

A place of which only the area is shown stands at the area's reference point; a withheld one is not drawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from directory.cards import where_words
from directory.models import Location, LocationPolicy, Service
from directory.page_map import PageMap, page_map
from directory.place_policy import PublicPlace, place_of, shown_place
from partners.actor import ANONYMOUS, Actor
from partners.bilingual import Localized, localized
from partners.models import Organization
from partners.roles import Capability
from referrals.network.times import Times, partner_figures

PAGE_SIZE = 30
MOST_PLACES = 6


@dataclass(frozen=True)
class Partner:
    """``number``: its place in the list and on the map. ``places``: none of them twice."""

    id: UUID
    number: int
    name: Localized
    kind: str
    places: list[PublicPlace]
    times: Times

    @property
    def where(self) -> list[str]:
        """The places in words, each once."""
        return list(dict.fromkeys(where_words(place) for place in self.places))


@dataclass(frozen=True)
class Spot:
    """One place of a partner, for the map."""

    number: int
    place: PublicPlace


@dataclass(frozen=True)
class NetworkMap:
    partners: list[Partner]
    map: PageMap | None
    page: Page[Organization]


def network_map(actor: Actor, page: int | str) -> NetworkMap:
    """The partners with an agreement in force, by name; as many queries however many there are."""
    actor.require(Capability.SEE_NETWORK)
    found = Paginator(_partners(), PAGE_SIZE).get_page(page)
    rows = list(found.object_list)
    ids = [row.pk for row in rows]
    places, times = _places(ids), partner_figures(ids)
    partners = [
        Partner(
            id=row.pk,
            number=number,
            name=localized(row, "name"),
            kind=row.get_kind_display(),
            places=places.get(row.pk, [shown_place(None)]),
            times=times.get(row.pk, Times()),
        )
        for number, row in enumerate(rows, found.start_index())
    ]
    spots = [Spot(partner.number, place) for partner in partners for place in partner.places]
    return NetworkMap(partners, page_map(spots, None), found)


def _partners() -> QuerySet[Organization]:
    return Organization.objects.with_agreement().order_by("name_en", "name_fr", "pk")


def _places(organization_ids: Iterable[UUID]) -> dict[UUID, list[PublicPlace]]:
    """What is withheld is left out where something else of the partner is shown."""
    listed = Service.objects.visible_to(ANONYMOUS).filter(organization_id__in=organization_ids)
    locations = (
        Location.objects.filter(services_here__service__in=listed, organization_id__in=organization_ids)
        .select_related("area")
        .prefetch_related("addresses")
        .order_by("organization_id", "pk")
        .distinct()
    )
    found: dict[UUID, list[PublicPlace]] = defaultdict(list)
    for location in locations:
        place = place_of(location)
        if place not in found[location.organization_id]:
            found[location.organization_id].append(place)
    return {key: _shown(places)[:MOST_PLACES] for key, places in found.items()}


def _shown(places: list[PublicPlace]) -> list[PublicPlace]:
    return [place for place in places if place.policy != LocationPolicy.WITHHELD] or places[:1]
