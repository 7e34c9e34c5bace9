"""Small shapes that several resources share, for the schema; and how they are made."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from partners.bilingual import localized, other_than, reader_language
from partners.phones import phone_display

COUNT_HELP = "Exact to 10,000; beyond that 10000 with count_is_minimum."


class Named(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class Coded(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class PhoneShape(serializers.Serializer[Any]):
    number = serializers.CharField(help_text="As it is written in the reader’s language.")
    extension = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(["voice", "text", "fax"])
    label = serializers.CharField(allow_blank=True)


def page_of(
    row: type[serializers.Serializer[Any]], name: str, **more: serializers.Field
) -> type[serializers.Serializer[Any]]:
    """The envelope of a list of these rows, with more members where a list has them."""
    fields = {
        "count": serializers.IntegerField(help_text=COUNT_HELP),
        "count_is_minimum": serializers.BooleanField(required=False),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
        **more,
    }
    return type(f"{name}Page", (serializers.Serializer,), fields)


def named(obj: Any) -> dict[str, Any]:
    return {"id": obj.pk, "name": localized(obj, "name").text}


def coded(term: Any) -> dict[str, str]:
    """``term``: anything with a code and a name in both languages."""
    return {"code": term.code, "name": localized(term, "name").text}


def phone_said(
    number: str, extension: str, kind: str, label: str, language: str | None = None
) -> dict[str, str]:
    return {
        "number": phone_display(number, language),
        "extension": extension,
        "kind": kind,
        "label": label,
    }


def phones_of(obj: Any) -> list[dict[str, str]]:
    return [
        phone_said(phone.number, phone.extension, phone.kind, localized(phone, "label").text)
        for phone in obj.phones.all()
    ]


class Texts:
    """Bilingual texts of one object, and which of them had to fall back to the other language."""

    def __init__(self, obj: Any):
        self._obj = obj
        self.fallback: list[str] = []

    def read(self, field: str) -> str:
        found = localized(self._obj, field)
        if found.is_fallback:
            self.fallback.append(field)
        return found.text

    def marks(self) -> dict[str, Any]:
        """``content_language`` is the reader's, unless a text is there in the other language only."""
        own = reader_language()
        return {"content_language": other_than(own) if self.fallback else own, "fallback": self.fallback}


# Mixed into whatever holds bilingual texts. A docstring here would stand in the schema of all of them.
class Marks(serializers.Serializer[Any]):
    content_language = serializers.ChoiceField(
        ["en", "fr"], help_text="The other language than asked for where a text exists in that one only."
    )
    fallback = serializers.ListField(
        child=serializers.CharField(), help_text="The fields that are in the other language."
    )


class ProvenanceShape(serializers.Serializer[Any]):
    type = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    date = serializers.CharField(allow_blank=True, help_text="A year, a month or a day.")


def source_of(obj: Any) -> dict[str, str]:
    return {"type": obj.source_type, "url": obj.source_url, "date": obj.source_date}


def aliases_of(obj: Any) -> list[str]:
    return list(dict.fromkeys(alias.name for alias in obj.aliases.all()))
