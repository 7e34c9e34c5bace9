"""Keeping a listing true by the API: it is confirmed, and its capacity told, by its editors' tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input, WholeNumber, YesNo
from api.pagination import whole
from api.permissions import HasCapability
from api.v1.shapes import page_of
from api.views import ApiView, read_body, read_query
from directory.models import CapacityReport, CheckMethod, Service
from directory.models.attachments import CapacityValue
from directory.upkeep.access import kept_service
from directory.upkeep.capacity_acts import MOST_PLACES, MOST_WEEKS, history_of, set_capacity
from directory.upkeep.checks import confirm
from directory.upkeep.lapse import is_closed, is_lapsed
from partners.roles import Capability

KEEPERS = HasCapability(Capability.EDIT_LISTINGS, Capability.KEEP_CATALOGUE)


class VerificationInput(Input):
    changed = YesNo(required=False, help_text="true: something was put right before.")


class VerificationShape(serializers.Serializer[Any]):
    service = serializers.UUIDField()
    verified_at = serializers.DateTimeField(allow_null=True)
    next_due = serializers.DateField(allow_null=True, help_text="The last day on which the check holds.")
    lapsed = serializers.BooleanField()
    takes_no_referrals = serializers.BooleanField(help_text="Not confirmed for more than 180 days.")


class CapacityInput(Input):
    value = serializers.ChoiceField(CapacityValue.values)
    available = WholeNumber(required=False, allow_null=True, min_value=0, max_value=MOST_PLACES)
    wait_weeks = WholeNumber(required=False, allow_null=True, min_value=0, max_value=MOST_WEEKS)


class CapacityReportShape(serializers.Serializer[Any]):
    value = serializers.ChoiceField(CapacityValue.values)
    available = serializers.IntegerField(allow_null=True)
    wait_weeks = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    method = serializers.ChoiceField(CheckMethod.values)


CapacityPage = page_of(CapacityReportShape, "Capacity")


class Verification(ApiView):
    permission_classes = [KEEPERS]

    @extend_schema(
        operation_id="confirm_listing",
        summary=_("Confirm that a listing is true"),
        request=VerificationInput,
        responses={201: VerificationShape},
    )
    def post(self, request: Request, service_id: UUID) -> Response:
        given, actor = read_body(request, VerificationInput), request.actor

        def act() -> UUID:
            service = kept_service(actor, service_id)
            return confirm(actor, service, changed=given.get("changed", False)).pk

        return once(request, act, lambda found: verification_body(kept_service(actor, found)))


class Capacity(ApiView):
    permission_classes = [KEEPERS]

    @extend_schema(
        operation_id="capacity_history",
        summary=_("What was told about capacity, the newest first"),
        responses=CapacityPage,
    )
    def get(self, request: Request, service_id: UUID) -> Response:
        read_query(request, Input)
        return Response(whole(list(map(capacity_body, history_of(kept_service(request.actor, service_id))))))

    @extend_schema(
        operation_id="tell_capacity",
        summary=_("Tell the capacity as of now"),
        description="It counts for 14 days.",
        request=CapacityInput,
        responses={201: CapacityReportShape},
    )
    def post(self, request: Request, service_id: UUID) -> Response:
        given, actor = read_body(request, CapacityInput), request.actor

        def act() -> UUID:
            return set_capacity(actor, kept_service(actor, service_id), **given).pk

        def show(told: UUID) -> dict[str, Any]:
            return capacity_body(kept_service(actor, service_id).capacity_reports.get(pk=told))

        return once(request, act, show)


def verification_body(service: Service) -> dict[str, Any]:
    return {
        "service": service.pk,
        "verified_at": service.verified_at,
        "next_due": service.next_due,
        "lapsed": is_lapsed(service),
        "takes_no_referrals": is_closed(service),
    }


def capacity_body(row: CapacityReport) -> dict[str, Any]:
    return {
        "value": row.value,
        "available": row.available,
        "wait_weeks": row.wait_weeks,
        "at": row.at,
        "method": row.method,
    }
