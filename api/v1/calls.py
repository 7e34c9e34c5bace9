"""The police channel: what a police liaison sees of the calls that workers ask for, and the two answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import HasCapability
from api.v1.shapes import page_of
from api.views import ApiView, read_body, read_query
from partners.actor import Actor
from partners.errors import Conflict, ConsentRequired
from partners.roles import Capability
from referrals.calls import REASONS, CallRow, answer_call, call_row, calls_of, open_call

POLICE = HasCapability(Capability.POLICE_CHANNEL)
ANSWERS = ["will_call", "cannot_call"]
LATE = _("This call has been answered already, or is no longer asked for.")


class CallRowShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    received_on = serializers.DateField()
    state = serializers.ChoiceField(
        ["received"], allow_null=True, help_text="null: no longer shared. There is no other state."
    )


class WorkerShape(serializers.Serializer[Any]):
    first_name = serializers.CharField()
    organization = serializers.CharField()
    phones = serializers.ListField(child=serializers.CharField())
    email = serializers.CharField()


class CallShape(CallRowShape):
    worker = WorkerShape(allow_null=True)
    chosen_name = serializers.CharField(
        allow_null=True, help_text="After the answer will_call, and only if the person agreed."
    )
    may_answer = serializers.BooleanField()
    notice = serializers.CharField(allow_blank=True)


class CallAnswerInput(Input):
    answer = serializers.ChoiceField(ANSWERS)
    reason = serializers.ChoiceField(list(REASONS), required=False, help_text="Needed for cannot_call.")


CallPage = page_of(CallRowShape, "Call")


def row_body(row: CallRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "received_on": row.received_on,
        "state": None if row.ended else "received",
    }


def call_body(actor: Actor, referral_id: UUID) -> dict[str, Any]:
    found = open_call(actor=actor, referral_id=referral_id)
    worker = found.worker
    return {
        **row_body(found.row),
        "worker": worker
        and {
            "first_name": worker.first_name,
            "organization": worker.organization,
            "phones": list(worker.phones),
            "email": worker.email,
        },
        "chosen_name": found.chosen_name,
        "may_answer": found.may_answer,
        "notice": found.notice,
    }


class List(ApiView):
    permission_classes = [POLICE]

    @extend_schema(
        operation_id="calls",
        summary=_("Calls that workers ask for"),
        description="For the police liaison. What it is about the worker tells on the telephone.",
        parameters=PAGING,
        responses=CallPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        rows = calls_of(request.actor)
        return Response(Pages(request).of(rows, lambda referral: row_body(call_row(referral))))


class Detail(ApiView):
    permission_classes = [POLICE]

    @extend_schema(operation_id="call", summary=_("One call that is asked for"), responses=CallShape)
    def get(self, request: Request, referral_id: UUID) -> Response:
        return Response(call_body(request.actor, referral_id))


class Answer(ApiView):
    permission_classes = [POLICE]

    @extend_schema(
        operation_id="answer_call",
        summary=_("Say whether you will call"),
        request=CallAnswerInput,
        responses=CallShape,
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        given = read_body(request, CallAnswerInput)

        def act() -> UUID:
            try:
                return answer_call(
                    actor=request.actor,
                    referral_id=referral_id,
                    will_call=given["answer"] == "will_call",
                    reason=given.get("reason", ""),
                )
            except (Conflict, ConsentRequired):
                raise Conflict(LATE) from None

        return once(request, act, lambda found: call_body(request.actor, found), status=200)
