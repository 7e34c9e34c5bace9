"""The one-time link of a partner without sign-ins, for the sender: where it stands, and a new one."""

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
from api.openapi import ACTING_AS
from api.v1.referrals import EITHER_SIDE
from api.views import ApiView, acting, read_body, read_query
from partners.actor import Actor
from referrals.links.panel import sender_state
from referrals.links.renewing import new_link

STATES = ("not_needed", "no_address", "none", "waiting", "sent", "run_out", "closed", "preview")


class AnswerLinkShape(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        STATES,
        help_text="not_needed: the partner signs in, or nothing is shared now. waiting: its mail is not "
        "written yet. closed: after five wrong codes. preview: a body outside the network.",
    )
    code = serializers.CharField(
        allow_blank=True, help_text="To be told by phone, never by mail. Empty once it has done its work."
    )
    expires_at = serializers.DateTimeField(allow_null=True)
    visited_at = serializers.DateTimeField(allow_null=True, help_text="When the code last opened it.")


def link_body(referral_id: UUID, actor: Actor) -> dict[str, Any]:
    state = sender_state(referral_id, actor)
    return {
        "state": state.state if state else "not_needed",
        "code": state.code if state else "",
        "expires_at": state.expires_at if state else None,
        "visited_at": state.visited_at if state else None,
    }


class AnswerLink(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="answer_link",
        summary=_("The link of a partner without sign-ins"),
        parameters=[ACTING_AS],
        responses=AnswerLinkShape,
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        read_query(request, Input)
        return Response(link_body(referral_id, acting(request)))

    @extend_schema(
        operation_id="new_answer_link",
        summary=_("Send a new link with a new code"),
        description="To the partner’s address for referrals. The link before ends at once.",
        parameters=[ACTING_AS],
        request=None,
        responses={201: AnswerLinkShape},
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        read_body(request, Input)
        actor = acting(request)

        def act() -> UUID:
            return new_link(referral_id=referral_id, actor=actor).referral_id

        return once(request, act, lambda found: link_body(found, actor))
