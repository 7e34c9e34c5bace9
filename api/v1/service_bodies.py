"""How a listing is said in JSON: the opening that every list shows, and the whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.utils import timezone

from api.v1.shapes import Texts, aliases_of, coded, named, phone_said, source_of
from directory.hours import in_words
from directory.listing_page import public_page
from directory.models import Service, Taxonomy
from directory.opening_now import standing
from directory.opening_pattern import pattern_of
from directory.place_policy import public_place
from directory.result_rows import CodedRow, ResultRow
from directory.search import Hit
from directory.search.shown import Shown
from partners.bilingual import localized, other_than, reader_language

METRES = 3  # decimals of a kilometre


class Reader(NamedTuple):
    """For whom a whole page of results is said, and when: asked once, not for every text."""

    language: str
    minute: datetime

    def text(self, english: str, french: str) -> str:
        """In the reader's language, or in the other one where there is none."""
        return (french or english) if self.language == "fr" else (english or french)

    def is_other(self, english: str, french: str) -> bool:
        """The text is there in the other language alone."""
        return not french and bool(english) if self.language == "fr" else not english and bool(french)


def reader() -> Reader:
    return Reader(reader_language(), timezone.now().astimezone(UTC).replace(second=0, microsecond=0))


def result_body(row: ResultRow, hit: Hit, to: Reader) -> dict[str, Any]:
    """One result of a search. Asks the database nothing."""
    body = opening_body(row, hit.hours, to)
    body["distance_km"] = None if hit.distance_km is None else round(hit.distance_km, METRES)
    body["distance_is_about"] = hit.distance_is_about
    body["comes_to_you"] = hit.comes_to_you
    body["matched"] = hit.matched
    _mark(body, _fallback(row.shown, to), to)
    return body


def listing_body(service: Service, row: ResultRow) -> dict[str, Any]:
    """The whole listing; ``service`` comes from ``for_listing``, ``row`` is the same listing."""
    texts, to = Texts(service), reader()
    pattern = pattern_of(service)
    body = {
        **opening_body(row, pattern.to_json() if pattern else "", to),
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
    _mark(body, [*_fallback(row.shown, to), *texts.fallback], to)
    return body


def opening_body(row: ResultRow, hours: str, to: Reader) -> dict[str, Any]:
    """Taken apart once: on a page of twenty, each look at a field by its name counts."""
    service_id, shown, (value, as_of), categories, area = row
    _public, owner, owner_en, owner_fr, name_en, name_fr, summary_en, summary_fr = shown[:8]
    verified_at, _capacity, _codes, place, phones = shown[8:]
    open_now, following = standing(hours, to.minute)[:2] if hours else (None, None)
    text, language = to.text, to.language
    return {
        "id": service_id,
        "name": text(name_en, name_fr),
        "summary": text(summary_en, summary_fr),
        "organization": {"id": _dashed(owner), "name": text(owner_en, owner_fr)},
        "categories": [{"code": code, "name": text(english, french)} for code, english, french in categories],
        "place": _place(place, area, to),
        "phones": [
            phone_said(number, extension, kind, text(label_en, label_fr), language)
            for number, extension, kind, label_en, label_fr in phones
        ],
        "open_now": open_now,
        "next_open": following,
        "capacity": {"value": value, "as_of": as_of},
        "verified_at": verified_at,
    }


def _fallback(shown: Shown, to: Reader) -> list[str]:
    """Which of the two texts of an opening are there in the other language alone."""
    found = ["name"] if to.is_other(shown.name_en, shown.name_fr) else []
    if to.is_other(shown.summary_en, shown.summary_fr):
        found.append("summary")
    return found


def _mark(body: dict[str, Any], fallback: list[str], to: Reader) -> None:
    """``content_language`` is the reader's, unless a text is there in the other language only."""
    body["content_language"] = other_than(to.language) if fallback else to.language
    body["fallback"] = fallback


def _place(place: Sequence[Any], area: CodedRow | None, to: Reader) -> dict[str, Any]:
    """What the location policy lets anybody know; everything else is empty."""
    policy, _kind, city, _province, _area, address, postal_code, latitude, longitude, _about = place
    return {
        "policy": policy,
        "city": city or None,
        "area": {"code": area.code, "name": to.text(area.name_en, area.name_fr)} if area else None,
        "address": address or None,
        "postal_code": postal_code or None,
        "latitude": latitude,
        "longitude": longitude,
    }


def _dashed(plain: str) -> str:
    """An id as JSON says it, from its hex digits."""
    return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


def _facets(service: Service) -> dict[str, list[dict[str, str]]]:
    facets: dict[str, list[dict[str, str]]] = {}
    for attribute in service.attributes.all():
        if attribute.term.taxonomy != Taxonomy.CATEGORY:
            facets.setdefault(attribute.term.taxonomy, []).append(coded(attribute.term))
    return facets
