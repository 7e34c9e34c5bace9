"""How a listing is said in JSON: the opening that every list shows, and the whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

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
from directory.search.shown import EMPTY, NULL
from partners.bilingual import localized, other_than, reader_language

METRES = 3  # decimals of a kilometre
# What time does not change. Each value is JSON already, the categories what stands in their list.
LASTING = (
    b'{"id":%b,"name":%b,"summary":%b,"organization":{"id":%b,"name":%b},"categories":[%b],'
    b'"place":{"policy":%b,"city":%b,"area":%b,"address":%b,"postal_code":%b,"latitude":%b,"longitude":%b},'
    b'"verified_at":%b,"capacity":{"value":%b,"as_of":%b},'
)


class Reader(NamedTuple):
    """For whom a whole page of results is said, and when: asked once, not for every text."""

    language: str
    minute: datetime


def reader() -> Reader:
    return Reader(reader_language(), timezone.now().astimezone(UTC).replace(second=0, microsecond=0))


def result_body(row: ResultRow, hit: Hit, to: Reader) -> Fragment:
    """One result of a search. Asks the database nothing."""
    km = hit.distance_km
    of_this_search = {
        "distance_km": None if km is None else round(km, METRES),
        "distance_is_about": hit.distance_is_about,
        "comes_to_you": hit.comes_to_you,
        "matched": hit.matched,
    }
    return Fragment(_said(row, hit.hours, to, of_this_search))


def listing_body(service: Service, row: ResultRow) -> dict[str, Any]:
    """The whole listing; ``service`` comes from ``for_listing``, ``row`` is the same listing."""
    texts, to = Texts(service), reader()
    pattern = pattern_of(service)
    opening = loads(_said(row, pattern.to_json() if pattern else "", to, {}))
    return {
        **opening,
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
        **_marks([*opening["fallback"], *texts.fallback], to.language),
    }


def _said(row: ResultRow, hours: str, to: Reader, more: Mapping[str, Any]) -> bytes:
    """The opening as JSON, and ``more`` beside it. What was written with the index entry goes in as it
    stands: to take it apart and put it together again cost as much as to find it."""
    own_id, shown, capacity, categories, area = row
    _public, owner, *texts, verified_at, _capacity, as_of, _codes, policy, city = shown[:14]
    language = to.language
    (owner_name, name, summary), fallback = _read(texts, language)
    lasting = LASTING % (
        dumps(own_id),
        name,
        summary,
        owner,
        owner_name,
        b",".join([_coded(one, language) for one in categories]),
        policy,
        city,
        _coded(area, language) if area else NULL,
        *shown[15:19],
        verified_at,
        capacity,
        as_of,
    )
    open_now, following = standing(hours, to.minute)[:2] if hours else (None, None)
    changing = {
        "phones": [_phone(to, *phone) for phone in loads(shown.phones)],
        "open_now": open_now,
        "next_open": following,
        **more,
        **_marks(fallback, language),
    }
    return lasting + dumps(changing, option=OPTIONS)[1:]


def _read(texts: list[bytes], language: str) -> tuple[list[bytes], list[str]]:
    """Of texts in both languages as JSON what their reader gets: the organization's name, the listing's, its
    summary; and which of the listing's own are there in the other language alone."""
    own, other = (texts[1::2], texts[::2]) if language == "fr" else (texts[::2], texts[1::2])
    if EMPTY not in own:
        return own, []
    said = [another if one == EMPTY else one for one, another in zip(own, other, strict=True)]
    told = zip(("name", "summary"), own[1:], said[1:], strict=True)
    return said, [field for field, one, text in told if text != one]


@cache
def _coded(row: CodedRow, language: str) -> bytes:
    """Of a vocabulary, so there are some hundreds."""
    return dumps({"code": row.code, "name": _first(row.name_en, row.name_fr, language)})


def _phone(
    to: Reader, number: str, extension: str, kind: str, label_en: str, label_fr: str
) -> dict[str, str]:
    label = _first(label_en, label_fr, to.language)
    return phone_said(number, extension, kind, label, to.language)


def _first(english: str, french: str, language: str) -> str:
    """In the reader's language, or in the other one where there is none."""
    return (french or english) if language == "fr" else (english or french)


def _marks(fallback: list[str], language: str) -> dict[str, Any]:
    """``content_language`` is the reader's, unless a text is there in the other language only."""
    return {"content_language": other_than(language) if fallback else language, "fallback": fallback}


def _facets(service: Service) -> dict[str, list[dict[str, str]]]:
    facets: dict[str, list[dict[str, str]]] = {}
    for attribute in service.attributes.all():
        if attribute.term.taxonomy != Taxonomy.CATEGORY:
            facets.setdefault(attribute.term.taxonomy, []).append(coded(attribute.term))
    return facets
