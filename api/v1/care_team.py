"""Restricted files: the care team, opening one with a reason, and the review that follows."""

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
from api.pagination import Pages
from api.permissions import HasCapability
from api.v1.consents import WITH_CLIENTS
from api.v1.shapes import page_of
from api.views import ApiView, read_body, read_query
from partners.actor import Actor
from partners.models import User
from partners.roles import Capability
from referrals import care_team as core
from referrals.access import access_client
from referrals.models import GlassBreak


class MemberShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class CareTeamShape(serializers.Serializer[Any]):
    restricted = serializers.BooleanField()
    members = MemberShape(many=True)
    may_change = serializers.BooleanField()
    open_until = serializers.DateTimeField(
        allow_null=True, help_text="Set while the file is open to you with a reason only."
    )


class CareTeamInput(Input):
    restricted = YesNo()
    members = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=100)


class GlassBreakInput(Input):
    reason = Text(max_length=core.REASON_LENGTH)


class OpenedShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    client = serializers.UUIDField()
    opened_at = serializers.DateTimeField()
    until = serializers.DateTimeField()


class GlassBreakShape(OpenedShape):
    by = MemberShape()
    reason = serializers.CharField()
    reviewed_by = MemberShape(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)


GlassBreakPage = page_of(GlassBreakShape, "GlassBreak")


def member_body(user: User | None) -> dict[str, Any] | None:
    return {"id": user.pk, "name": user.full_name} if user else None


def _opened(broken: GlassBreak) -> dict[str, Any]:
    return {
        "id": broken.pk,
        "client": broken.client_id,
        "opened_at": broken.opened_at,
        "until": broken.until,
    }


def _for_review(broken: GlassBreak) -> dict[str, Any]:
    return {
        **_opened(broken),
        "by": member_body(broken.user),
        "reason": broken.reason,
        "reviewed_by": member_body(broken.reviewed_by),
        "reviewed_at": broken.reviewed_at,
    }


def _team(actor: Actor, client_id: UUID) -> dict[str, Any]:
    team = core.team_of(actor=actor, client_id=client_id)
    return {
        "restricted": team.restricted,
        "members": [member_body(user) for user in team.members],
        "may_change": team.may_change,
        "open_until": team.until,
    }


class Team(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(operation_id="care_team", summary=_("Who may open a client file"), responses=CareTeamShape)
    def get(self, request: Request, client_id: UUID) -> Response:
        read_query(request, Input)
        return Response(_team(request.actor, client_id))

    @extend_schema(
        operation_id="set_care_team",
        summary=_("Restrict a client file to its care team, or open it"),
        description=(
            "Whoever restricts a file is on its team. Who leaves the team gets no body: the file is gone."
        ),
        request=CareTeamInput,
        responses={200: CareTeamShape, 204: None},
    )
    def put(self, request: Request, client_id: UUID) -> Response:
        given = read_body(request, CareTeamInput)
        core.set_team(actor=request.actor, client_id=client_id, **given)
        if not core.may_open(request.actor, client_id):
            return Response(status=204)
        return Response(_team(request.actor, client_id))


class OfClient(ApiView):
    permission_classes = [HasCapability(Capability.BREAK_GLASS)]

    @extend_schema(
        operation_id="break_glass",
        summary=_("Open a restricted file for one hour, with a reason"),
        description="The privacy officers of your organization are told and review it.",
        request=GlassBreakInput,
        responses={201: OpenedShape},
    )
    def post(self, request: Request, client_id: UUID) -> Response:
        given = read_body(request, GlassBreakInput)

        def act() -> UUID:
            return core.break_glass(actor=request.actor, client_id=client_id, **given).pk

        def show(break_id: UUID) -> dict[str, Any]:
            person = access_client(client_id, request.actor)
            return _opened(person.glass_breaks.get(pk=break_id))

        return once(request, act, show)


class List(ApiView):
    permission_classes = [HasCapability(Capability.READ_AUDIT)]

    @extend_schema(
        operation_id="glass_breaks",
        summary=_("Restricted files opened with a reason"),
        parameters=PAGING,
        responses=GlassBreakPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return Response(Pages(request).of(core.breaks_for_review(request.actor), _for_review))


class Review(ApiView):
    permission_classes = [HasCapability(Capability.READ_AUDIT)]

    @extend_schema(
        operation_id="review_glass_break",
        summary=_("Mark the opening of a restricted file as reviewed"),
        request=None,
        responses=GlassBreakShape,
    )
    def post(self, request: Request, break_id: UUID) -> Response:
        read_body(request, Input)

        def act() -> UUID:
            return core.review_break(actor=request.actor, break_id=break_id).pk

        return once(
            request, act, lambda done: _for_review(core.access_break(done, request.actor)), status=200
        )
