"""Partners, their agreements, applications to join, and suspension."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import NAME, Input, Text, YesNo
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import HasCapability, Member
from api.v1.shapes import Named, named, page_of
from api.views import ApiView, read_body, read_query
from partners.actor import Actor
from partners.errors import NotSeen
from partners.joining import agreements, suspension
from partners.joining.agreements import state_of
from partners.joining.partner_list import PartnerRow, in_rows, partner_rows
from partners.models import Agreement, Organization
from partners.models.organizations import PartnerKind
from partners.roles import Capability

SIGNER = HasCapability(Capability.SIGN_AGREEMENT)
KEEPER = HasCapability(Capability.ADMIT_PARTNERS)


class PartnerQuery(Input):
    kind = serializers.ChoiceField(PartnerKind.values, required=False)
    q = Text(required=False, max_length=100, help_text="A part of the name, in either language.")


class PartnerShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(PartnerKind.values)
    email = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    agreement_in_force = serializers.BooleanField(help_text="Without it nothing is sent to it or received.")
    agreement_until = serializers.DateField(allow_null=True, help_text="For who admits partners.")
    suspended = serializers.BooleanField(help_text="For who admits partners; false for everybody else.")
    listings_taking_referrals = serializers.IntegerField()
    median_days = serializers.IntegerField(allow_null=True, help_text="Working days to the first answer.")
    on_time_percent = serializers.IntegerField(allow_null=True)


class AgreementShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    organization = Named()
    state = serializers.ChoiceField([state.value for state in agreements.State])
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    text_version = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True, help_text="In the language asked for.")
    signatory_name = serializers.CharField(allow_blank=True)
    signatory_title = serializers.CharField(allow_blank=True)
    signed_language = serializers.CharField(allow_blank=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    terminated_at = serializers.DateTimeField(allow_null=True)


class SignatureInput(Input):
    name = Text(max_length=NAME)
    title = Text(max_length=NAME)
    language = serializers.ChoiceField(["en", "fr"], help_text="In which the text was read.")
    accepted = YesNo(help_text="true: the text was read, and the organization agrees.")


class SuspensionInput(Input):
    reason = serializers.ChoiceField(list(suspension.REASONS))


PartnerPage = page_of(PartnerShape, "Partner")
AgreementPage = page_of(AgreementShape, "Agreement")


def partner_body(row: PartnerRow) -> dict[str, Any]:
    organization = row.organization
    return {
        **named(organization),
        "kind": organization.kind,
        "email": organization.email,
        "website": organization.website,
        "agreement_in_force": row.in_force,
        "agreement_until": row.until,
        "suspended": row.suspended,
        "listings_taking_referrals": row.listings,
        "median_days": row.figures.median_days if row.figures else None,
        "on_time_percent": row.figures.on_time if row.figures else None,
    }


def one_partner(actor: Actor, organization_id: UUID) -> dict[str, Any]:
    found = Organization.objects.filter(pk=organization_id).first()
    if found is None:
        raise NotSeen
    return partner_body(in_rows(actor, [found])[0])


def agreement_body(row: Agreement) -> dict[str, Any]:
    return {
        "id": row.pk,
        "organization": named(row.organization),
        "state": state_of(row).value,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "text_version": row.text.version if row.text else None,
        "text": agreements.text_in_reader_language(row),
        "signatory_name": row.signatory_name,
        "signatory_title": row.signatory_title,
        "signed_language": row.signed_language,
        "signed_at": row.signed_at,
        "terminated_at": row.terminated_at,
    }


class List(ApiView):
    permission_classes = [Member]

    @extend_schema(
        operation_id="partners",
        summary=_("The partners of the network"),
        parameters=[PartnerQuery, *PAGING],
        responses=PartnerPage,
    )
    def get(self, request: Request) -> Response:
        asked = read_query(request, PartnerQuery)
        rows = partner_rows(request.actor, kind=asked.get("kind", ""), name=asked.get("q", ""))
        page = Pages(request).of(rows, lambda organization: organization)
        page["results"] = [partner_body(row) for row in in_rows(request.actor, page["results"])]
        return Response(page)


class Suspension(ApiView):
    permission_classes = [KEEPER]

    @extend_schema(
        operation_id="suspend_partner",
        summary=_("Suspend a partner"),
        description="From the next request on nobody of it may do anything, by whatever door.",
        request=SuspensionInput,
        responses=PartnerShape,
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        given = read_body(request, SuspensionInput)

        def act() -> UUID:
            return suspension.suspend(actor=request.actor, organization_id=organization_id, **given).pk

        return once(request, act, lambda pk: one_partner(request.actor, pk), status=200)


class SuspensionEnd(ApiView):
    permission_classes = [KEEPER]

    @extend_schema(
        operation_id="lift_suspension",
        summary=_("Lift a suspension"),
        request=None,
        responses=PartnerShape,
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        read_body(request, Input)

        def act() -> UUID:
            return suspension.lift(actor=request.actor, organization_id=organization_id).pk

        return once(request, act, lambda pk: one_partner(request.actor, pk), status=200)


class Agreements(ApiView):
    permission_classes = [SIGNER]

    @extend_schema(
        operation_id="agreements",
        summary=_("The agreements of your organization"),
        parameters=PAGING,
        responses=AgreementPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        rows = agreements.own_agreements(request.actor).select_related("organization", "text")
        return Response(Pages(request).of(rows, agreement_body))


class Signature(ApiView):
    permission_classes = [SIGNER]

    @extend_schema(
        operation_id="sign_agreement",
        summary=_("Sign an agreement"),
        request=SignatureInput,
        responses=AgreementShape,
    )
    def post(self, request: Request, agreement_id: UUID) -> Response:
        given = read_body(request, SignatureInput)

        def act() -> UUID:
            return agreements.sign(actor=request.actor, agreement_id=agreement_id, **given).pk

        def show(pk: UUID) -> dict[str, Any]:
            own = agreements.own_agreements(request.actor).select_related("organization", "text")
            found = own.filter(pk=pk).first()
            if found is None:
                raise NotSeen
            return agreement_body(found)

        return once(request, act, show, status=200)
