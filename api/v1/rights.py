"""What a person may ask about her file: who saw it, what it held before, what she says against it."""

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
from api.v1.consents import WITH_CLIENTS
from api.v1.shapes import page_of
from api.views import ApiView, read_body, read_query
from partners.audit_log import Line
from partners.roles import Capability
from referrals.rights.corrections import STATEMENT_LENGTH, Correction, history, record_statement
from referrals.rights.seen import who_saw


class CorrectionShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    field = serializers.CharField(help_text="“statement”: a correction that was asked for and not made.")
    before = serializers.JSONField(help_text="What the field held; of a statement, what the person says.")
    reason = serializers.CharField(allow_blank=True)
    by = serializers.CharField()


class StatementInput(Input):
    statement = Text(max_length=STATEMENT_LENGTH)
    reason = Text(max_length=STATEMENT_LENGTH, help_text="Why the file is not changed.")


class DetailShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.CharField()


class AccessShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    who = serializers.CharField(allow_blank=True, help_text="A colleague. Partners name their own members.")
    organization_name = serializers.CharField(allow_blank=True)
    what = serializers.CharField()
    channel = serializers.CharField()
    details = DetailShape(many=True)


CorrectionPage = page_of(CorrectionShape, "Correction")
AccessPage = page_of(AccessShape, "Access")


def correction_body(row: Correction) -> dict[str, Any]:
    return {"at": row.at, "field": row.field, "before": row.before, "reason": row.reason, "by": row.by}


def access_body(line: Line) -> dict[str, Any]:
    return {
        "at": line.at,
        "who": line.who,
        "organization_name": line.organization,
        "what": line.what,
        "channel": line.channel,
        "details": [{"name": name, "value": value} for name, value in line.details],
    }


class Corrections(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="corrections",
        summary=_("What a client file held before"),
        description="Recorded as a release to your organization.",
        parameters=PAGING,
        responses=CorrectionPage,
    )
    def get(self, request: Request, client_id: UUID) -> Response:
        read_query(request, Input)
        pages = Pages(request)
        found = history(actor=request.actor, client_id=client_id, page=pages.page, page_size=pages.page_size)
        rows = [correction_body(row) for row in found.object_list if found.number == pages.page]
        return Response(pages.answer(rows, found.paginator.count, found.has_next()))

    @extend_schema(
        operation_id="add_statement",
        summary=_("Add a statement of the person"),
        description="A correction that was asked for and not made: what the person says, and why not.",
        request=StatementInput,
        responses={201: CorrectionShape},
    )
    def post(self, request: Request, client_id: UUID) -> Response:
        given = read_body(request, StatementInput)

        def act() -> UUID:
            record_statement(actor=request.actor, client_id=client_id, **given)
            return client_id

        def show(found: UUID) -> dict[str, Any]:
            return correction_body(history(actor=request.actor, client_id=found).object_list[0])

        return once(request, act, show)


class Accesses(ApiView):
    permission_classes = [HasCapability(Capability.CLIENTS, Capability.RIGHTS)]

    @extend_schema(
        operation_id="accesses",
        summary=_("Who saw a client file"),
        description="Every release of the file or a part of it, to colleagues and partners, newest first.",
        parameters=PAGING,
        responses=AccessPage,
    )
    def get(self, request: Request, client_id: UUID) -> Response:
        read_query(request, Input)
        pages = Pages(request)
        found = who_saw(actor=request.actor, client_id=client_id, page=pages.page, page_size=pages.page_size)
        rows = [access_body(line) for line in found.lines if found.number == pages.page]
        return Response(pages.answer(rows, found.count, found.number < found.pages))
