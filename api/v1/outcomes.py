"""What became of a referral, corrected where it was wrong; and the code for the person's own answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input, Text
from api.openapi import ACTING_AS
from api.pagination import whole
from api.v1.referral_body import full_body
from api.v1.referral_shapes import OutcomeShape, ReferralShape
from api.v1.referrals import EITHER_SIDE
from api.v1.shapes import page_of
from api.views import ApiView, acting, read_body, read_query
from partners.bilingual import reader_language
from referrals.access import access_referral
from referrals.confirmation import issue_code
from referrals.models import NeedsMet
from referrals.outcomes import OutcomeView, correct_outcome, outcomes_of
from referrals.workflow import CORRECTION_REASONS, OUTCOMES


class OutcomeRow(OutcomeShape):
    id = serializers.UUIDField()
    reason = serializers.ChoiceField(list(CORRECTION_REASONS), allow_null=True)
    recorded_at = serializers.DateTimeField()
    superseded_at = serializers.DateTimeField(allow_null=True)


OutcomePage = page_of(OutcomeRow, "Outcome")


class CorrectionInput(Input):
    outcome = Text(help_text=", ".join(OUTCOMES))
    date = Text(help_text="Such as 2026-11-24.")
    needs_met = serializers.ChoiceField(NeedsMet.values, required=False)
    reason = Text(help_text=", ".join(CORRECTION_REASONS))
    replaces = serializers.UUIDField(
        required=False, help_text="The outcome that was read; 409 if another one has taken its place."
    )


class CodeShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    url = serializers.URLField(help_text="What the picture to scan holds.")
    expires_at = serializers.DateTimeField()


def outcome_row(outcome: OutcomeView) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "code": outcome.code,
        "date": outcome.date,
        "needs_met": outcome.needs_met,
        "reason": outcome.reason or None,
        "recorded_at": outcome.recorded_at,
        "superseded_at": outcome.superseded_at,
    }


class List(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="outcomes",
        summary=_("Outcomes, the newest first"),
        parameters=[ACTING_AS],
        responses=OutcomePage,
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        read_query(request, Input)
        actor = acting(request)
        told = outcomes_of(access_referral(referral_id, actor), actor)
        return Response(whole([outcome_row(outcome) for outcome in told]))

    @extend_schema(
        operation_id="correct_outcome",
        summary=_("Correct the outcome"),
        description="By the side that recorded it, for 30 days. What was confirmed is asked again.",
        parameters=[ACTING_AS],
        request=CorrectionInput,
        responses={201: ReferralShape},
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        given, actor = read_body(request, CorrectionInput), acting(request)
        given["outcome_id"] = given.pop("replaces", None)

        def act() -> UUID:
            return correct_outcome(referral_id=referral_id, actor=actor, **given).pk

        return once(request, act, lambda found: full_body(found, actor))


class Code(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="confirmation_code",
        summary=_("Make a code for the person’s own answer"),
        description="To be shown to her, or sent where her safe contact allows it. It is answered this once, "
        "replaces the one before and keeps no Idempotency-Key.",
        parameters=[ACTING_AS],
        request=None,
        responses={201: CodeShape},
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        read_body(request, Input)
        issued = issue_code(referral_id=referral_id, actor=acting(request), language=reader_language())
        body = {"code": issued.code, "url": issued.url, "expires_at": issued.expires_at}
        return Response(body, status=201)
