"""Referrals: the boxes, one referral as each side may see it, and drafts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.etags import etag, require_match
from api.idempotency import once
from api.openapi import ACTING_AS, PAGING
from api.pagination import Pages
from api.permissions import HasCapability
from api.v1.referral_body import full_body, row_body
from api.v1.referral_shapes import BoxQuery, DraftChange, DraftInput, ReferralPage, ReferralShape
from api.views import ApiView, acting, read_body, read_query
from partners.actor import Actor, Side
from partners.errors import NotSeen
from partners.roles import Capability
from referrals.boxes import top_categories
from referrals.drafts import change_draft, create_draft
from referrals.models import Referral
from referrals.workflow import Status

EITHER_SIDE = HasCapability(Capability.SEND, Capability.ANSWER)
BOXES = {"inbox": Side.RECEIVER, "sent": Side.SENDER}
FILTERS = [
    OpenApiParameter("box", str, enum=list(BOXES)),
    OpenApiParameter("status", str, enum=[status.value for status in Status]),
]


class List(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="referrals",
        summary=_("Inbox and sent box"),
        description="No row holds anything of the person: open the referral for that.",
        parameters=[*FILTERS, ACTING_AS, *PAGING],
        responses=ReferralPage,
    )
    def get(self, request: Request) -> Response:
        asked, actor = read_query(request, BoxQuery), acting(request)
        rows = Referral.objects.visible_to(actor)
        if "box" in asked:
            side = BOXES[asked["box"]]
            rows, actor = rows.box(actor, side), actor.acting(side)
        if "status" in asked:
            rows = rows.told_as(asked["status"], actor)
        top = top_categories()
        listed = rows.for_list().prefetch_related("outcomes")
        return Response(Pages(request).of(listed, lambda row: row_body(row, actor, top)))

    @extend_schema(
        operation_id="create_referral",
        summary=_("Make a draft"),
        request=DraftInput,
        responses={201: ReferralShape},
    )
    def post(self, request: Request) -> Response:
        given, actor = read_body(request, DraftInput), acting(request)
        return once(request, lambda: _draft(actor, given), lambda found: full_body(found, actor))


class Detail(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="referral",
        summary=_("One referral, as your side may see it"),
        description="What is shown of the person is recorded as a release. The receiver’s first read is "
        "noted as opened.",
        parameters=[ACTING_AS],
        responses=ReferralShape,
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        actor = acting(request)
        body = full_body(referral_id, actor)
        # Only the sender writes. A receiver's tag changes with what it reads, and with nothing else.
        own = body["side"] == Side.SENDER.value
        return Response(body, headers={"ETag": _version(referral_id, actor) if own else etag(body)})

    @extend_schema(
        operation_id="change_referral",
        summary=_("Change a draft"),
        request=DraftChange,
        responses=ReferralShape,
    )
    def patch(self, request: Request, referral_id: UUID) -> Response:
        given, actor = read_body(request, DraftChange, partial=True), acting(request)
        if "consent" in given:
            given["consent_id"] = given.pop("consent")
        with transaction.atomic():
            require_match(request, _version(referral_id, actor))
            change_draft(referral_id=referral_id, actor=actor, **given)
        body = full_body(referral_id, actor)
        return Response(body, headers={"ETag": _version(referral_id, actor)})


def _draft(actor: Actor, given: dict[str, Any]) -> UUID:
    draft = create_draft(
        actor=actor,
        client_id=given["client"],
        service_id=given["service"],
        consent_id=given.get("consent"),
        note=given.get("note", ""),
        kind=given["kind"],
        **given["need"],
    )
    return draft.pk


def _version(referral_id: UUID, actor: Actor) -> str:
    """The referral's tag. Inside a transaction the row stays locked until it ends."""
    row = Referral.objects.visible_to(actor).filter(pk=referral_id)
    if transaction.get_connection().in_atomic_block:
        row = row.select_for_update()
    version = row.values_list("pk", "status", "last_modified").first()
    if version is None:
        raise NotSeen
    return etag(version)
