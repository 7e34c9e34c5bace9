"""Needs: what a person is looking for. Each referral is an offer made for one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import HasCapability
from api.v1.need_shapes import (
    NeedChange,
    NeedPage,
    NeedQuery,
    NeedShape,
    NewNeed,
    OfferInput,
    OfferList,
    ReportShape,
    need_body,
    not_sent,
)
from api.v1.referral_body import full_body
from api.v1.referral_shapes import ReferralShape
from api.views import ApiView, acting, read_body, read_query
from partners.errors import NotSeen
from partners.roles import Capability
from referrals import offers
from referrals.drafts import create_draft
from referrals.models import Need
from referrals.needs import access_need, change_need, create_need, open_need
from referrals.querysets import NeedQuerySet

WITH_CLIENTS = HasCapability(Capability.CLIENTS)
OF_CLIENT = OpenApiParameter("client", {"type": "string", "format": "uuid"})


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

    @extend_schema(
        operation_id="need",
        summary=_("One need and its offers"),
        description="Her own words are recorded as a release to your organization.",
        responses=NeedShape,
    )
    def get(self, request: Request, need_id: UUID) -> Response:
        read_query(request, Input)
        return Response(_one(request, need_id))

    @extend_schema(
        operation_id="change_need",
        summary=_("Change a need, close it or open it again"),
        request=NeedChange,
        responses=NeedShape,
    )
    def patch(self, request: Request, need_id: UUID) -> Response:
        given = read_body(request, NeedChange, partial=True)
        change_need(actor=request.actor, need_id=need_id, **given)
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
        need = access_need(need_id, actor)

        def act() -> UUID:
            draft = create_draft(
                actor=actor,
                client_id=need.client_id,
                service_id=given["service"],
                consent_id=given.get("consent"),
                note=given.get("note", ""),
                kind=given["kind"],
                need_id=need.pk,
            )
            return draft.pk

        return once(request, act, lambda made: full_body(made, actor))


class Several(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="offer_several",
        summary=_("Offer a need to several services, one after another or at once"),
        description="Makes all the drafts or none, each on the live consent for its partner, if there is "
        "one. Who accepts first ends the others. Police are never one of several.",
        request=OfferList,
        responses={201: NeedShape},
    )
    def post(self, request: Request, need_id: UUID) -> Response:
        given, actor = read_body(request, OfferList), request.actor

        def act() -> UUID:
            offers.offer_need(actor=actor, need_id=need_id, **given)
            return need_id

        return once(request, act, lambda made: _one(request, made))


class Send(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="send_offers",
        summary=_("Send what is ready of a need’s drafts"),
        description="Each by itself, and only with a live consent of its own. One after another: the first "
        "of the list, while nobody else is being asked.",
        request=None,
        responses=ReportShape,
    )
    def post(self, request: Request, need_id: UUID) -> Response:
        read_body(request, Input)
        left: list[offers.Sent] = []

        def act() -> UUID:
            left.extend(one for one in offers.send_offers(actor=request.actor, need_id=need_id))
            return need_id

        def show(made: UUID) -> dict[str, Any]:
            return {"need": _one(request, made), "not_sent": not_sent(left)}

        # Each draft commits by itself: together they would hold the audit heads in an order of their own.
        return once(request, act, show, status=200, whole=False)


def _seen(request: Request) -> NeedQuerySet:
    needs = Need.objects.visible_to(request.actor).select_related("category")
    return needs.prefetch_related("referrals__service", "referrals__receiver")


def _one(request: Request, need_id: UUID) -> dict[str, Any]:
    open_need(actor=request.actor, need_id=need_id)
    need = _seen(request).filter(pk=need_id).first()
    if need is None:
        raise NotSeen
    return need_body(need, own_words=True)
