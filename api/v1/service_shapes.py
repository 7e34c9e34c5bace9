"""The schema of search and listings."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from api.v1.shapes import Coded, Marks, Named, PhoneShape, ProvenanceShape, page_of
from directory.models import LocationPolicy, ServiceStatus
from directory.models.attachments import CapacityValue
from directory.search.criteria import ORDERINGS, TERM_FACETS
from directory.search.explain import MATCHED


class PlaceShownShape(serializers.Serializer[Any]):
    policy = serializers.ChoiceField(LocationPolicy.values)
    city = serializers.CharField(allow_null=True)
    area = Coded(allow_null=True)
    address = serializers.CharField(allow_null=True)
    postal_code = serializers.CharField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class CapacityShape(serializers.Serializer[Any]):
    value = serializers.ChoiceField(CapacityValue.values)
    as_of = serializers.DateTimeField(allow_null=True)


class ListingOpening(Marks):
    id = serializers.UUIDField()
    name = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    organization = Named()
    categories = Coded(many=True)
    place = PlaceShownShape(help_text="Only what the location policy allows.")
    phones = PhoneShape(many=True)
    open_now = serializers.BooleanField(allow_null=True, help_text="null: the hours are not known.")
    next_open = serializers.DateTimeField(allow_null=True)
    capacity = CapacityShape()
    verified_at = serializers.DateTimeField(allow_null=True)


class ServiceResult(ListingOpening):
    distance_km = serializers.FloatField(
        allow_null=True, help_text="null without near, and where no position may be known."
    )
    distance_is_about = serializers.BooleanField(help_text="To the area’s point, not to a door.")
    comes_to_you = serializers.BooleanField(
        help_text="By phone or online, by a team that goes out, or for the whole province."
    )
    matched = serializers.ListField(
        child=serializers.ChoiceField(MATCHED), help_text="Where the words were found. Empty without q."
    )


class FacetValue(serializers.Serializer[Any]):
    value = serializers.CharField(help_text="What the parameter of the facet’s name accepts.")
    label = serializers.CharField()
    count = serializers.IntegerField(help_text="Counted without the facet’s own choice.")


class RespelledShape(serializers.Serializer[Any]):
    typed = serializers.CharField(help_text="No listing holds this word.")
    meant = serializers.CharField(help_text="This was looked for instead.")


class CostShape(serializers.Serializer[Any]):
    option = serializers.CharField(allow_blank=True)
    amount = serializers.DecimalField(max_digits=8, decimal_places=2, allow_null=True)
    currency = serializers.CharField()


class ServiceShape(ListingOpening):
    description = serializers.CharField(allow_blank=True)
    eligibility = serializers.CharField(allow_blank=True)
    aliases = serializers.ListField(child=serializers.CharField())
    program = Named(allow_null=True)
    facets = serializers.DictField(child=Coded(many=True), help_text="Codes by vocabulary.")
    languages = serializers.ListField(child=serializers.CharField())
    minimum_age = serializers.IntegerField(allow_null=True)
    maximum_age = serializers.IntegerField(allow_null=True)
    hours = serializers.ListField(child=serializers.CharField(), help_text="In words.")
    hours_note = serializers.CharField(allow_blank=True)
    costs = CostShape(many=True)
    required_documents = serializers.ListField(child=serializers.CharField())
    service_areas = serializers.ListField(child=serializers.CharField())
    email = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(ServiceStatus.values)
    accepts_referrals = serializers.BooleanField()
    response_days = serializers.IntegerField(help_text="Working days within which a referral is answered.")
    source = ProvenanceShape()


ServicePage = page_of(
    ServiceResult,
    "Service",
    respelled=RespelledShape(many=True, required=False, help_text="Where a word was misspelt."),
    is_partial=serializers.BooleanField(
        required=False, help_text="true: hardly any listing has all the words, so these have most of them."
    ),
    facets=serializers.DictField(
        child=FacetValue(many=True), required=False, help_text="Counts by parameter, with facets=true."
    ),
)

SEARCH = [
    OpenApiParameter("q", {"type": "string", "maxLength": 200}, description="Words to look for."),
    OpenApiParameter("near", str, description="Postal code, place name or latitude,longitude."),
    OpenApiParameter("radius_km", {"type": "number", "minimum": 0.1}, description="Needs near."),
    *[
        OpenApiParameter(name, str, many=True, description=f"A code of the vocabulary “{name}”.")
        for name in (*TERM_FACETS, "language")
    ],
    OpenApiParameter("place", str, many=True, description="The code of an area, or a city."),
    OpenApiParameter("age", {"type": "integer", "minimum": 0, "maximum": 130}),
    OpenApiParameter("open_now", bool, description="Certainly open in this minute."),
    OpenApiParameter("open_at", {"type": "string", "format": "date-time"}, description="Open at that time."),
    OpenApiParameter(
        "capacity", str, many=True, enum=CapacityValue.values, description="unknown after 14 days."
    ),
    OpenApiParameter(
        "verified_within", {"type": "integer", "minimum": 1, "maximum": 3650}, description="Days."
    ),
    OpenApiParameter("facets", bool, description="true: with the counts of every facet."),
    OpenApiParameter(
        "after",
        {"type": "string", "format": "uuid"},
        description="The last result of the page before. next brings it; it makes late pages quick.",
    ),
    OpenApiParameter("accepts_referrals", bool),
    OpenApiParameter("organization", {"type": "string", "format": "uuid"}),
    OpenApiParameter("ordering", str, enum=ORDERINGS),
]
