"""Introductions: left by a partner, answered by the program. Self-referral has no API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input, Text, YesNo
from api.openapi import PAGING
from api.pagination import Pages, whole
from api.permissions import HasCapability
from api.v1.client_shapes import SafeContactInput
from api.v1.referral_shapes import SafeContactShape
from api.v1.shapes import Named, named, page_of
from api.views import ApiView, read_body, read_query
from partners.actor import Actor
from partners.errors import NotSeen
from partners.roles import Capability
from referrals import introductions as core
from referrals.introductions import END_REASONS, Received
from referrals.models import Introduction, IntroductionKind, IntroductionState
from referrals.safe_contact import shown

WITH_CLIENTS = HasCapability(Capability.CLIENTS)
MAY_INTRODUCE = HasCapability(Capability.INTRODUCE)


class IntroductionInput(Input):
    receiver = serializers.UUIDField(required=False, help_text="The program, unless its listing is given.")
    service = serializers.UUIDField(required=False)
    chosen_name = Text(max_length=100)
    language = Text(max_length=8)
    safe_contact = SafeContactInput()
    text_version = Text(max_length=20, help_text="Of the text that was read and signed.")
    consented_on = serializers.DateField(help_text="The day on which it was signed.")
    no_consequence_told = YesNo(help_text="true: the person was told that a no has no consequence.")


class ReceivedShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    received_on = serializers.DateField()
    state = serializers.ChoiceField(["received"], help_text="There is no other state for who introduced.")


class IntroductionRowShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(IntroductionKind.values)
    state = serializers.ChoiceField(IntroductionState.values)
    introduced_by = Named(allow_null=True)
    service = Named(allow_null=True)
    received_at = serializers.DateTimeField()
    answer_due_on = serializers.DateField()
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField(allow_null=True)
    client = serializers.UUIDField(allow_null=True)


class IntroductionShape(IntroductionRowShape):
    chosen_name = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    safe_contact = SafeContactShape()
    message = serializers.CharField(allow_blank=True)
    consent_text_version = serializers.CharField()
    consented_at = serializers.DateTimeField()


class TakeUpInput(Input):
    client = serializers.UUIDField(
        required=False, allow_null=True, help_text="An own client; else a new one."
    )


class EndInput(Input):
    reason = serializers.ChoiceField(list(END_REASONS))


IntroductionPage = page_of(IntroductionRowShape, "Introduction")
ReceivedPage = page_of(ReceivedShape, "Received")


def received_body(row: Received) -> dict[str, Any]:
    return {"code": row.code, "received_on": row.received_on, "state": IntroductionState.RECEIVED.value}


def row_body(row: Introduction) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "kind": row.kind,
        "state": row.state,
        "introduced_by": named(row.introduced_by) if row.introduced_by else None,
        "service": named(row.service) if row.service else None,
        "received_at": row.created_at,
        "answer_due_on": row.answer_due_on,
        "ended_at": row.ended_at,
        "end_reason": row.end_reason or None,
        "client": row.client_id,
    }


def full_body(actor: Actor, introduction_id: UUID) -> dict[str, Any]:
    """With what she left; the release is recorded first."""
    row = core.open_introduction(actor=actor, introduction_id=introduction_id)
    return {
        **row_body(row),
        "chosen_name": row.chosen_name,
        "language": row.language,
        "safe_contact": shown(row.safe_contact),
        "message": row.message,
        "consent_text_version": row.consent_text_version,
        "consented_at": row.consented_at,
    }


class List(ApiView):
    permission_classes = [HasCapability(Capability.CLIENTS, Capability.INTRODUCE)]

    @extend_schema(
        operation_id="introductions",
        summary=_("People who wait to be contacted by your program"),
        description="No row holds anything of the person: open the introduction for that.",
        parameters=PAGING,
        responses=IntroductionPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        request.actor.require(Capability.CLIENTS)
        return Response(Pages(request).of(core.introductions_of(request.actor), row_body))

    @extend_schema(
        operation_id="introduce",
        summary=_("Introduce a person to a program"),
        description="You are told that it was received, and nothing of what becomes of it.",
        request=IntroductionInput,
        responses={201: ReceivedShape},
    )
    def post(self, request: Request) -> Response:
        given = read_body(request, IntroductionInput)
        actor = request.actor

        def act() -> UUID:
            receiver_id, service_id = given.pop("receiver", None), given.pop("service", None)
            return core.introduce(actor=actor, receiver_id=receiver_id, service_id=service_id, **given).pk

        def show(introduction_id: UUID) -> dict[str, Any]:
            found = core.received(actor, introduction_id)
            if found is None:
                raise NotSeen
            return received_body(found)

        return once(request, act, show)


class Made(ApiView):
    permission_classes = [MAY_INTRODUCE]

    @extend_schema(
        operation_id="introductions_made",
        summary=_("What you introduced: code and date"),
        responses=ReceivedPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return Response(whole([received_body(row) for row in core.made_by(request.actor)]))


class Detail(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="introduction",
        summary=_("One introduction, with what was left"),
        description="Recorded as a release to your organization.",
        responses=IntroductionShape,
    )
    def get(self, request: Request, introduction_id: UUID) -> Response:
        read_query(request, Input)
        return Response(full_body(request.actor, introduction_id))


class TakeUp(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="take_up_introduction",
        summary=_("Make or link a client file"),
        request=TakeUpInput,
        responses=IntroductionShape,
    )
    def post(self, request: Request, introduction_id: UUID) -> Response:
        given, actor = read_body(request, TakeUpInput), request.actor

        def act() -> UUID:
            client_id = given.get("client")
            return core.take_up(actor=actor, introduction_id=introduction_id, client_id=client_id).pk

        return once(request, act, lambda found: full_body(actor, found), status=200)


class End(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="close_introduction",
        summary=_("Close an introduction, with a reason"),
        request=EndInput,
        responses=IntroductionShape,
    )
    def post(self, request: Request, introduction_id: UUID) -> Response:
        given, actor = read_body(request, EndInput), request.actor

        def act() -> UUID:
            return core.close(actor=actor, introduction_id=introduction_id, reason=given["reason"]).pk

        return once(request, act, lambda found: full_body(actor, found), status=200)
