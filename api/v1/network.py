"""Who refers to whom, in numbers: the same numbers as on the page of the network."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input
from api.permissions import HasCapability
from api.views import ApiView, read_query
from partners.bilingual import Localized
from partners.roles import Capability
from referrals.network.flows import Named, flows_for
from referrals.service_record import FEWEST


class EndShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    content_language = serializers.ChoiceField(["en", "fr"])


class FlowShape(serializers.Serializer[Any]):
    sender = EndShape()
    receiver = EndShape()
    referrals = serializers.IntegerField(min_value=FEWEST, help_text="Rounded down to a multiple of five.")


class NetworkShape(serializers.Serializer[Any]):
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    fewest = serializers.IntegerField(help_text="Smaller numbers are not told.")
    flows = FlowShape(many=True, help_text="The largest first.")
    total = serializers.IntegerField(help_text="Of the numbers told.")


def flow_body(row: Named) -> dict[str, Any]:
    return {
        "sender": _end(row.sender_id, row.sender),
        "receiver": _end(row.receiver_id, row.receiver),
        "referrals": row.referrals,
    }


def _end(organization_id: UUID, name: Localized) -> dict[str, Any]:
    return {"id": organization_id, "name": name.text, "content_language": name.language}


class Flows(ApiView):
    permission_classes = [HasCapability(Capability.SEE_NETWORK)]

    @extend_schema(
        operation_id="network",
        summary=_("Who refers to whom, in numbers"),
        description="Referrals between partners in the last twelve whole months, without any client data.",
        responses=NetworkShape,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        flows = flows_for(request.actor)
        return Response(
            {
                "first_day": flows.first_day,
                "last_day": flows.last_day,
                "fewest": FEWEST,
                "flows": [flow_body(row) for row in flows.rows],
                "total": flows.total,
            }
        )
