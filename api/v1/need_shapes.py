"""The schema of a need and its offers, and what is sent to make, change and offer one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from api.inputs import Input, Text, WholeNumber, YesNo
from api.v1.referral_shapes import NeedInput
from api.v1.shapes import Coded, Named, coded, named, page_of
from referrals.details import NOTE_LENGTH
from referrals.models import Need, OfferMode, Referral, ReferralKind, Urgency
from referrals.offers import MOST, Sent

IN_LISTS = "null in lists."


class OfferShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(ReferralKind.values)
    status = serializers.CharField()
    position = serializers.IntegerField(allow_null=True, help_text="Its place in a list asked in turn.")
    service = Named()
    receiver = Named()


class NeedShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    client = serializers.UUIDField()
    category = Coded()
    urgency = serializers.ChoiceField(Urgency.values)
    phase = serializers.IntegerField(allow_null=True)
    matters = serializers.CharField(allow_null=True, allow_blank=True, help_text=IN_LISTS)
    barriers = serializers.ListField(child=serializers.CharField(), allow_null=True, help_text=IN_LISTS)
    offer_mode = serializers.ChoiceField(OfferMode.values)
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    offers = OfferShape(many=True)


class NotSentShape(serializers.Serializer[Any]):
    referral = serializers.UUIDField()
    code = serializers.CharField(help_text="Why not, such as consent_required.")
    detail = serializers.CharField()


class ReportShape(serializers.Serializer[Any]):
    need = NeedShape()
    not_sent = NotSentShape(many=True)


NeedPage = page_of(NeedShape, "Need")


class MoreOfNeed(Input):
    phase = WholeNumber(required=False, allow_null=True, min_value=1, max_value=4)
    matters = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH)
    barriers = serializers.ListField(child=Text(max_length=60), required=False, max_length=20)


class NewNeed(NeedInput, MoreOfNeed):
    client = serializers.UUIDField()


class NeedChange(MoreOfNeed):
    category = Text(required=False, max_length=60)
    urgency = serializers.ChoiceField(Urgency.values, required=False)
    closed = YesNo(required=False)


class OfferInput(Input):
    service = serializers.UUIDField()
    consent = serializers.UUIDField(required=False, allow_null=True)
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH)
    kind = serializers.ChoiceField(ReferralKind.values, default=ReferralKind.OUTGOING.value)


class OfferList(Input):
    services = serializers.ListField(child=serializers.UUIDField(), max_length=MOST)
    mode = serializers.ChoiceField(OfferMode.values)


class NeedQuery(Input):
    client = serializers.UUIDField(required=False)


def need_body(need: Need, *, own_words: bool = False) -> dict[str, Any]:
    """Her own words only where their release has been recorded."""
    return {
        "id": need.pk,
        "client": need.client_id,
        "category": coded(need.category),
        "urgency": need.urgency,
        "phase": need.phase,
        "matters": need.matters if own_words else None,
        "barriers": (need.barriers or []) if own_words else None,
        "offer_mode": need.offer_mode,
        "created_at": need.created_at,
        "closed_at": need.closed_at,
        "offers": [_offer(referral) for referral in need.referrals.all()],
    }


def not_sent(report: Iterable[Sent]) -> list[dict[str, Any]]:
    return [
        {"referral": one.referral.pk, "code": one.code, "detail": str(one.problem)}
        for one in report
        if not one.sent
    ]


def _offer(referral: Referral) -> dict[str, Any]:
    return {
        "id": referral.pk,
        "code": referral.code,
        "kind": referral.kind,
        "status": referral.status,
        "position": referral.position,
        "service": named(referral.service),
        "receiver": named(referral.receiver),
    }
