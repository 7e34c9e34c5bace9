"""The listings of a page of results, with what the search says of each."""

from __future__ import annotations

from typing import NamedTuple

from directory.models import Service
from directory.search import Hit, SearchPage
from partners.actor import Actor


class Found(NamedTuple):
    service: Service
    hit: Hit


def listings(page: SearchPage, actor: Actor) -> list[Found]:
    """In the order of the page. What has been taken away meanwhile is left out."""
    ids = [hit.id for hit in page.hits]
    services = Service.objects.visible_to(actor).for_listing().in_bulk(ids)
    return [Found(services[hit.id], hit) for hit in page.hits if hit.id in services]
