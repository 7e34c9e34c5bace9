"""A result is put together of JSON that was written with the index entry: whatever stands in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from orjson import dumps, loads

from api.v1.service_bodies import Reader, result_body
from directory.capacity import oldest_told
from directory.models import ServiceCapacity
from directory.result_rows import CodedRow, ResultRow
from directory.search import Hit, index
from directory.search.shown import Shown, read, written
from tests.factories.listings import PUBLIC_PLACE, make_organization, make_service

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
MAYBE = st.none() | TEXT
DEGREES = st.none() | st.floats(-180, 180)
PHONE = st.tuples(st.just("911"), TEXT, st.just("voice"), TEXT, TEXT)
OWNER, OWN = UUID(int=1), UUID(int=2)
HOSTILE = ['"', "\\", "\t", '","id":"', "</script>", "\N{LINE SEPARATOR}", "%b %(x)s {0}", "\N{PEDESTRIAN}é"]
VALUES = st.fixed_dictionaries(
    {
        "is_public": st.just(True),
        "owner": st.just(OWNER),
        **{f"{name}_{language}": TEXT for name in ("owner", "name", "summary") for language in ("en", "fr")},
        "verified_at": st.sampled_from([None, "2026-11-20T10:00:00Z"]),
        "capacity": st.sampled_from([None, "open"]),
        "capacity_as_of": st.sampled_from([None, "2026-11-20T10:00:00.25Z"]),
        "categories": st.just([]),
        "policy": st.just("public"),
        **dict.fromkeys(("city", "area", "address", "postal_code"), MAYBE),
        **dict.fromkeys(("latitude", "longitude"), DEGREES),
        "phones": st.lists(PHONE, max_size=2),
    }
)
CODED = st.builds(CodedRow, TEXT, TEXT, TEXT)


@given(VALUES, st.lists(CODED, max_size=3), st.none() | CODED, st.sampled_from(["en", "fr"]))
def test_whatever_the_texts_are(
    values: dict[str, Any], categories: list[CodedRow], area: CodedRow | None, language: str
) -> None:
    shown = Shown(**{name: dumps(value) for name, value in values.items()})
    assert read(written(shown)) == shown
    hit = Hit(OWN, 1.23456, distance_is_about=True, comes_to_you=False, matched=("name", "alias"))
    row = ResultRow(OWN, shown, b'"full"', categories, area)
    said = loads(dumps(result_body(row, hit, Reader(language, datetime(2026, 11, 27, tzinfo=UTC)))))
    assert said == expected(values, categories, area, language)


def expected(
    values: dict[str, Any], categories: list[CodedRow], area: CodedRow | None, language: str
) -> dict[str, Any]:
    other = {"en": "fr", "fr": "en"}[language]

    def text(name: str) -> str:
        return str(values[f"{name}_{language}"] or values[f"{name}_{other}"])

    def coded(row: CodedRow) -> dict[str, str]:
        own, another = (row.name_en, row.name_fr) if language == "en" else (row.name_fr, row.name_en)
        return {"code": row.code, "name": own or another}

    missing = [one for one in ("name", "summary") if not values[f"{one}_{language}"] and text(one)]
    place = {name: values[name] for name in ("policy", "city", "address", "postal_code")}
    return {
        "id": str(OWN),
        "name": text("name"),
        "summary": text("summary"),
        "organization": {"id": str(OWNER), "name": text("owner")},
        "categories": [coded(one) for one in categories],
        "place": place
        | {"latitude": values["latitude"], "longitude": values["longitude"]}
        | {"area": coded(area) if area else None},
        "phones": [
            {"number": number, "extension": extension, "kind": kind, "label": own or another}
            for number, extension, kind, *labels in values["phones"]
            for own, another in [labels if language == "en" else labels[::-1]]
        ],
        "open_now": None,
        "next_open": None,
        "capacity": {"value": "full", "as_of": values["capacity_as_of"]},
        "verified_at": values["verified_at"],
        "distance_km": 1.235,
        "distance_is_about": True,
        "comes_to_you": False,
        "matched": ["name", "alias"],
        "content_language": other if missing else language,
        "fallback": missing,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_a_text(client: Client, hostile: str) -> None:
    said = f"Open {hostile} door"
    made = make_service(
        organization=make_organization(name_en=f"House {hostile}"),
        name_en="Lantern",
        summary_en=said,
        location={**PUBLIC_PLACE, "city": f"Town {hostile}"},
    )
    (found,) = client.get("/api/v1/services/").json()["results"]
    made.refresh_from_db()
    assert (found["id"], found["summary"]) == (str(made.pk), made.summary_en)
    assert found["organization"]["name"] == made.organization.name_en
    assert hostile.strip() in found["summary"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("after", "value"),
    [(timedelta(), "open"), (timedelta(microseconds=1), "open"), (-timedelta(microseconds=1), "unknown")],
    ids=["at midnight", "just after", "just before"],
)
def test_what_was_told_of_capacity_holds_for_14_days(client: Client, after: timedelta, value: str) -> None:
    made = make_service()
    as_of = oldest_told() + after
    ServiceCapacity.objects.create(service=made, value="open", as_of=as_of)
    index.rebuild()
    for path in ("/api/v1/services/", f"/api/v1/services/{made.pk}/"):
        body = client.get(path).json()
        (found,) = islice(body.get("results", [body]), 1)
        assert found["capacity"]["value"] == value
        assert datetime.fromisoformat(found["capacity"]["as_of"]) == as_of
