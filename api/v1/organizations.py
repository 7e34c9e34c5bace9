"""Organizations with something in the catalogue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import PublicRead
from api.v1.shapes import Marks, PhoneShape, ProvenanceShape, Texts, aliases_of, page_of, phones_of, source_of
from api.views import ApiView, read_query
from directory.models import Program, Service
from partners.actor import Actor
from partners.errors import NotSeen
from partners.models import Organization


class OrganizationShape(Marks):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    aliases = serializers.ListField(child=serializers.CharField())
    phones = PhoneShape(many=True)
    email = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    source = ProvenanceShape()
    verified_at = serializers.DateTimeField(allow_null=True)


OrganizationPage = page_of(OrganizationShape, "Organization")


def listed(actor: Actor) -> QuerySet[Organization]:
    """With at least one listing the actor sees, or a program. Who only signs in is not listed."""
    services = Service.objects.visible_to(actor).filter(organization=OuterRef("pk"))
    programs = Program.objects.filter(organization=OuterRef("pk"))
    found = Organization.objects.filter(Q(Exists(services)) | Q(Exists(programs)))
    return found.prefetch_related("aliases", "phones")


def organization_body(organization: Organization) -> dict[str, Any]:
    texts = Texts(organization)
    return {
        "id": organization.pk,
        "name": texts.read("name"),
        "kind": organization.kind,
        "description": texts.read("description"),
        "aliases": aliases_of(organization),
        "phones": phones_of(organization),
        "email": organization.email,
        "website": organization.website,
        "source": source_of(organization),
        "verified_at": organization.verified_at,
        **texts.marks(),
    }


class List(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(
        operation_id="organizations",
        summary=_("Organizations"),
        parameters=PAGING,
        responses=OrganizationPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return Response(Pages(request).of(listed(request.actor), organization_body))


class Detail(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="organization", summary=_("One organization"), responses=OrganizationShape)
    def get(self, request: Request, organization_id: UUID) -> Response:
        organization = listed(request.actor).filter(pk=organization_id).first()
        if organization is None:
            raise NotSeen
        return Response(organization_body(organization))
