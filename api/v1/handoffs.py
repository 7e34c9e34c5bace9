"""How the person gets from sender to receiver: planned, then kept, missed or moved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input, Moment, Text, YesNo
from api.openapi import ACTING_AS
from api.pagination import whole
from api.v1.referrals import EITHER_SIDE
from api.v1.shapes import page_of
from api.views import ApiView, acting, read_body, read_query
from partners.actor import Actor
from partners.errors import NotSeen
from referrals.access import access_referral
from referrals.handoffs import PLACE_LENGTH, HandoffView, handoffs_of, plan_handoff, record_handoff
from referrals.models import HandoffKind, HandoffResult
from referrals.reading import record_reading

RESULTS = [value for value in HandoffResult.values if value]


class MeetingPlaceShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    address = serializers.CharField()


class HandoffShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(HandoffKind.values)
    when = serializers.DateTimeField(allow_null=True)
    location = MeetingPlaceShape(allow_null=True, help_text="One of the receiver’s public places.")
    place = serializers.CharField(allow_blank=True)
    companion = serializers.CharField(allow_blank=True)
    ride = serializers.BooleanField()
    child_care = serializers.BooleanField()
    result = serializers.ChoiceField(RESULTS, allow_null=True, help_text="null while it is planned.")


class HandoffInput(Input):
    kind = serializers.ChoiceField(HandoffKind.values)
    when = Moment(required=False, allow_null=True)
    location = serializers.UUIDField(
        required=False, allow_null=True, help_text="A location of the receiver’s services."
    )
    place = Text(required=False, allow_blank=True, max_length=PLACE_LENGTH)
    companion = Text(required=False, allow_blank=True, max_length=PLACE_LENGTH)
    ride = YesNo(required=False)
    child_care = YesNo(required=False)


class HandoffResultInput(Input):
    result = serializers.ChoiceField(RESULTS)
    when = Moment(required=False, help_text="The new time of one that was moved.")


HandoffPage = page_of(HandoffShape, "Handoff")


def handoff_body(handoff: HandoffView) -> dict[str, Any]:
    return {
        "id": handoff.id,
        "kind": handoff.kind,
        "when": handoff.when,
        "location": handoff.location and {"id": handoff.location.id, "address": handoff.location.address},
        "place": handoff.place,
        "companion": handoff.companion,
        "ride": handoff.ride,
        "child_care": handoff.child_care,
        "result": handoff.result or None,
    }


class List(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="handoffs", summary=_("Handoffs"), parameters=[ACTING_AS], responses=HandoffPage
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        read_query(request, Input)
        actor = acting(request)
        found = [handoff_body(row) for row in _seen(referral_id, actor).values()]
        if found:
            record_reading(access_referral(referral_id, actor), actor, "handoffs.open")
        return Response(whole(found))

    @extend_schema(
        operation_id="plan_handoff",
        summary=_("Plan the handoff"),
        parameters=[ACTING_AS],
        request=HandoffInput,
        responses={201: HandoffShape},
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        given, actor = read_body(request, HandoffInput), acting(request)

        def act() -> UUID:
            return plan_handoff(referral_id=referral_id, actor=actor, **given).id

        return once(request, act, lambda planned: handoff_body(_one(referral_id, actor, planned)))


class Detail(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="record_handoff",
        summary=_("Say whether a handoff took place"),
        parameters=[ACTING_AS],
        request=HandoffResultInput,
        responses=HandoffShape,
    )
    def patch(self, request: Request, referral_id: UUID, handoff_id: UUID) -> Response:
        given, actor = read_body(request, HandoffResultInput), acting(request)
        _one(referral_id, actor, handoff_id)
        recorded = record_handoff(
            handoff_id=handoff_id, actor=actor, result=given["result"], moved_to=given.get("when")
        )
        return Response(handoff_body(recorded))


def _seen(referral_id: UUID, actor: Actor) -> dict[UUID, HandoffView]:
    return {row.id: row for row in handoffs_of(access_referral(referral_id, actor), actor)}


def _one(referral_id: UUID, actor: Actor, handoff_id: UUID) -> HandoffView:
    found = _seen(referral_id, actor).get(handoff_id)
    if found is None:
        raise NotSeen
    return found
