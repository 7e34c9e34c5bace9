"""Services: public search and listings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import PublicRead
from api.v1.service_bodies import listing_body, reader, result_body
from api.v1.service_facets import facets_body
from api.v1.service_shapes import SEARCH, ServicePage, ServiceShape
from api.views import PAGING_NAMES, ApiView
from directory.filters import ServiceFilter, criteria_from, yes_no
from directory.models import Service
from directory.result_rows import result_rows
from directory.search import SearchPage, search_services
from partners.errors import Invalid, NotSeen

FACETS = "facets"
KNOWN = frozenset(ServiceFilter.base_filters) | PAGING_NAMES | {FACETS, "after"}


class List(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(
        operation_id="services",
        summary=_("Search for services"),
        parameters=[*SEARCH, *PAGING],
        responses=ServicePage,
    )
    def get(self, request: Request) -> Response:
        """One statement for the rows, one for the state of the index, whatever is found."""
        unknown = request.query_params.keys() - KNOWN
        if unknown:
            raise Invalid({name: [_("There is no such field.")] for name in sorted(unknown)})
        pages = Pages(request)
        found = search_services(
            actor=request.actor,
            criteria=criteria_from(request.query_params),
            page=pages.page,
            page_size=pages.page_size,
            facets=yes_no(request.query_params, FACETS),
            after=pages.after,
        )
        hits = found.hits
        rows = result_rows((hit.id for hit in hits), request.actor, (hit.row for hit in hits))
        to = reader()
        results = [result_body(row, hit, to) for row, hit in zip(rows, hits, strict=True) if row]
        last = hits[-1].id if pages.page < found.pages and hits else None
        return Response(pages.answer(results, found.count, last is not None, last) | understood(found))


def understood(found: SearchPage) -> dict[str, Any]:
    """What the search made of the words, where that was more than to look for them; counts, if asked for."""
    more: dict[str, Any] = {}
    if found.respelled:
        more["respelled"] = [{"typed": one.typed, "meant": one.meant} for one in found.respelled]
    if found.is_partial:
        more["is_partial"] = True
    if found.facets is not None:
        more[FACETS] = facets_body(found.facets)
    return more


class Detail(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="service", summary=_("One listing"), responses=ServiceShape)
    def get(self, request: Request, service_id: UUID) -> Response:
        listed = Service.objects.visible_to(request.actor).for_listing().filter(pk=service_id)
        service = listed.prefetch_related("cost_options", "required_documents", "service_areas").first()
        if service is None:
            raise NotSeen
        (row,) = result_rows([service.pk], request.actor)
        if row is None:  # it was taken away between the two
            raise NotSeen
        return Response(listing_body(service, row))
