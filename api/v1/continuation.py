"""Going on from a referral that has ended: the sender makes the draft, the receiver asks for it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input
from api.openapi import ACTING_AS
from api.v1.referral_body import full_body
from api.v1.referral_shapes import ReferralShape
from api.v1.referrals import EITHER_SIDE
from api.views import ApiView, acting, read_body
from partners.actor import Side
from referrals.access import access_referral, side_of
from referrals.continuing import ask_to_continue, continue_referral


class Continuation(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="continue",
        summary=_("Take up a referral again, or ask for it"),
        description="The sender gets a new draft (201), which waits for a consent of its own. The receiver "
        "asks the sender (200), about what it declined or closed itself.",
        parameters=[ACTING_AS],
        request=None,
        responses={200: ReferralShape, 201: ReferralShape},
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        read_body(request, Input)
        actor = acting(request)
        sender = side_of(access_referral(referral_id, actor), actor) is Side.SENDER
        act = continue_referral if sender else ask_to_continue
        return once(
            request,
            lambda: act(referral_id=referral_id, actor=actor).pk,
            lambda found: full_body(found, actor),
            status=201 if sender else 200,
        )
