"""The schema of a referral, and what is sent to make and change one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.inputs import Input, Text
from api.v1.shapes import Named, page_of
from partners.actor import Side
from referrals.consent import Stage
from referrals.details import NOTE_LENGTH
from referrals.models import NeedsMet, ReferralKind, Urgency
from referrals.workflow import OUTCOMES, Status

WITHHELD = ["before_acceptance", "not_consented", "not_for_this_partner", "no_longer_shared", "not_given"]


class SafeContactShape(serializers.Serializer[Any]):
    methods = serializers.ListField(child=serializers.CharField(), required=False)
    phone = serializers.CharField(allow_null=True, allow_blank=True, required=False)
    email = serializers.CharField(allow_null=True, allow_blank=True, required=False)
    hours = serializers.CharField(allow_null=True, allow_blank=True, required=False)
    voicemail = serializers.BooleanField(required=False)
    text = serializers.BooleanField(required=False)
    code_word = serializers.CharField(allow_null=True, allow_blank=True, required=False)
    do_not_contact = serializers.BooleanField(required=False)


class PersonShape(serializers.Serializer[Any]):
    """A field that is withheld is null and stands in ``withheld`` with its reason."""

    id = serializers.UUIDField(allow_null=True, help_text="For the sender only.")
    chosen_name = serializers.CharField(allow_null=True)
    legal_name = serializers.CharField(allow_null=True)
    birth_date = serializers.DateField(allow_null=True)
    gender = serializers.CharField(allow_null=True)
    pronouns = serializers.CharField(allow_null=True)
    safe_contact = SafeContactShape(allow_null=True)
    situation = serializers.CharField(allow_null=True)
    phase = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    health = serializers.CharField(allow_null=True)
    family = serializers.CharField(allow_null=True)
    justice = serializers.CharField(allow_null=True)
    housing = serializers.CharField(allow_null=True)
    indigenous_identity = serializers.CharField(allow_null=True)


class EligibilityShape(serializers.Serializer[Any]):
    area = serializers.CharField(allow_null=True)
    language = serializers.CharField(allow_null=True)
    age_band = serializers.CharField(allow_null=True)


class NeedOfReferral(serializers.Serializer[Any]):
    id = serializers.UUIDField(allow_null=True, help_text="For the sender only.")
    code = serializers.CharField(allow_null=True, help_text="null where the wording is neutral.")
    name = serializers.CharField()
    urgency = serializers.ChoiceField(Urgency.values)


class OutcomeShape(serializers.Serializer[Any]):
    code = serializers.ChoiceField(list(OUTCOMES))
    date = serializers.DateField()
    needs_met = serializers.ChoiceField(
        NeedsMet.values,
        help_text="To a receiver as it told it itself: what the person says is not passed on.",
    )


class WithheldShape(serializers.Serializer[Any]):
    field = serializers.CharField()
    reason = serializers.ChoiceField(WITHHELD)


class ReferralShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(ReferralKind.values)
    status = serializers.ChoiceField(
        [status.value for status in Status],
        allow_null=True,
        help_text="null to a receiver once it is no longer shared, whatever the cause.",
    )
    side = serializers.ChoiceField([side.value for side in Side])
    stage = serializers.ChoiceField([stage.value for stage in Stage])
    sender = Named()
    receiver = Named()
    service = Named(allow_null=True)
    need = NeedOfReferral(allow_null=True)
    consent = serializers.UUIDField(allow_null=True, help_text="For the sender only.")
    eligibility = EligibilityShape(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    answer_due_on = serializers.DateField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    expected_on = serializers.DateField(allow_null=True)
    service_started_on = serializers.DateField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField(allow_null=True)
    end_note = serializers.CharField(allow_null=True)
    outcome = OutcomeShape(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    confirmed_by = serializers.ChoiceField(["sender", "client"], allow_null=True)
    client = PersonShape(
        allow_null=True, help_text="null in lists, before acceptance and once sharing ended."
    )
    withheld = WithheldShape(many=True)
    notice = serializers.CharField(allow_blank=True)
    allowed_actions = serializers.ListField(child=serializers.CharField())


ReferralPage = page_of(ReferralShape, "Referral")


class NeedInput(Input):
    category = Text(max_length=60)
    urgency = serializers.ChoiceField(Urgency.values, default=Urgency.ROUTINE.value)


NEW_NEED = {
    "type": "object",
    "required": ["category"],
    "properties": {
        "category": {"type": "string"},
        "urgency": {"type": "string", "enum": Urgency.values, "default": Urgency.ROUTINE.value},
    },
}


@extend_schema_field({"oneOf": [NEW_NEED, {"type": "string", "format": "uuid"}]})
class NeedField(serializers.Field):
    """A need that exists, by its id, or what makes a new one."""

    default_error_messages = {"invalid": _("Send the id of a need, or an object with a category.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            return dict(NeedInput().run_validation(data))
        try:
            return {"need_id": UUID(data)}
        except (AttributeError, TypeError, ValueError):
            self.fail("invalid")


class DraftInput(Input):
    client = serializers.UUIDField()
    service = serializers.UUIDField()
    consent = serializers.UUIDField(required=False, allow_null=True)
    need = NeedField()
    kind = serializers.ChoiceField(ReferralKind.values, default=ReferralKind.OUTGOING.value)
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH)


class DraftChange(Input):
    consent = serializers.UUIDField(required=False)
    category = Text(required=False, max_length=60)
    urgency = serializers.ChoiceField(Urgency.values, required=False)
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH)


class BoxQuery(Input):
    box = serializers.ChoiceField(["inbox", "sent"], required=False)
    status = serializers.ChoiceField([status.value for status in Status], required=False)


class ActionInput(Input):
    """What an action takes stands in the workflow table; another detail is refused."""

    reason = Text(required=False)
    note = Text(required=False, allow_blank=True)
    date = Text(required=False, help_text="Such as 2026-11-24.")
    expected_date = Text(required=False, help_text="Such as 2026-11-24, or “unknown”.")
    outcome = Text(required=False)
    needs_met = Text(required=False)
