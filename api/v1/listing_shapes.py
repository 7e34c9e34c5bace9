"""What a change of a listing may hold, as it is sent; and how proposals are answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.inputs import LONG_TEXT, NAME, Input, Text, WholeNumber, YesNo
from api.v1.shapes import Named, page_of
from directory.listing_shape import BILINGUAL, FACETS
from directory.models import HolidayHours, LocationPolicy, ProposalState, ReportKind, ServiceStatus
from directory.models.attachments import PhoneKind
from directory.models.locations import LocationKind
from partners.models import AliasKind

MOST = 60


class PhoneInput(Input):
    number = Text(max_length=30)
    kind = serializers.ChoiceField(PhoneKind.values)
    extension = Text(max_length=10, required=False, allow_blank=True)
    label_en = Text(max_length=100, required=False, allow_blank=True)
    label_fr = Text(max_length=100, required=False, allow_blank=True)


class AliasInput(Input):
    name = Text(max_length=NAME)
    language = serializers.ChoiceField(["en", "fr"])
    kind = serializers.ChoiceField(AliasKind.values)


class HoursInput(Input):
    opens_at = Text(max_length=8)
    closes_at = Text(max_length=8)
    byday = Text(max_length=60, required=False, allow_blank=True)
    bymonthday = Text(max_length=60, required=False, allow_blank=True)
    freq = Text(max_length=10, required=False)
    interval = WholeNumber(min_value=1, max_value=100, required=False)
    count = WholeNumber(min_value=1, max_value=1000, required=False, allow_null=True)
    dtstart = Text(max_length=10, required=False, allow_null=True)
    until = Text(max_length=10, required=False, allow_null=True)
    valid_from = Text(max_length=10, required=False, allow_null=True)
    valid_to = Text(max_length=10, required=False, allow_null=True)
    timezone = Text(max_length=40, required=False)


class ExceptionInput(Input):
    first_day = Text(max_length=10)
    last_day = Text(max_length=10)
    opens_at = Text(max_length=8, required=False, allow_null=True)
    closes_at = Text(max_length=8, required=False, allow_null=True)
    note_en = Text(max_length=NAME, required=False, allow_blank=True)
    note_fr = Text(max_length=NAME, required=False, allow_blank=True)


class AddressInput(Input):
    area = Text(max_length=40, required=False)
    address_1 = Text(max_length=NAME, required=False)
    city = Text(max_length=100, required=False)
    province = Text(max_length=2, required=False)
    postal_code = Text(max_length=7, required=False)


class LocationInput(AddressInput):
    policy = serializers.ChoiceField(LocationPolicy.values)
    kind = serializers.ChoiceField(LocationKind.values, required=False)


def _codes() -> serializers.ListField:
    return serializers.ListField(child=Text(max_length=60), required=False, max_length=MOST)


def _fields() -> dict[str, serializers.Field]:
    texts = {
        f"{field}_{language}": Text(
            max_length=NAME if field == "name" else LONG_TEXT, required=False, allow_blank=True
        )
        for field in BILINGUAL
        for language in ("en", "fr")
    }
    return {
        **texts,
        **{key: _codes() for key in (*FACETS, "languages", "service_areas")},
        "email": serializers.EmailField(required=False, allow_blank=True),
        "website": Text(max_length=NAME, required=False, allow_blank=True),
        "status": serializers.ChoiceField(ServiceStatus.values, required=False),
        "holiday_hours": serializers.ChoiceField(HolidayHours.values, required=False),
        "minimum_age": WholeNumber(min_value=0, max_value=120, required=False, allow_null=True),
        "maximum_age": WholeNumber(min_value=0, max_value=120, required=False, allow_null=True),
        "accepts_referrals": YesNo(required=False),
        "response_days": WholeNumber(min_value=1, max_value=60, required=False),
        "program": serializers.UUIDField(required=False, allow_null=True),
        "aliases": AliasInput(many=True, required=False, max_length=MOST),
        "phones": PhoneInput(many=True, required=False, max_length=MOST),
        "schedules": HoursInput(many=True, required=False, max_length=MOST),
        "schedule_exceptions": ExceptionInput(many=True, required=False, max_length=MOST),
        "location": LocationInput(required=False),
    }


ChangesInput = type("ChangesInput", (Input,), _fields())


class ProposalInput(Input):
    changes = ChangesInput()
    note = Text(max_length=500, required=False, allow_blank=True)
    report = serializers.UUIDField(required=False, help_text=_("The report that the change answers."))


class ProposalDecisionInput(Input):
    decision = serializers.ChoiceField(["approve", "reject", "withdraw"])
    note = Text(max_length=500, required=False, allow_blank=True, help_text=_("Needed to reject."))
    place = AddressInput(
        required=False,
        help_text=_("The address or the area, where more of the place is shown than before."),
    )


class ReportInput(Input):
    kind = serializers.ChoiceField(ReportKind.values)
    text = Text(max_length=500, required=False, allow_blank=True)


class ReceivedReportShape(serializers.Serializer[Any]):
    received = serializers.BooleanField()


class DifferenceShape(serializers.Serializer[Any]):
    field = serializers.CharField()
    label = serializers.CharField()
    before = serializers.ListField(child=serializers.CharField())
    after = serializers.ListField(child=serializers.CharField())


class BlockerShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    words = serializers.CharField()
    is_warning = serializers.BooleanField()


class ProposalRowShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    service = Named()
    state = serializers.ChoiceField(ProposalState.values)
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ProposalShape(ProposalRowShape):
    proposed_by = serializers.CharField()
    decided_by = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    decision_note = serializers.CharField(allow_blank=True)
    changes = serializers.DictField(help_text=_("What differs, by the field’s name."))
    difference = DifferenceShape(many=True)
    conflicts = serializers.ListField(child=serializers.CharField())
    blockers = BlockerShape(many=True)


ProposalPage = page_of(ProposalRowShape, "Proposal")
