"""The schema of a client file, and what is sent to make and change one."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.inputs import LONG_TEXT, NAME, Input, Moment, Text, WholeNumber, YesNo
from api.v1.consents import ConsentShape
from api.v1.referral_shapes import SafeContactShape
from api.v1.shapes import Coded, page_of
from referrals.models import AgeBand, ChildProtectionRecord

METHODS = ["call", "text", "email", "in_person"]
PHASES = [1, 2, 3, 4]
PROTECTION_STATES = [state for state, _label in ChildProtectionRecord.STATES]


class ClientRowShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    chosen_name = serializers.CharField()
    phase = serializers.IntegerField(allow_null=True)
    age_band = serializers.ChoiceField(AgeBand.values)
    last_act_at = serializers.DateTimeField()


class PhaseShape(serializers.Serializer[Any]):
    phase = serializers.IntegerField()
    entered_on = serializers.DateField()
    left_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class ReferralOfClient(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    status = serializers.CharField()


class ClientShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField(help_text="Never leaves the organization.")
    chosen_name = serializers.CharField()
    legal_name = serializers.CharField(allow_blank=True)
    birth_date = serializers.DateField(allow_null=True)
    age_band = serializers.ChoiceField(AgeBand.values)
    is_minor = serializers.BooleanField(allow_null=True, help_text="null: nobody knows the age.")
    age_is_stale = serializers.BooleanField(help_text="The age group was noted a year ago: ask again.")
    gender = serializers.CharField(allow_blank=True)
    pronouns = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    safe_area = Coded(allow_null=True)
    safe_contact = SafeContactShape()
    situation = serializers.CharField(allow_blank=True)
    health = serializers.CharField(allow_blank=True)
    family = serializers.CharField(allow_blank=True)
    justice = serializers.CharField(allow_blank=True)
    housing = serializers.CharField(allow_blank=True)
    indigenous_identity = serializers.CharField(allow_blank=True)
    phase = serializers.IntegerField(allow_null=True)
    phases = PhaseShape(many=True)
    consents = ConsentShape(many=True)
    referrals = ReferralOfClient(many=True)


ClientPage = page_of(ClientRowShape, "Client")


class SafeContactInput(Input):
    methods = serializers.ListField(
        child=serializers.ChoiceField(METHODS), required=False, max_length=len(METHODS)
    )
    phone = Text(required=False, allow_blank=True, allow_null=True, max_length=30)
    email = serializers.EmailField(required=False, allow_blank=True, allow_null=True)
    hours = Text(required=False, allow_blank=True, allow_null=True, max_length=NAME)
    voicemail = YesNo(required=False)
    text = YesNo(required=False)
    code_word = Text(required=False, allow_blank=True, allow_null=True, max_length=60)
    do_not_contact = YesNo(required=False)


class ClientChange(Input):
    chosen_name = Text(max_length=100)
    legal_name = Text(required=False, allow_blank=True, max_length=150)
    birth_date = serializers.DateField(required=False, allow_null=True)
    age_band = serializers.ChoiceField(AgeBand.values, required=False)
    age_asked = YesNo(
        required=False, help_text="The age group was asked again today, also where it is the same."
    )
    gender = Text(required=False, allow_blank=True, max_length=60)
    pronouns = Text(required=False, allow_blank=True, max_length=40)
    language = Text(required=False, max_length=8)
    safe_area = Text(required=False, allow_blank=True, max_length=40, help_text="The code of an area.")
    safe_contact = SafeContactInput(required=False)
    situation = Text(required=False, allow_blank=True, max_length=LONG_TEXT)
    health = Text(required=False, allow_blank=True, max_length=LONG_TEXT)
    family = Text(required=False, allow_blank=True, max_length=LONG_TEXT)
    justice = Text(required=False, allow_blank=True, max_length=LONG_TEXT)
    housing = Text(required=False, allow_blank=True, max_length=LONG_TEXT)
    indigenous_identity = Text(required=False, allow_blank=True, max_length=NAME)


class ClientPatch(ClientChange):
    reason = Text(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Why it is changed. The file keeps what it held before.",
    )


class ClientInput(ClientChange):
    phase = WholeNumber(required=False, allow_null=True, min_value=1, max_value=4)


class PhaseInput(Input):
    phase = WholeNumber(min_value=1, max_value=4)
    on = serializers.DateField(required=False)
    reason = Text(required=False, allow_blank=True, max_length=500)


class ProtectionInput(Input):
    state = serializers.ChoiceField(PROTECTION_STATES)
    at = Moment()
    reported_to = Text(max_length=NAME)


class ProtectionShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(PROTECTION_STATES)
    at = serializers.DateTimeField()
    reported_to = serializers.CharField()
    follow_up_at = serializers.DateTimeField(allow_null=True)


ProtectionPage = page_of(ProtectionShape, "Protection")
