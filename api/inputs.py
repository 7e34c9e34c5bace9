"""Fields of what is sent: strict about types, and with our own words for each refusal."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from partners.errors import type_of_message

LONG_TEXT = 5_000
NAME = 200
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Text(serializers.CharField):
    """Text and nothing else: a number or true is not silently made into text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """true or false, no other spelling."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Moment(serializers.DateTimeField):
    """A date and time that somebody alive can mean: no sum of days leads out of the calendar."""

    def to_internal_value(self, value: Any) -> datetime.datetime:
        moment = super().to_internal_value(value)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail("invalid", format="")
        return moment


class WholeNumber(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


# The first that fits says what an "invalid" value of the field should have been.
INVALID: tuple[tuple[type[serializers.Field], type_of_message], ...] = (
    (serializers.EmailField, _("Enter an e-mail address such as name@example.org.")),
    (serializers.CharField, _("Send text.")),
    (serializers.DateTimeField, _("Enter a date and time such as 2026-11-24T14:30:00-06:00.")),
    (serializers.DateField, _("Enter a date such as 2026-11-24.")),
    (serializers.UUIDField, _("This is not an id.")),
    (serializers.BooleanField, _("Send true or false.")),
    (serializers.IntegerField, _("Send a whole number.")),
    (serializers.BaseSerializer, _("Send an object with named fields.")),
)
SAME_AS_INVALID = ("invalid", "date", "datetime", "make_aware", "overflow")


# What a request may hold. A field that is not named is refused, not ignored. (A docstring here would
# stand in the schema of every request.)
class Input(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for field in fields.values():
            for inner in (field, getattr(field, "child", None)):
                message = next((text for kind, text in INVALID if isinstance(inner, kind)), None)
                if message:
                    inner.error_messages.update(dict.fromkeys(SAME_AS_INVALID, message))
        return fields

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError(
                {name: [serializers.ErrorDetail("", code="unknown_field")] for name in sorted(unknown)}
            )
        return super().to_internal_value(data)
