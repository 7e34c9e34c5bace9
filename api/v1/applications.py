"""Applications to join the network, for who decides on them. Applying itself has no API."""

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
from api.pagination import Pages
from api.v1.partners import KEEPER
from api.v1.shapes import Named, named, page_of
from api.views import ApiView, read_body, read_query
from partners.errors import Invalid
from partners.form_words import REQUIRED
from partners.joining import admission
from partners.joining.applications import access_application, applications
from partners.models import ApplicationState, PartnerApplication
from partners.models.organizations import PartnerKind

APPROVED, REFUSED = ApplicationState.APPROVED.value, ApplicationState.REFUSED.value
TERM = ("starts_on", "ends_on")


class ApplicationQuery(Input):
    state = serializers.ChoiceField(ApplicationState.values, required=False)


class ApplicationShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(ApplicationState.values)
    name = serializers.CharField()
    kind = serializers.ChoiceField(PartnerKind.values)
    organization = Named(allow_null=True, help_text="Which it says it is, or which it became.")
    website = serializers.CharField(allow_blank=True)
    contact_name = serializers.CharField(allow_blank=True, help_text="Empty 180 days after the decision.")
    contact_email = serializers.CharField(allow_blank=True)
    contact_phone = serializers.CharField(allow_blank=True)
    language = serializers.ChoiceField(["en", "fr"])
    reason = serializers.CharField(allow_blank=True)
    received_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_note = serializers.CharField(allow_blank=True)


class ApplicationDecisionInput(Input):
    decision = serializers.ChoiceField([APPROVED, REFUSED])
    note = Text(required=False, max_length=2_000, help_text="Needed for refused; the contact is told.")
    organization = serializers.UUIDField(
        required=False, allow_null=True, help_text="A listed one, else a new one is made."
    )
    name_en = Text(required=False, allow_blank=True, max_length=NAME)
    name_fr = Text(required=False, allow_blank=True, max_length=NAME)
    kind = serializers.ChoiceField(PartnerKind.values, required=False)
    starts_on = serializers.DateField(required=False, help_text="Needed for approved, as is ends_on.")
    ends_on = serializers.DateField(required=False)


ApplicationPage = page_of(ApplicationShape, "Application")


def application_body(row: PartnerApplication) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": row.state,
        "name": row.name,
        "kind": row.kind,
        "organization": named(row.organization) if row.organization else None,
        "website": row.website,
        "contact_name": row.contact_name,
        "contact_email": row.contact_email,
        "contact_phone": row.contact_phone,
        "language": row.language,
        "reason": row.reason,
        "received_at": row.created_at,
        "decided_at": row.decided_at,
        "decision_note": row.decision_note,
    }


class List(ApiView):
    permission_classes = [KEEPER]

    @extend_schema(
        operation_id="partner_applications",
        summary=_("Applications to join the network"),
        parameters=[ApplicationQuery, *PAGING],
        responses=ApplicationPage,
    )
    def get(self, request: Request) -> Response:
        asked = read_query(request, ApplicationQuery)
        rows = applications(request.actor, asked.get("state", ""))
        return Response(Pages(request).of(rows, application_body))


class Detail(ApiView):
    permission_classes = [KEEPER]

    @extend_schema(
        operation_id="partner_application",
        summary=_("One application to join"),
        responses=ApplicationShape,
    )
    def get(self, request: Request, application_id: UUID) -> Response:
        read_query(request, Input)
        return Response(application_body(access_application(request.actor, application_id)))


class Decision(ApiView):
    permission_classes = [KEEPER]

    @extend_schema(
        operation_id="decide_application",
        summary=_("Approve or refuse an application"),
        description="Approved: a partner with an agreement to sign, its contact invited to administer it.",
        request=ApplicationDecisionInput,
        responses=ApplicationShape,
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        given = read_body(request, ApplicationDecisionInput)
        found = access_application(request.actor, application_id)

        def act() -> UUID:
            if given["decision"] == REFUSED:
                return admission.refuse(
                    actor=request.actor, application_id=application_id, note=given.get("note", "")
                ).pk
            newcomer, term = _admitted(given, found)
            return admission.approve(
                actor=request.actor, application_id=application_id, newcomer=newcomer, term=term
            ).pk

        def show(pk: UUID) -> dict[str, Any]:
            return application_body(access_application(request.actor, pk))

        return once(request, act, show, status=200)


def _admitted(given: dict[str, Any], found: PartnerApplication) -> tuple[admission.Newcomer, admission.Term]:
    """What is not given is taken from the application. Raises Invalid (starts_on, ends_on)."""
    missing = {name: [REQUIRED] for name in TERM if not given.get(name)}
    if missing:
        raise Invalid({**missing})
    own_name = "name_fr" if found.language == "fr" else "name_en"
    names = {"name_en": given.get("name_en", ""), "name_fr": given.get("name_fr", "")}
    if not any(names.values()):
        names[own_name] = found.name
    newcomer = admission.Newcomer(
        kind=given.get("kind", found.kind),
        organization_id=given.get("organization", found.organization_id),
        website=found.website,
        **names,
    )
    return newcomer, admission.Term(given["starts_on"], given["ends_on"])
