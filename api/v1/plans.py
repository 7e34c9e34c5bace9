"""In-house support on a client's plan, and outreach that is counted without a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input, Text, WholeNumber
from api.pagination import whole
from api.v1.consents import WITH_CLIENTS
from api.v1.shapes import page_of
from api.views import ApiView, read_body, read_query
from referrals.models import SupportEntry, SupportKind
from referrals.plans import (
    MOST_PEOPLE,
    NOTE_LENGTH,
    Plan,
    add_support,
    end_stay,
    open_plan,
    outreach_by_month,
    record_outreach,
)


class EntryShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(SupportKind.values)
    phase = serializers.IntegerField(allow_null=True)
    on = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="null: one day, or a stay that goes on.")
    note = serializers.CharField(allow_blank=True)


class PlannedReferral(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    status = serializers.CharField()
    phase = serializers.IntegerField(allow_null=True)


class PlanShape(serializers.Serializer[Any]):
    client = serializers.UUIDField()
    phase = serializers.IntegerField(allow_null=True)
    housing_days_left = serializers.IntegerField(
        allow_null=True, help_text="Of two years over all stays; below zero beyond them; null without any."
    )
    entries = EntryShape(many=True)
    referrals = PlannedReferral(many=True)


class EntryInput(Input):
    kind = serializers.ChoiceField(SupportKind.values)
    on = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)
    phase = WholeNumber(required=False, allow_null=True, min_value=1, max_value=4)
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH)


class EndInput(Input):
    until = serializers.DateField()


class OutreachInput(Input):
    people = WholeNumber(min_value=1, max_value=MOST_PEOPLE)
    on = serializers.DateField(required=False)
    area = Text(required=False, allow_blank=True, max_length=40, help_text="The code of an area.")


class MonthShape(serializers.Serializer[Any]):
    month = serializers.DateField(help_text="Its first day.")
    contacts = serializers.IntegerField()
    people = serializers.IntegerField()


MonthPage = page_of(MonthShape, "Month")


class OfClient(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="plan",
        summary=_("The plan: support and referrals"),
        description="Recorded as a release to your organization.",
        responses=PlanShape,
    )
    def get(self, request: Request, client_id: UUID) -> Response:
        read_query(request, Input)
        return Response(plan_body(open_plan(actor=request.actor, client_id=client_id)))

    @extend_schema(
        operation_id="add_support",
        summary=_("Write down support"),
        request=EntryInput,
        responses={201: PlanShape},
    )
    def post(self, request: Request, client_id: UUID) -> Response:
        given = read_body(request, EntryInput)

        def act() -> UUID:
            return add_support(actor=request.actor, client_id=client_id, **given).pk

        return once(request, act, lambda _made: _plan(request, client_id))


class Entry(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="end_stay",
        summary=_("End a stay in transitional housing"),
        request=EndInput,
        responses=PlanShape,
    )
    def patch(self, request: Request, client_id: UUID, entry_id: UUID) -> Response:
        given = read_body(request, EndInput)
        end_stay(actor=request.actor, client_id=client_id, entry_id=entry_id, **given)
        return Response(_plan(request, client_id))


class Outreach(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(operation_id="outreach", summary=_("Outreach by month"), responses=MonthPage)
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return Response(_months(request))

    @extend_schema(
        operation_id="record_outreach",
        summary=_("Count people met on outreach"),
        request=OutreachInput,
        responses={201: MonthPage},
    )
    def post(self, request: Request) -> Response:
        given = read_body(request, OutreachInput)
        given.setdefault("on", timezone.localdate())

        def act() -> UUID:
            return record_outreach(actor=request.actor, **given).pk

        return once(request, act, lambda _made: _months(request))


def plan_body(plan: Plan) -> dict[str, Any]:
    return {
        "client": plan.client_id,
        "phase": plan.phase,
        "housing_days_left": plan.housing_left,
        "entries": [_entry(entry) for entry in plan.entries],
        "referrals": [
            {"id": row.pk, "code": row.code, "status": row.status, "phase": row.need.phase}
            for row in plan.referrals
        ],
    }


def _plan(request: Request, client_id: UUID) -> dict[str, Any]:
    return plan_body(open_plan(actor=request.actor, client_id=client_id))


def _entry(entry: SupportEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("id", "kind", "phase", "on", "until", "note")}


def _months(request: Request) -> dict[str, Any]:
    found = outreach_by_month(request.actor)
    return whole([{"month": m.first_day, "contacts": m.contacts, "people": m.people} for m in found])
