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
from api.v1.service_shapes import SEARCH, ServicePage, ServiceShape
from api.v1.shapes import Texts, aliases_of, coded, named, phones_of, source_of
from api.views import PAGING_NAMES, ApiView
from directory.filters import ServiceFilter, criteria_from
from directory.hours import in_words, next_open, open_now
from directory.listing_page import public_page
from directory.models import Service, Taxonomy
from directory.place_policy import PublicPlace, public_place
from directory.search import Found, search_services
from partners.bilingual import localized
from partners.errors import Invalid, NotSeen

METRES = 3  # decimals of a kilometre


def result_body(found: Found) -> dict[str, Any]:
    """One result. ``found.service`` comes from ``for_listing``, so this asks the database nothing."""
    texts = Texts(found.service)
    return {**_opening(found.service, texts), **_distance(found), **texts.marks()}


def listing_body(service: Service) -> dict[str, Any]:
    texts = Texts(service)
    return {
        **_opening(service, texts),
        "description": texts.read("description"),
        "eligibility": texts.read("eligibility"),
        "aliases": aliases_of(service),
        "program": named(service.program) if service.program else None,
        "facets": _facets(service),
        "languages": [language.code for language in service.languages.all()],
        "minimum_age": service.minimum_age,
        "maximum_age": service.maximum_age,
        "hours": in_words(service),
        "hours_note": texts.read("hours_note"),
        "costs": [
            {"option": localized(cost, "option").text, "amount": cost.amount, "currency": cost.currency}
            for cost in service.cost_options.all()
        ],
        "required_documents": [
            localized(document, "document").text for document in service.required_documents.all()
        ],
        "service_areas": [area.code for area in service.service_areas.all()],
        "email": service.email,
        "website": public_page(service, public_place(service)),
        "status": service.status,
        "accepts_referrals": service.accepts_referrals,
        "response_days": service.response_days,
        "source": source_of(service),
        **texts.marks(),
    }


def _opening(service: Service, texts: Texts) -> dict[str, Any]:
    capacity = getattr(service, "capacity", None)
    terms = [attribute.term for attribute in service.attributes.all()]
    return {
        "id": service.pk,
        "name": texts.read("name"),
        "summary": texts.read("summary"),
        "organization": named(service.organization),
        "categories": [coded(term) for term in terms if term.taxonomy == Taxonomy.CATEGORY],
        "place": place_body(public_place(service)),
        "phones": phones_of(service),
        "open_now": open_now(service),
        "next_open": next_open(service),
        "capacity": {
            "value": capacity.value if capacity else "unknown",
            "as_of": capacity.as_of if capacity else None,
        },
        "verified_at": service.verified_at,
    }


def _distance(found: Found) -> dict[str, Any]:
    known = found.distance_km is not None
    return {
        "distance_km": round(found.distance_km, METRES) if known else None,
        "distance_is_about": found.distance_is_about,
    }


def place_body(place: PublicPlace) -> dict[str, Any]:
    """What the location policy lets anybody know; everything else is empty."""
    return {
        "policy": place.policy,
        "city": place.city or None,
        "area": {"code": place.area.code, "name": place.area.name} if place.area else None,
        "address": place.address or None,
        "postal_code": place.postal_code or None,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _facets(service: Service) -> dict[str, list[dict[str, str]]]:
    facets: dict[str, list[dict[str, str]]] = {}
    for attribute in service.attributes.all():
        if attribute.term.taxonomy != Taxonomy.CATEGORY:
            facets.setdefault(attribute.term.taxonomy, []).append(coded(attribute.term))
    return facets


class List(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(
        operation_id="services",
        summary=_("Search for services"),
        parameters=[*SEARCH, *PAGING],
        responses=ServicePage,
    )
    def get(self, request: Request) -> Response:
        unknown = set(request.query_params) - set(ServiceFilter.base_filters) - PAGING_NAMES
        if unknown:
            raise Invalid({name: [_("There is no such field.")] for name in sorted(unknown)})
        pages = Pages(request)
        found = search_services(
            actor=request.actor,
            criteria=criteria_from(request.query_params),
            page=pages.page,
            page_size=pages.page_size,
        )
        more = pages.page < found.pages
        return Response(pages.answer([result_body(row) for row in found.results], found.count, more))


class Detail(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="service", summary=_("One listing"), responses=ServiceShape)
    def get(self, request: Request, service_id: UUID) -> Response:
        listed = Service.objects.visible_to(request.actor).for_listing().filter(pk=service_id)
        service = listed.prefetch_related("cost_options", "required_documents", "service_areas").first()
        if service is None:
            raise NotSeen
        return Response(listing_body(service))
