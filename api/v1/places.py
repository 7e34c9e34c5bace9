"""Places to search near: postal areas, towns and neighbourhoods of the packaged gazetteer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input, Text
from api.pagination import whole
from api.permissions import PublicRead
from api.v1.shapes import page_of
from api.views import ApiView, read_query
from directory.places import LONGEST, Place, suggest


class PlaceQuery(Input):
    q = Text(max_length=LONGEST)


class PlaceShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.ChoiceField(["postal_area", "neighbourhood", "area", "place"])
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    province = serializers.CharField(help_text="Two letters.")
    city = serializers.CharField(allow_blank=True, help_text="Empty where the area has no one city.")
    query = serializers.CharField(help_text="For ``near``: means this place and no other.")


PlacePage = page_of(PlaceShape, "Place")
Q = OpenApiParameter("q", str, required=True, description="The beginning of a name or of a postal code.")


def place_body(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "kind": place.kind,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "province": place.province,
        "city": place.city,
        "query": place.query,
    }


class List(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="places", summary=_("Places by name"), parameters=[Q], responses=PlacePage)
    def get(self, request: Request) -> Response:
        asked = read_query(request, PlaceQuery)
        return Response(whole([place_body(place) for place in suggest(asked["q"])]))
