"""Addresses of a partner's own systems that are told of every notice to it."""

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
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import HasCapability
from api.v1.shapes import page_of
from api.views import ApiView, read_body, read_query
from partners.errors import NotSeen
from partners.models import Webhook
from partners.notifications import webhooks
from partners.roles import Capability

MANAGERS = HasCapability(Capability.MANAGE_NOTICES)


class WebhookShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.URLField()
    created_at = serializers.DateTimeField()


class SecretShape(WebhookShape):
    secret = serializers.CharField(
        allow_null=True, help_text="Shown this once; null when the request is sent again."
    )


class WebhookInput(Input):
    url = Text(max_length=webhooks.LONGEST)


WebhookPage = page_of(WebhookShape, "Webhook")


def body(webhook: Webhook) -> dict[str, Any]:
    return {"id": webhook.pk, "url": webhook.url, "created_at": webhook.created_at}


class _Made:
    """What an act answered, for the one body that shows its secret."""

    secret: str | None = None

    def __init__(self, request: Request):
        self.request = request

    def keep(self, made: tuple[Webhook, str]) -> UUID:
        webhook, self.secret = made
        return webhook.pk

    def show(self, webhook_id: UUID) -> dict[str, Any]:
        found = webhooks.of_organization(self.request.actor).filter(pk=webhook_id).first()
        if found is None:
            raise NotSeen
        return {**body(found), "secret": self.secret}


class List(ApiView):
    permission_classes = [MANAGERS]

    @extend_schema(
        operation_id="webhooks",
        summary=_("Systems of your organization that are told"),
        parameters=PAGING,
        responses=WebhookPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return Response(Pages(request).of(webhooks.of_organization(request.actor), body))

    @extend_schema(
        operation_id="add_webhook",
        summary=_("Add the address of a system"),
        description=(
            "https on the public internet, at most five. Each call is signed as Standard Webhooks has it "
            "(webhook-id, webhook-timestamp, webhook-signature); its id stays the same when it is repeated. "
            "The body has id, kind, code, object and at; answer 2xx within five seconds."
        ),
        request=WebhookInput,
        responses={201: SecretShape},
    )
    def post(self, request: Request) -> Response:
        given, made = read_body(request, WebhookInput), _Made(request)
        return once(
            request, lambda: made.keep(webhooks.add(actor=request.actor, url=given["url"])), made.show
        )


class Detail(ApiView):
    permission_classes = [MANAGERS]

    @extend_schema(
        operation_id="remove_webhook", summary=_("Remove the address of a system"), responses={204: None}
    )
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        webhooks.end(actor=request.actor, webhook_id=webhook_id)
        return Response(status=204)


class Secret(ApiView):
    permission_classes = [MANAGERS]

    @extend_schema(
        operation_id="rotate_webhook",
        summary=_("A new secret in place of the old one"),
        request=None,
        responses=SecretShape,
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        read_body(request, Input)
        made = _Made(request)

        def act() -> UUID:
            return made.keep(webhooks.rotate(actor=request.actor, webhook_id=webhook_id))

        return once(request, act, made.show, status=200)
