"""Consents: recorded for one recipient, withdrawn at any moment. Never edited."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import NAME, Input, Moment, Text, YesNo
from api.openapi import PAGING
from api.pagination import Pages, whole
from api.permissions import HasCapability, PublicRead
from api.v1.shapes import Named, named, page_of
from api.views import ApiView, read_body, read_query
from partners.actor import Actor
from partners.bilingual import LANGUAGES, reader_language
from partners.errors import NotSeen
from partners.roles import Capability
from referrals.access import access_client
from referrals.consent import FIELD_GROUPS, is_live
from referrals.consent_acts import WITHDRAWN_HOW, record_consent, withdraw_consent
from referrals.consent_papers import open_consent
from referrals.consent_texts import CONSENT_TEXTS, CURRENT_VERSION, POLICE_VERSION
from referrals.models import Consent, ConsentGiver, ConsentMethod

WITH_CLIENTS = HasCapability(Capability.CLIENTS)


class ConsentShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    client = serializers.UUIDField()
    recipient = Named()
    purpose = serializers.CharField()
    field_groups = serializers.ListField(child=serializers.ChoiceField(list(FIELD_GROUPS)))
    text_version = serializers.CharField()
    language = serializers.CharField()
    how = serializers.ChoiceField(ConsentMethod.values)
    given_by = serializers.ChoiceField(ConsentGiver.values)
    refused = serializers.BooleanField()
    given_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_how = serializers.CharField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)
    live = serializers.BooleanField()


class ConsentInput(Input):
    recipient = serializers.UUIDField()
    purpose = Text(required=False)
    field_groups = serializers.ListField(child=serializers.ChoiceField(list(FIELD_GROUPS)), max_length=20)
    text_version = Text(max_length=20)
    language = Text(max_length=8)
    how = serializers.ChoiceField(ConsentMethod.values)
    witness = Text(required=False, allow_blank=True, max_length=NAME)
    given_by = serializers.ChoiceField(ConsentGiver.values, required=False)
    given_by_reason = Text(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Why it was for that one to consent. Nothing is sent for a person under 18 without it.",
    )
    given_at = Moment(required=False)
    expires_at = Moment(required=False)
    refused = YesNo(required=False)


class WithdrawalInput(Input):
    how = serializers.ChoiceField(WITHDRAWN_HOW)
    told_by = Text(required=False, allow_blank=True, max_length=NAME, help_text="Who told you.")


class ConsentFileShape(ConsentShape):
    witness = serializers.CharField(allow_blank=True)
    given_by_reason = serializers.CharField(allow_blank=True)
    withdrawn_told_by = serializers.CharField(allow_blank=True)
    text_read_in = serializers.ChoiceField(list(LANGUAGES))
    text = serializers.ListField(child=serializers.CharField())


class ConsentText(serializers.Serializer[Any]):
    version = serializers.CharField()
    current = serializers.BooleanField()
    language = serializers.CharField()
    text = serializers.ListField(child=serializers.CharField())


ConsentPage = page_of(ConsentShape, "Consent")
ConsentTextPage = page_of(ConsentText, "ConsentText")


def consent_body(consent: Consent) -> dict[str, Any]:
    """The witness’s name stays in the file."""
    return {
        "id": consent.pk,
        "client": consent.client_id,
        "recipient": named(consent.recipient),
        "purpose": consent.purpose,
        "field_groups": consent.field_groups,
        "text_version": consent.text_version,
        "language": consent.language,
        "how": consent.how,
        "given_by": consent.given_by,
        "refused": consent.refused,
        "given_at": consent.given_at,
        "expires_at": consent.expires_at,
        "withdrawn_at": consent.withdrawn_at,
        "withdrawn_how": consent.withdrawn_how or None,
        "superseded_at": consent.superseded_at,
        "live": is_live(consent),
    }


class OfClient(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="consents", summary=_("A person’s consents"), parameters=PAGING, responses=ConsentPage
    )
    def get(self, request: Request, client_id: UUID) -> Response:
        read_query(request, Input)
        access_client(client_id, request.actor)
        found = Consent.objects.visible_to(request.actor).filter(client_id=client_id)
        return Response(Pages(request).of(found.select_related("recipient"), consent_body))

    @extend_schema(
        operation_id="record_consent",
        summary=_("Record consent"),
        request=ConsentInput,
        responses={201: ConsentShape},
    )
    def post(self, request: Request, client_id: UUID) -> Response:
        given = read_body(request, ConsentInput)

        def act() -> UUID:
            recipient_id = given.pop("recipient")
            return record_consent(
                actor=request.actor, client_id=client_id, recipient_id=recipient_id, **given
            ).pk

        return once(request, act, lambda made: _one(request.actor, made))


class Detail(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="consent",
        summary=_("One consent, with the text that was read"),
        description="Recorded as a release to your organization.",
        responses=ConsentFileShape,
    )
    def get(self, request: Request, consent_id: UUID) -> Response:
        read_query(request, Input)
        file = open_consent(actor=request.actor, consent_id=consent_id)
        row = file.consent
        return Response(
            {
                **consent_body(row),
                "witness": row.witness,
                "given_by_reason": row.given_by_reason,
                "withdrawn_told_by": row.withdrawn_told_by,
                "text_read_in": file.language,
                "text": list(file.text),
            }
        )


class Withdrawal(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="withdraw_consent",
        summary=_("Withdraw consent"),
        description="At once, in every state of every referral that stands on it.",
        request=WithdrawalInput,
        responses=ConsentShape,
    )
    def post(self, request: Request, consent_id: UUID) -> Response:
        given = read_body(request, WithdrawalInput)

        def act() -> UUID:
            return withdraw_consent(actor=request.actor, consent_id=consent_id, **given).pk

        return once(request, act, lambda ended: _one(request.actor, ended), status=200)


class Texts(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(
        operation_id="consent_texts",
        summary=_("What is read aloud before a consent is recorded"),
        responses=ConsentTextPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        language = reader_language()
        texts = [
            {
                "version": version,
                "current": version in (CURRENT_VERSION, POLICE_VERSION),
                "language": language,
                "text": list(text[language]),
            }
            for version, text in CONSENT_TEXTS.items()
        ]
        return Response(whole(texts))


def _one(actor: Actor, consent_id: UUID) -> dict[str, Any]:
    consent = Consent.objects.visible_to(actor).select_related("recipient").filter(pk=consent_id).first()
    if consent is None:
        raise NotSeen
    return consent_body(consent)
