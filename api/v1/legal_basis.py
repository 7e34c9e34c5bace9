"""Sharing on another legal basis than consent: asked for, decided by somebody else, released once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import NAME, Input, Text
from api.openapi import PAGING
from api.pagination import Pages, whole
from api.permissions import HasCapability
from api.v1.care_team import MemberShape, member_body
from api.v1.consents import WITH_CLIENTS
from api.v1.shapes import Named, named, page_of
from api.views import ApiView, read_body, read_query
from partners.roles import Capability
from referrals import legal_basis as core
from referrals.client_view import FIELD_GROUPS
from referrals.consent import NOTICE
from referrals.models import LegalBasis, LegalBasisShare

GROUPS = list(FIELD_GROUPS)
REVIEWERS = HasCapability(Capability.REVIEW_SHARING)
EITHER = HasCapability(Capability.CLIENTS, Capability.REVIEW_SHARING)


class SharingInput(Input):
    basis = serializers.ChoiceField(LegalBasis.values)
    reason = Text(max_length=core.LENGTHS["reason"])
    field_groups = serializers.ListField(child=serializers.ChoiceField(GROUPS), max_length=20)
    recipient = Text(required=False, allow_blank=True, max_length=NAME, help_text="Who gets it, in words.")
    recipient_organization = serializers.UUIDField(required=False, allow_null=True)


class DecisionInput(Input):
    decision = serializers.ChoiceField(list(core.DECISIONS))


class SharingShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    client = serializers.UUIDField()
    basis = serializers.ChoiceField(LegalBasis.values)
    reason = serializers.CharField()
    field_groups = serializers.ListField(child=serializers.ChoiceField(GROUPS))
    recipient = serializers.CharField(allow_blank=True)
    recipient_organization = Named(allow_null=True)
    requested_by = MemberShape()
    requested_at = serializers.DateTimeField()
    decision = serializers.ChoiceField(list(core.DECISIONS), allow_null=True)
    reviewed_by = MemberShape(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)


class SheetShape(SharingShape):
    person = serializers.DictField(
        allow_null=True, help_text="The fields of the groups, this once; null when the answer is repeated."
    )
    notice = serializers.CharField()


SharingPage = page_of(SharingShape, "Sharing")


def sharing_body(share: LegalBasisShare) -> dict[str, Any]:
    organization = share.recipient_organization
    return {
        "id": share.pk,
        "client": share.client_id,
        "basis": share.basis,
        "reason": share.reason,
        "field_groups": share.field_groups,
        "recipient": share.recipient,
        "recipient_organization": named(organization) if organization else None,
        "requested_by": member_body(share.requested_by),
        "requested_at": share.requested_at,
        "decision": share.decision or None,
        "reviewed_by": member_body(share.reviewed_by),
        "reviewed_at": share.reviewed_at,
        "released_at": share.released_at,
    }


class OfClient(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="sharing_of_client",
        summary=_("What was asked to be shared without consent about a person"),
        responses=SharingPage,
    )
    def get(self, request: Request, client_id: UUID) -> Response:
        read_query(request, Input)
        found = core.shares_of(actor=request.actor, client_id=client_id)
        return Response(whole([sharing_body(share) for share in found]))

    @extend_schema(
        operation_id="ask_sharing",
        summary=_("Ask to share without consent, on a legal basis"),
        description="Nothing is shared by this. Somebody else decides.",
        request=SharingInput,
        responses={201: SharingShape},
    )
    def post(self, request: Request, client_id: UUID) -> Response:
        given = read_body(request, SharingInput)
        given["recipient_organization_id"] = given.pop("recipient_organization", None)

        def act() -> UUID:
            return core.request_share(actor=request.actor, client_id=client_id, **given).pk

        return once(request, act, lambda made: sharing_body(core.access_share(made, request.actor)))


class List(ApiView):
    permission_classes = [REVIEWERS]

    @extend_schema(
        operation_id="sharing_to_review",
        summary=_("Requests to share without consent"),
        parameters=PAGING,
        responses=SharingPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return Response(Pages(request).of(core.shares_for_review(request.actor), sharing_body))


class Detail(ApiView):
    permission_classes = [EITHER]

    @extend_schema(
        operation_id="sharing", summary=_("One request to share without consent"), responses=SharingShape
    )
    def get(self, request: Request, share_id: UUID) -> Response:
        read_query(request, Input)
        return Response(sharing_body(core.access_share(share_id, request.actor)))


class Decision(ApiView):
    permission_classes = [REVIEWERS]

    @extend_schema(
        operation_id="decide_sharing",
        summary=_("Approve or refuse it; not by who asked"),
        request=DecisionInput,
        responses=SharingShape,
    )
    def post(self, request: Request, share_id: UUID) -> Response:
        given = read_body(request, DecisionInput)

        def act() -> UUID:
            return core.decide(actor=request.actor, share_id=share_id, **given).pk

        return once(
            request, act, lambda done: sharing_body(core.access_share(done, request.actor)), status=200
        )


class Release(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="release_sharing",
        summary=_("Show what was approved, once"),
        description="Recorded as a release before anything is answered. 409 unless approved and not shown.",
        request=None,
        responses=SheetShape,
    )
    def post(self, request: Request, share_id: UUID) -> Response:
        read_body(request, Input)
        shown: dict[UUID, dict[str, Any]] = {}

        def act() -> UUID:
            shown[share_id] = core.release(actor=request.actor, share_id=share_id).fields
            return share_id

        def show(released: UUID) -> dict[str, Any]:
            body = sharing_body(core.access_share(released, request.actor))
            return {**body, "person": shown.get(released), "notice": str(NOTICE)}

        # Committed before anything is shown, and by itself refused a second time.
        return once(request, act, show, status=200, whole=False)
