"""Changes of listings: proposed, read with their difference, decided; and reports from the public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import HasCapability, PublicReport
from api.v1.listing_shapes import (
    ProposalDecisionInput,
    ProposalInput,
    ProposalPage,
    ProposalShape,
    ReceivedReportShape,
    ReportInput,
)
from api.v1.shapes import named
from api.views import ApiView, read_body, read_query
from directory.listing_shape import shape_of
from directory.models import ListingProposal
from directory.proposals import access, deciding, proposing, reports
from directory.proposals.blockers import blockers
from directory.proposals.difference import conflicts, difference
from directory.proposals.report_limits import within_limits
from partners.actor import Actor
from partners.errors import TooMany
from partners.roles import Capability

EDITS = HasCapability(Capability.EDIT_LISTINGS, Capability.KEEP_CATALOGUE)


def row_body(row: ListingProposal) -> dict[str, Any]:
    return {
        "id": row.pk,
        "service": named(row.service),
        "state": row.state,
        "proposed_at": row.proposed_at,
        "decided_at": row.decided_at,
    }


def full_body(actor: Actor, proposal_id: UUID) -> dict[str, Any]:
    row = access.access_proposal(proposal_id, actor)
    service = access.access_listing(row.service_id, actor)
    current, opened = shape_of(service), proposing.is_open(row)
    names = access.names_for(actor, service, [row.proposed_by_id, row.decided_by_id])
    return {
        **row_body(row),
        "proposed_by": names[row.proposed_by_id],
        "decided_by": names[row.decided_by_id] if row.decided_at else None,
        "note": row.note,
        "decision_note": row.decision_note,
        "changes": row.data,
        "difference": [
            {"field": one.key, "label": str(one.label), "before": one.before, "after": one.after}
            for one in difference(row.before, row.data)
        ],
        "conflicts": conflicts(current, row.data, row.before) if opened else [],
        "blockers": [
            {"code": one.code, "words": str(one.words), "is_warning": one.is_warning}
            for one in (blockers(current | row.data) if opened else [])
        ],
    }


class List(ApiView):
    permission_classes = [EDITS]

    @extend_schema(
        operation_id="proposals",
        summary=_("Proposed changes of the listings you keep"),
        parameters=PAGING,
        responses=ProposalPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return Response(Pages(request).of(access.proposals_of(request.actor), row_body))


class OfService(ApiView):
    permission_classes = [EDITS]

    @extend_schema(
        operation_id="proposals_of_service",
        summary=_("Proposed changes of one listing"),
        parameters=PAGING,
        responses=ProposalPage,
    )
    def get(self, request: Request, service_id: UUID) -> Response:
        read_query(request, Input)
        service = access.access_listing(service_id, request.actor)
        rows = access.proposals_of(request.actor).filter(service=service)
        return Response(Pages(request).of(rows, row_body))

    @extend_schema(
        operation_id="propose_change",
        summary=_("Propose a change of a published listing"),
        description="Send only what changes. What is not shown of a place yet is not kept: the second person "
        "gives it with the approval.",
        request=ProposalInput,
        responses={201: ProposalShape},
    )
    def post(self, request: Request, service_id: UUID) -> Response:
        given, actor = read_body(request, ProposalInput), request.actor
        changes = dict(given["changes"])
        if changes.get("program"):
            changes["program"] = str(changes["program"])

        def act() -> UUID:
            return proposing.propose(
                actor=actor,
                service_id=service_id,
                wanted=changes,
                note=given.get("note", ""),
                report_id=given.get("report"),
            ).pk

        return once(request, act, lambda found: full_body(actor, found))


class Detail(ApiView):
    permission_classes = [EDITS]

    @extend_schema(
        operation_id="proposal",
        summary=_("One proposed change, with its difference"),
        responses=ProposalShape,
    )
    def get(self, request: Request, proposal_id: UUID) -> Response:
        return Response(full_body(request.actor, proposal_id))


class Decision(ApiView):
    permission_classes = [EDITS]

    @extend_schema(
        operation_id="decide_proposal",
        summary=_("Approve a proposed change, refuse it, or take it back"),
        request=ProposalDecisionInput,
        responses=ProposalShape,
    )
    def post(self, request: Request, proposal_id: UUID) -> Response:
        given, actor = read_body(request, ProposalDecisionInput), request.actor

        def act() -> UUID:
            if given["decision"] == "approve":
                place = given.get("place")
                return deciding.approve(actor=actor, proposal_id=proposal_id, place=place).pk
            if given["decision"] == "reject":
                note = given.get("note", "")
                return deciding.reject(actor=actor, proposal_id=proposal_id, note=note).pk
            return deciding.withdraw(actor=actor, proposal_id=proposal_id).pk

        return once(request, act, lambda found: full_body(actor, found), status=200)


class Reports(ApiView):
    permission_classes = [PublicReport]

    @extend_schema(
        operation_id="report_listing",
        summary=_("Say that a listing is wrong"),
        description="For everybody. Send nothing about yourself or anybody else; nobody can answer.",
        request=ReportInput,
        responses={201: ReceivedReportShape},
    )
    def post(self, request: Request, service_id: UUID) -> Response:
        reports.reportable(service_id)
        given = read_body(request, ReportInput)
        if not within_limits(request._request, service_id):
            raise TooMany
        reports.report(service_id=service_id, **given)
        return Response({"received": True}, status=201)
