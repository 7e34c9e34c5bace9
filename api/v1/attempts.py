"""Attempts to reach the person, by either side of a referral."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input, Moment, Text
from api.openapi import ACTING_AS
from api.pagination import whole
from api.v1.referrals import EITHER_SIDE
from api.v1.shapes import page_of
from api.views import ApiView, acting, read_body, read_query
from partners.actor import Actor
from partners.errors import NotSeen
from referrals.access import access_referral
from referrals.attempts import NOTE_LENGTH, AttemptView, attempts_of, record_attempt
from referrals.models import AttemptResult, ContactMethod
from referrals.reading import record_reading


class AttemptShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    side = serializers.ChoiceField(["sender", "receiver"])
    at = serializers.DateTimeField()
    method = serializers.ChoiceField(ContactMethod.values)
    result = serializers.ChoiceField(AttemptResult.values)
    next_on = serializers.DateField(allow_null=True, help_text="Of the own side’s attempts only.")
    note = serializers.CharField(allow_blank=True, help_text="Of the own side’s attempts only.")


class AttemptInput(Input):
    method = serializers.ChoiceField(
        ContactMethod.values, help_text="One that the safe-contact block allows."
    )
    result = serializers.ChoiceField(AttemptResult.values)
    at = Moment(required=False, help_text="Now, where it is left out.")
    next_on = serializers.DateField(required=False, allow_null=True)
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH)


AttemptPage = page_of(AttemptShape, "Attempt")


def attempt_body(attempt: AttemptView) -> dict[str, Any]:
    return {
        "id": attempt.id,
        "side": attempt.side,
        "at": attempt.at,
        "method": attempt.method,
        "result": attempt.result,
        "next_on": attempt.next_on,
        "note": attempt.note,
    }


class List(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="attempts",
        summary=_("Attempts to reach the person"),
        parameters=[ACTING_AS],
        responses=AttemptPage,
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        read_query(request, Input)
        actor = acting(request)
        found = list(_seen(referral_id, actor).values())
        if found:
            record_reading(access_referral(referral_id, actor), actor, "attempts.open")
        return Response(whole(found))

    @extend_schema(
        operation_id="record_attempt",
        summary=_("Record an attempt to reach the person"),
        description="The sender at any time after sending, the receiver from acceptance until the end.",
        parameters=[ACTING_AS],
        request=AttemptInput,
        responses={201: AttemptShape},
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        given, actor = read_body(request, AttemptInput), acting(request)

        def act() -> UUID:
            return record_attempt(referral_id=referral_id, actor=actor, **given).id

        return once(request, act, lambda recorded: _one(referral_id, actor, recorded))


def _seen(referral_id: UUID, actor: Actor) -> dict[UUID, dict[str, Any]]:
    rows = attempts_of(access_referral(referral_id, actor), actor)
    return {row.id: attempt_body(row) for row in rows}


def _one(referral_id: UUID, actor: Actor, attempt_id: UUID) -> dict[str, Any]:
    found = _seen(referral_id, actor).get(attempt_id)
    if found is None:
        raise NotSeen
    return found
