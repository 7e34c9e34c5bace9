"""What happened to a referral, in the words that both sides read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input
from api.openapi import ACTING_AS
from api.pagination import whole
from api.v1.referrals import EITHER_SIDE
from api.v1.shapes import page_of
from api.views import ApiView, acting, read_query
from referrals.access import access_referral
from referrals.events import TimelineLine, timeline


class LineShape(serializers.Serializer[Any]):
    kind = serializers.CharField()
    side = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField()
    organization_name = serializers.CharField(allow_blank=True)
    user_name = serializers.CharField(allow_null=True, help_text="A colleague’s first name.")
    link_name = serializers.CharField(
        allow_blank=True, help_text="Who says they acted, where it was by one-time link. Both sides read it."
    )
    details = serializers.DictField(help_text="Codes and dates only.")


TimelinePage = page_of(LineShape, "Timeline")


def line_body(line: TimelineLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "side": line.side,
        "at": line.at,
        "text": str(line.text),
        "organization_name": line.organization_name,
        "user_name": line.user_name,
        "link_name": line.link_name,
        "details": dict(line.details),
    }


class List(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="timeline", summary=_("Timeline"), parameters=[ACTING_AS], responses=TimelinePage
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        read_query(request, Input)
        actor = acting(request)
        lines = timeline(access_referral(referral_id, actor), actor)
        return Response(whole([line_body(line) for line in lines]))
