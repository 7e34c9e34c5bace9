"""The acts on a referral: the actions of the workflow table, and the sender's confirmation."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input
from api.openapi import ACTING_AS
from api.v1.referral_body import full_body
from api.v1.referral_shapes import ActionInput, ReferralShape
from api.v1.referrals import EITHER_SIDE
from api.views import ApiView, acting, read_body
from partners.errors import NotSeen
from referrals.actions import attempt
from referrals.models import NeedsMet
from referrals.outcomes import confirm_outcome
from referrals.workflow import ACTIONS

BY_PATH = {action.path: name for name, action in ACTIONS.items()}
ACTION = OpenApiParameter("action", str, OpenApiParameter.PATH, enum=list(BY_PATH))


class ConfirmationInput(Input):
    needs_met = serializers.ChoiceField(NeedsMet.values, required=False)
    outcome = serializers.UUIDField(
        required=False, help_text="The outcome that was read; 409 if another one has taken its place."
    )


class Act(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="act",
        summary=_("Act on a referral"),
        description="Who may do what, and with which details, stands in /workflow/.",
        parameters=[ACTION, ACTING_AS],
        request=ActionInput,
        responses=ReferralShape,
    )
    def post(self, request: Request, referral_id: UUID, action: str) -> Response:
        if action not in BY_PATH:
            raise NotSeen
        given, actor = read_body(request, ActionInput), acting(request)

        def act() -> UUID:
            return attempt(referral_id=referral_id, action=BY_PATH[action], actor=actor, **given).pk

        return once(request, act, lambda found: full_body(found, actor), status=200)


class Confirmation(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="confirm",
        summary=_("Confirm the outcome"),
        parameters=[ACTING_AS],
        request=ConfirmationInput,
        responses=ReferralShape,
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        given, actor = read_body(request, ConfirmationInput), acting(request)
        if "outcome" in given:
            given["outcome_id"] = given.pop("outcome")

        def act() -> UUID:
            return confirm_outcome(referral_id=referral_id, actor=actor, **given).pk

        return once(request, act, lambda found: full_body(found, actor), status=200)
