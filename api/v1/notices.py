"""What the member is told in Relais. Texts hold codes only, as in every mail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import HasCapability
from api.v1.shapes import page_of
from api.views import ApiView, read_body, read_query
from partners.models import Notification
from partners.notifications import inbox
from partners.roles import Capability

MEMBERS = HasCapability(*Capability)


class NoticeShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="The code of the act.")
    code = serializers.CharField(allow_blank=True, help_text="The public code of the object, if it has one.")
    object = serializers.UUIDField()
    text = serializers.CharField()
    at = serializers.DateTimeField()
    read = serializers.BooleanField()


class ReadShape(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text="How many were unread.")


class NoticeQuery(Input):
    unread = serializers.BooleanField(required=False)


NoticePage = page_of(NoticeShape, "Notice")


def body(line: inbox.Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind,
        "code": line.code,
        "object": line.object_id,
        "text": line.text,
        "at": line.at,
        "read": line.read,
    }


def _row(notification: Notification) -> dict[str, Any]:
    return body(inbox.line(notification))


class List(ApiView):
    permission_classes = [MEMBERS]

    @extend_schema(
        operation_id="notices",
        summary=_("What you are told"),
        description="As a member of the organization you act for, newest first, for 90 days.",
        parameters=[OpenApiParameter("unread", bool, description="true: only those not read."), *PAGING],
        responses=NoticePage,
    )
    def get(self, request: Request) -> Response:
        rows = inbox.own(request.actor)
        if read_query(request, NoticeQuery).get("unread"):
            rows = rows.filter(read_at__isnull=True)
        return Response(Pages(request).of(rows, _row))


class ReadOne(ApiView):
    permission_classes = [MEMBERS]

    @extend_schema(
        operation_id="read_notice", summary=_("Mark one as read"), request=None, responses=NoticeShape
    )
    def post(self, request: Request, notice_id: UUID) -> Response:
        read_body(request, Input)
        return Response(body(inbox.read_one(actor=request.actor, notification_id=notice_id)))


class ReadAll(ApiView):
    permission_classes = [MEMBERS]

    @extend_schema(
        operation_id="read_notices", summary=_("Mark all as read"), request=None, responses=ReadShape
    )
    def post(self, request: Request) -> Response:
        read_body(request, Input)
        return Response({"read": inbox.read_all(actor=request.actor)})
