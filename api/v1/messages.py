"""Messages between the two sides of one referral."""

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
from referrals.messages import MESSAGE_LENGTH, MessageView, messages_of, send_message
from referrals.reading import record_reading
from referrals.unread import mark_read


class MessageShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    side = serializers.CharField()
    organization_name = serializers.CharField()
    author = serializers.CharField(allow_blank=True, help_text="A colleague’s first name.")
    text = serializers.CharField()
    sent_at = serializers.DateTimeField()
    unread = serializers.BooleanField()


class MessageInput(Input):
    text = Text(max_length=MESSAGE_LENGTH)
    until = Moment(required=False, help_text="What came before has been read; without it, all of it.")


class ReadInput(Input):
    until = Moment(required=False, help_text="What came before has been read; without it, all of it.")


MessagePage = page_of(MessageShape, "Message")


def message_body(message: MessageView) -> dict[str, Any]:
    return {
        "id": message.id,
        "side": message.side,
        "organization_name": message.organization_name,
        "author": message.author,
        "text": message.text,
        "sent_at": message.sent_at,
        "unread": message.unread,
    }


class List(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="messages", summary=_("Messages"), parameters=[ACTING_AS], responses=MessagePage
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        read_query(request, Input)
        return Response(whole(_read(referral_id, acting(request))))

    @extend_schema(
        operation_id="send_message",
        summary=_("Send a message"),
        description="No names and nothing that identifies: use the code.",
        parameters=[ACTING_AS],
        request=MessageInput,
        responses={201: MessageShape},
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        given, actor = read_body(request, MessageInput), acting(request)

        def act() -> UUID:
            return send_message(referral_id=referral_id, actor=actor, **given).pk

        return once(request, act, lambda sent: _one(referral_id, actor, sent))


class Read(ApiView):
    permission_classes = [EITHER_SIDE]

    @extend_schema(
        operation_id="mark_read",
        summary=_("Mark messages and files as read"),
        parameters=[ACTING_AS],
        request=ReadInput,
        responses=MessagePage,
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        given, actor = read_body(request, ReadInput), acting(request)
        mark_read(referral_id=referral_id, actor=actor, **given)
        return Response(whole(_read(referral_id, actor)))


def _read(referral_id: UUID, actor: Actor) -> list[dict[str, Any]]:
    """All of them; the release is committed first."""
    found = _bodies(referral_id, actor)
    if found:
        record_reading(access_referral(referral_id, actor), actor, "messages.open")
    return found


def _bodies(referral_id: UUID, actor: Actor) -> list[dict[str, Any]]:
    return [message_body(message) for message in messages_of(access_referral(referral_id, actor), actor)]


def _one(referral_id: UUID, actor: Actor, message_id: UUID) -> dict[str, Any]:
    found = next((body for body in _bodies(referral_id, actor) if body["id"] == message_id), None)
    if found is None:
        raise NotSeen
    return found
