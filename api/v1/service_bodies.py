"""How a listing is said in JSON: the opening that every list shows, and the whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.utils import timezone
from orjson import Fragment, dumps, loads

from api.renderers import OPTIONS
from api.v1.shapes import Texts, aliases_of, coded, named, phone_said, source_of
from directory.hours import in_words
from directory.listing_page import public_page
from directory.models import Service, Taxonomy
from directory.opening_now import standing
from directory.opening_pattern import pattern_of
from directory.place_policy import public_place
from directory.result_rows import CodedRow, ResultRow
from directory.search import Hit
from directory.search.shown import EMPTY, NULL, Shown
from partners.bilingual import localized, other_than, reader_language

METRES = 3  # decimals of a kilometre
# What time does not change. Each value is JSON already, the categories what stands in their list.
LASTING = (
    b'{"id":%b,"name":%b,"summary":%b,"organization":{"id":%b,"name":%b},"categories":[%b],'
    b'"place":{"policy":%b,"city":%b,"area":%b,"address":%b,"postal_code":%b,"latitude":%b,"longitude":%b},'
    b'"verified_at":%b,'
)
Text = TypeVar("Text", str, bytes)


class Reader(NamedTuple):
    """For whom a whole page of results is said, and when: asked once, not for every text."""

    language: str
    minute: datetime

    def first(self, english: Text, french: Text) -> tuple[Text, Text]:
        """The reader's own language, then the other one."""
        return (french, english) if self.language == "fr" else (english, french)

    def text(self, english: bytes, french: bytes) -> bytes:
        """Of two texts as JSON the reader's, or the other one where there is none."""
        own, other = self.first(english, french)
        return other if own == EMPTY else own

    def is_other(self, english: bytes, french: bytes) -> bool:
        """The text is there in the other language alone."""
        own, other = self.first(english, french)
        return own == EMPTY != other


def reader() -> Reader:
    return Reader(reader_language(), timezone.now().astimezone(UTC).replace(second=0, microsecond=0))


def result_body(row: ResultRow, hit: Hit, to: Reader) -> Fragment:
    """One result of a search. Asks the database nothing."""
    of_this_search = {
        "distance_km": None if hit.distance_km is None else round(hit.distance_km, METRES),
        "distance_is_about": hit.distance_is_about,
        "comes_to_you": hit.comes_to_you,
        "matched": hit.matched,
    }
    return Fragment(_said(row, hit.hours, to, of_this_search | _marked(_fallback(row.shown, to), to)))


def listing_body(service: Service, row: ResultRow) -> dict[str, Any]:
    """The whole listing; ``service`` comes from ``for_listing``, ``row`` is the same listing."""
    texts, to = Texts(service), reader()
    pattern = pattern_of(service)
    body = {
        **loads(_said(row, pattern.to_json() if pattern else "", to, {})),
        "description": texts.read("description"),
        "eligibility": texts.read("eligibility"),
        "aliases": aliases_of(service),
        "program": named(service.program) if service.program else None,
        "facets": _facets(service),
        "languages": [language.code for language in service.languages.all()],
        "minimum_age": service.minimum_age,
        "maximum_age": service.maximum_age,
        "hours": in_words(service),
        "hours_note": texts.read("hours_note"),
        "costs": [
            {"option": localized(cost, "option").text, "amount": cost.amount, "currency": cost.currency}
            for cost in service.cost_options.all()
        ],
        "required_documents": [
            localized(document, "document").text for document in service.required_documents.all()
        ],
        "service_areas": [area.code for area in service.service_areas.all()],
        "email": service.email,
        "website": public_page(service, public_place(service)),
        "status": service.status,
        "accepts_referrals": service.accepts_referrals,
        "response_days": service.response_days,
        "source": source_of(service),
    }
    return body | _marked([*_fallback(row.shown, to), *texts.fallback], to)


def _said(row: ResultRow, hours: str, to: Reader, more: Mapping[str, Any]) -> bytes:
    """The opening as JSON, and ``more`` beside it. What was written with the index entry goes in as it
    stands: to take it apart and put it together again cost as much as to find it."""
    own_id, shown, capacity, categories, area = row
    _public, owner, owner_en, owner_fr, name_en, name_fr, summary_en, summary_fr = shown[:8]
    verified_at, _capacity, as_of, _codes, policy, city, _area, *address, phones = shown[8:]
    text, language = to.text, to.language
    lasting = LASTING % (
        dumps(own_id),
        text(name_en, name_fr),
        text(summary_en, summary_fr),
        owner,
        text(owner_en, owner_fr),
        b",".join([_coded(one, language) for one in categories]),
        policy,
        city,
        _coded(area, language) if area else NULL,
        *address,
        verified_at,
    )
    open_now, following = standing(hours, to.minute)[:2] if hours else (None, None)
    moving = {
        "phones": [_phone(to, *phone) for phone in loads(phones)],
        "open_now": open_now,
        "next_open": following,
        "capacity": {"value": capacity, "as_of": Fragment(as_of)},
        **more,
    }
    return lasting + dumps(moving, option=OPTIONS)[1:]


@cache
def _coded(row: CodedRow, language: str) -> bytes:
    """Of a vocabulary, so there are some hundreds."""
    return dumps({"code": row.code, "name": row.name_fr if language == "fr" else row.name_en})


def _phone(to: Reader, number: str, extension: str, kind: str, *labels: str) -> dict[str, str]:
    own, other = to.first(*labels)
    return phone_said(number, extension, kind, own or other, to.language)


def _fallback(shown: Shown, to: Reader) -> list[str]:
    """Which of the two texts of an opening are there in the other language alone."""
    found = ["name"] if to.is_other(shown.name_en, shown.name_fr) else []
    if to.is_other(shown.summary_en, shown.summary_fr):
        found.append("summary")
    return found


def _marked(fallback: list[str], to: Reader) -> dict[str, Any]:
    """``content_language`` is the reader's, unless a text is there in the other language only."""
    return {
        "content_language": other_than(to.language) if fallback else to.language,
        "fallback": fallback,
    }


def _facets(service: Service) -> dict[str, list[dict[str, str]]]:
    facets: dict[str, list[dict[str, str]]] = {}
    for attribute in service.attributes.all():
        if attribute.term.taxonomy != Taxonomy.CATEGORY:
            facets.setdefault(attribute.term.taxonomy, []).append(coded(attribute.term))
    return facets
