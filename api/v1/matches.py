"""The services that fit a need, ranked, each with its reasons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input
from api.pagination import whole
from api.permissions import HasCapability
from api.v1.shapes import Named, named, page_of
from api.views import ApiView, read_query
from partners.roles import Capability
from referrals.matching import Kind, Match, matches
from referrals.matching.ranking import LIMIT, MOST

AT_MOST = OpenApiParameter("limit", int, description=f"1 to {MOST}; {LIMIT} without it.")


class ReasonShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField([kind.value for kind in Kind])
    code = serializers.CharField()
    text = serializers.CharField()


class MatchShape(serializers.Serializer[Any]):
    service = Named()
    organization = Named()
    fits = serializers.BooleanField(help_text="false: something that is known contradicts.")
    score = serializers.IntegerField(help_text="Only to be compared within one answer.")
    distance_km = serializers.FloatField(allow_null=True)
    reasons = ReasonShape(many=True)


class MatchQuery(Input):
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MOST)


MatchPage = page_of(MatchShape, "Match")


def match_body(match: Match) -> dict[str, Any]:
    return {
        "service": named(match.service),
        "organization": named(match.service.organization),
        "fits": match.fits,
        "score": match.score,
        "distance_km": match.distance_km,
        "reasons": [{"kind": r.kind.value, "code": r.code, "text": r.text} for r in match.reasons],
    }


class List(ApiView):
    permission_classes = [HasCapability(Capability.CLIENTS)]

    @extend_schema(
        operation_id="matches",
        summary=_("Services that fit a need"),
        description="The best first, then a few that do not fit. What is not known never excludes. "
        "Reading the file for it is recorded as a release.",
        parameters=[AT_MOST],
        responses=MatchPage,
    )
    def get(self, request: Request, need_id: UUID) -> Response:
        asked = read_query(request, MatchQuery)
        found = matches(actor=request.actor, need_id=need_id, limit=asked.get("limit", LIMIT))
        return Response(whole([match_body(match) for match in found]))
