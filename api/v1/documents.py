"""Files between the two sides of one referral."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input
from api.openapi import ACTING_AS
from api.pagination import whole
from api.parsers import Multipart
from api.renderers import Anything
from api.v1.referrals import EITHER_SIDE
from api.v1.shapes import page_of
from api.views import ApiView, acting, read_body, read_query
from partners.actor import Actor
from partners.errors import NotSeen
from referrals.access import access_referral
from referrals.documents import DocumentView, add_document, documents_of, open_document
from referrals.downloads import as_download, received
from referrals.files import EXTENSIONS

TYPES = list(EXTENSIONS)


class DocumentShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    side = serializers.CharField()
    organization_name = serializers.CharField()
    author = serializers.CharField(allow_blank=True, help_text="A colleague’s first name.")
    name = serializers.CharField(help_text="As its sender called it.")
    file_name = serializers.CharField(help_text="Under which it is downloaded.")
    media_type = serializers.ChoiceField(TYPES)
    size = serializers.IntegerField()
    sent_at = serializers.DateTimeField()
    unread = serializers.BooleanField()


class DocumentInput(Input):
    file = serializers.FileField(
        allow_empty_file=True,
        help_text="PDF, PNG or JPEG by its content, at most 10 MB.",
    )


DocumentPage = page_of(DocumentShape, "Document")


def document_body(document: DocumentView) -> dict[str, Any]:
    return {name: getattr(document, name) for name in DocumentShape().fields}


class List(ApiView):
    permission_classes = [EITHER_SIDE]
    parser_classes = [Multipart]

    @extend_schema(
        operation_id="documents", summary=_("Files"), parameters=[ACTING_AS], responses=DocumentPage
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        read_query(request, Input)
        return Response(whole(_bodies(referral_id, acting(request))))

    @extend_schema(
        operation_id="send_document",
        summary=_("Send a file"),
        parameters=[ACTING_AS],
        request={"multipart/form-data": DocumentInput},
        responses={201: DocumentShape},
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        file, actor = read_body(request, DocumentInput)["file"], acting(request)

        def act() -> UUID:
            return add_document(
                referral_id=referral_id, actor=actor, name=file.name, content=received(file)
            ).pk

        return once(request, act, lambda sent: _one(referral_id, actor, sent))


class Detail(ApiView):
    permission_classes = [EITHER_SIDE]
    renderer_classes = [Anything]

    @extend_schema(
        operation_id="document",
        summary=_("Download a file"),
        parameters=[ACTING_AS],
        responses={(200, media_type): OpenApiTypes.BINARY for media_type in TYPES},
    )
    def get(self, request: Request, referral_id: UUID, document_id: UUID) -> HttpResponse:
        read_query(request, Input)
        actor = acting(request)
        return as_download(*open_document(referral_id=referral_id, document_id=document_id, actor=actor))


def _bodies(referral_id: UUID, actor: Actor) -> list[dict[str, Any]]:
    return [document_body(one) for one in documents_of(access_referral(referral_id, actor), actor)]


def _one(referral_id: UUID, actor: Actor, document_id: UUID) -> dict[str, Any]:
    found = next((body for body in _bodies(referral_id, actor) if body["id"] == document_id), None)
    if found is None:
        raise NotSeen
    return found
