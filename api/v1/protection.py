"""The child-protection record of a client: for the own worker, manager and privacy officer only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input
from api.pagination import whole
from api.permissions import HasCapability
from api.v1.client_shapes import ProtectionInput, ProtectionPage, ProtectionShape
from api.views import ApiView, read_body, read_query
from partners.roles import Capability
from referrals.clients import protection_records, record_child_protection
from referrals.models import ChildProtectionRecord


def protection_body(record: ChildProtectionRecord) -> dict[str, Any]:
    return {
        "id": record.pk,
        "state": record.state,
        "at": record.at,
        "reported_to": record.reported_to,
        "follow_up_at": record.follow_up_at,
    }


class OfClient(ApiView):
    permission_classes = [HasCapability(Capability.CHILD_PROTECTION)]

    @extend_schema(
        operation_id="child_protection",
        summary=_("Reports to child protection"),
        description="Recorded as a release to your organization.",
        responses=ProtectionPage,
    )
    def get(self, request: Request, client_id: UUID) -> Response:
        read_query(request, Input)
        found = protection_records(actor=request.actor, client_id=client_id)
        return Response(whole([protection_body(record) for record in found]))

    @extend_schema(
        operation_id="record_child_protection",
        summary=_("Record a report to child protection"),
        request=ProtectionInput,
        responses={201: ProtectionShape},
    )
    def post(self, request: Request, client_id: UUID) -> Response:
        given = read_body(request, ProtectionInput)

        def act() -> UUID:
            return record_child_protection(actor=request.actor, client_id=client_id, **given).pk

        def show(record_id: UUID) -> dict[str, Any]:
            records = protection_records(actor=request.actor, client_id=client_id)
            return protection_body(next(record for record in records if record.pk == record_id))

        return once(request, act, show)
