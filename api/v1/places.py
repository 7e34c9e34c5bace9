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
    kind = serializers.ChoiceField(["postal_area", "neighbourhood", "area", "place", "point"])
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


PlacePage = page_of(PlaceShape, "Place")
Q = OpenApiParameter("q", str, required=True, description="The beginning of a name or of a postal code.")


def place_body(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "kind": place.kind,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


class List(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="places", summary=_("Places by name"), parameters=[Q], responses=PlacePage)
    def get(self, request: Request) -> Response:
        asked = read_query(request, PlaceQuery)
        return Response(whole([place_body(place) for place in suggest(asked["q"])]))
