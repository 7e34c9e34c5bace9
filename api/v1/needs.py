"""Needs: what a person is looking for. Each referral is an offer made for one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input, Text
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import HasCapability
from api.v1.referral_body import full_body
from api.v1.referral_shapes import NeedInput, ReferralShape
from api.v1.shapes import Coded, Named, coded, named, page_of
from api.views import ApiView, acting, read_body, read_query
from partners.errors import NotSeen
from partners.roles import Capability
from referrals.details import NOTE_LENGTH
from referrals.drafts import create_draft
from referrals.models import Need, Referral, Urgency
from referrals.needs import create_need
from referrals.querysets import NeedQuerySet

WITH_CLIENTS = HasCapability(Capability.CLIENTS)
OF_CLIENT = OpenApiParameter("client", {"type": "string", "format": "uuid"})


class OfferShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    status = serializers.CharField()
    service = Named()
    receiver = Named()


class NeedShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    client = serializers.UUIDField()
    category = Coded()
    urgency = serializers.ChoiceField(Urgency.values)
    created_at = serializers.DateTimeField()
    offers = OfferShape(many=True)


class NewNeed(NeedInput):
    client = serializers.UUIDField()


class OfferInput(Input):
    service = serializers.UUIDField()
    consent = serializers.UUIDField(required=False, allow_null=True)
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH)


class NeedQuery(Input):
    client = serializers.UUIDField(required=False)


NeedPage = page_of(NeedShape, "Need")


def need_body(need: Need) -> dict[str, Any]:
    return {
        "id": need.pk,
        "client": need.client_id,
        "category": coded(need.category),
        "urgency": need.urgency,
        "created_at": need.created_at,
        "offers": [_offer(referral) for referral in need.referrals.all()],
    }


def _offer(referral: Referral) -> dict[str, Any]:
    return {
        "id": referral.pk,
        "code": referral.code,
        "status": referral.status,
        "service": named(referral.service),
        "receiver": named(referral.receiver),
    }


class List(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="needs", summary=_("Needs"), parameters=[OF_CLIENT, *PAGING], responses=NeedPage
    )
    def get(self, request: Request) -> Response:
        asked = read_query(request, NeedQuery)
        needs = _seen(request)
        if "client" in asked:
            needs = needs.filter(client_id=asked["client"])
        return Response(Pages(request).of(needs, need_body))

    @extend_schema(
        operation_id="create_need",
        summary=_("Write down a need"),
        request=NewNeed,
        responses={201: NeedShape},
    )
    def post(self, request: Request) -> Response:
        given = read_body(request, NewNeed)

        def act() -> UUID:
            return create_need(actor=request.actor, client_id=given.pop("client"), **given).pk

        return once(request, act, lambda made: _one(request, made))


class Detail(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(operation_id="need", summary=_("One need and its offers"), responses=NeedShape)
    def get(self, request: Request, need_id: UUID) -> Response:
        return Response(_one(request, need_id))


class Offers(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="offer",
        summary=_("Offer a need to a service"),
        description="Makes a draft referral for it, to be sent like any other.",
        request=OfferInput,
        responses={201: ReferralShape},
    )
    def post(self, request: Request, need_id: UUID) -> Response:
        given, actor = read_body(request, OfferInput), acting(request)
        need = _seen(request).filter(pk=need_id).first()
        if need is None:
            raise NotSeen

        def act() -> UUID:
            draft = create_draft(
                actor=actor,
                client_id=need.client_id,
                service_id=given["service"],
                consent_id=given.get("consent"),
                note=given.get("note", ""),
                need_id=need.pk,
            )
            return draft.pk

        return once(request, act, lambda made: full_body(made, actor))


def _seen(request: Request) -> NeedQuerySet:
    needs = Need.objects.visible_to(request.actor).select_related("category")
    return needs.prefetch_related("referrals__service", "referrals__receiver")


def _one(request: Request, need_id: UUID) -> dict[str, Any]:
    need = _seen(request).filter(pk=need_id).first()
    if need is None:
        raise NotSeen
    return need_body(need)
