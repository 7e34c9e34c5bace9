"""Synthetic listings for benchmarks: the same again by seed, under the constraints, never over real rows."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from directory.folding import normalise
from directory.load import words
from directory.models import (
    Address,
    Attribute,
    Location,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from directory.place_policy import scan_text
from partners.models import AuditEvent, Organization
from tests.factories.listings import make_service

pytestmark = pytest.mark.django_db

MANY = 300
DAY = date(2026, 3, 1)
FIELDS = ("id", "organization_id", "name_en", "name_fr", "description_fr", "sort_en", "verified_at", "status")


def load(**options: Any) -> str:
    out = StringIO()
    given = {"services": MANY, "seed": 7, "today": DAY, "skip_index": True, **options}
    call_command("generate_load", stdout=out, **given)
    return out.getvalue()


def rows() -> list[Any]:
    """What tells two runs apart: the listings, where they are, when they are open, what they carry."""
    return [
        *Service.objects.order_by("id").values_list(*FIELDS),
        *Location.objects.order_by("id").values_list("id", "policy", "latitude", "longitude", "city", "area"),
        *Schedule.objects.order_by("id").values_list("id", "service_id", "byday", "opens_at", "timezone"),
        *Attribute.objects.order_by("id").values_list("id", "service_id", "term__code"),
    ]


def test_the_same_seed_makes_the_same_rows_and_another_seed_makes_others() -> None:
    load()
    first = rows()
    load()
    assert rows() == first
    load(seed=8)
    assert not {row[0] for row in first} & {row[0] for row in rows()}


def test_as_many_as_asked_for_and_marked_as_synthetic() -> None:
    assert "300 of 300 services" in load()
    assert Service.objects.count() == MANY
    assert Organization.objects.count() == MANY // 4
    assert all(name.endswith("(load)") for name in Organization.objects.values_list("name_en", flat=True))
    assert TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY).count() == 300
    assert not AuditEvent.objects.exists()
    load(services=3)
    assert Service.objects.count() == 3
    assert Organization.objects.count() == 1


def test_the_constraints_of_the_database_and_of_the_models_hold() -> None:
    load()
    connection.check_constraints()
    for model in (Service, Location, Address, Schedule, ServiceArea, Attribute):
        for row in model.objects.order_by("pk"):
            row.full_clean(validate_unique=False)
    per_service = Attribute.objects.order_by("id").values_list("service_id", "term_id")
    assert len(per_service) == len(set(per_service))


def test_hidden_places_tell_nothing() -> None:
    load()
    policies = {"public": 0, "area_only": 0, "withheld": 0}
    for location in Location.objects.order_by("id"):
        policies[location.policy] += 1
        if location.policy == "withheld":
            assert (location.city, location.province, location.area_id) == ("", "", None)
        if location.kind == "virtual":
            assert location.latitude is None
    assert policies["public"] > policies["area_only"] > policies["withheld"] > 0
    hidden = ServiceAtLocation.objects.exclude(location__policy="public").select_related("service")
    for at in hidden.order_by("id"):
        assert not scan_text(f"{at.service.description_en} {at.service.description_fr}")


def test_listings_are_alike_in_shape_to_real_ones() -> None:
    load()
    ages = Service.objects.filter(minimum_age__isnull=False, maximum_age__isnull=False)
    assert ages.exists()
    assert Schedule.objects.filter(freq="MONTHLY").exists()
    assert Schedule.objects.order_by().values("timezone").distinct().count() >= 3
    assert ServiceArea.objects.filter(code="canada").exists()
    assert Service.objects.filter(name_fr="").exists()
    assert Service.objects.filter(verified_at=None).exists()
    for service in Service.objects.order_by("id"):
        assert service.sort_en == normalise(service.name_en or service.name_fr)[:200]
        assert service.sort_fr == normalise(service.name_fr or service.name_en)[:200]


@pytest.mark.parametrize(("language", "word"), [("en", "shelter"), ("fr", "refuge")])
def test_real_words_are_common_and_the_vocabulary_is_whole(language: str, word: str) -> None:
    known = words.vocabulary(language)
    assert len(known) == len(set(known)) == words.SIZE
    assert all(re.fullmatch(r"[^\W\d_]+", one) for one in known)
    load()
    # One in ten holds it, by Zipf's law; synthetic texts of this many listings can't all miss it.
    assert Service.objects.filter(**{f"description_{language}__icontains": word}).count() > MANY // 30


def test_a_database_with_anything_else_is_refused() -> None:
    load()
    real = make_service(name_en="Real")
    with pytest.raises(CommandError, match="more than synthetic"):
        load()
    assert Service.objects.filter(pk=real.pk).exists()
    assert Service.objects.count() == MANY + 1


@pytest.mark.parametrize(
    ("options", "words_of_refusal"),
    [({"referrals": -5}, "0 or more"), ({"services": 0}, "1 or more"), ({"seed": -1}, "0 or more")],
)
def test_what_it_cannot_do_it_refuses(options: dict[str, int], words_of_refusal: str) -> None:
    with pytest.raises(CommandError, match=words_of_refusal):
        load(**options)
    assert not Service.objects.exists()


def test_search_finds_what_was_made() -> None:
    load(skip_index=False)
    made = Service.objects.filter(publication="published", status="active").exclude(name_en="")
    sought = made.order_by("sort_en", "id")[0]
    answer = Client().get("/api/v1/services/", {"q": sought.name_en}, secure=True).json()
    assert str(sought.pk) in [result["id"] for result in answer["results"]]
    assert "(load)" in answer["results"][0]["organization"]["name"]
