"""The packaged taxonomies and areas, kept in the database: written after each migration."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connections

from directory.models import Area, Taxonomy, TaxonomyTerm

DATA = Path(__file__).resolve().parent / "data"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a packaged CSV file, as text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def load(using: str = "default", **_: Any) -> None:
    """Write areas, vocabularies and the category tree. Idempotent; codes are never removed here."""
    if Area._meta.db_table not in connections[using].introspection.table_names():
        return  # migrated back to before the tables existed
    _areas(using)
    _vocabularies(using)
    _categories(using)


def _areas(using: str) -> None:
    areas = [
        Area(
            code=row["code"],
            name_en=row["name_en"],
            name_fr=row["name_fr"],
            city=row["city"],
            province=row["province"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            population=int(row["population"]),
        )
        for row in rows("areas.csv")
    ]
    fields = ["name_en", "name_fr", "city", "province", "latitude", "longitude", "population"]
    Area.objects.using(using).bulk_create(
        areas, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )


def _vocabularies(using: str) -> None:
    terms = [
        TaxonomyTerm(
            taxonomy=Taxonomy(row["vocabulary"]),
            code=row["code"],
            name_en=row["name_en"],
            name_fr=row["name_fr"],
            position=position,
        )
        for position, row in enumerate(rows("vocabularies.csv"))
    ]
    _write(using, terms, ["name_en", "name_fr", "position"])


def _categories(using: str) -> None:
    table = rows("categories.csv")
    terms = [_category(row, position) for position, row in enumerate(table)]
    fields = ["name_en", "name_fr", "position", "description_en", "description_fr"]
    fields += ["neutral_en", "neutral_fr", "synonyms_en", "synonyms_fr"]
    _write(using, terms, fields)
    stored = {
        term.code: term for term in TaxonomyTerm.objects.using(using).filter(taxonomy=Taxonomy.CATEGORY)
    }
    moved = []
    for row in table:
        term, parent = stored[row["code"]], stored[row["parent"]] if row["parent"] else None
        if term.parent_id != (parent.pk if parent else None):
            term.parent = parent
            moved.append(term)
    TaxonomyTerm.objects.using(using).bulk_update(moved, ["parent"])


def _category(row: dict[str, str], position: int) -> TaxonomyTerm:
    return TaxonomyTerm(
        taxonomy=Taxonomy.CATEGORY,
        code=row["code"],
        name_en=row["name_en"],
        name_fr=row["name_fr"],
        description_en=row["description_en"],
        description_fr=row["description_fr"],
        neutral_en=row["neutral_en"],
        neutral_fr=row["neutral_fr"],
        synonyms_en=[word for word in row["synonyms_en"].split("|") if word],
        synonyms_fr=[word for word in row["synonyms_fr"].split("|") if word],
        position=position,
    )


def _write(using: str, terms: list[TaxonomyTerm], fields: list[str]) -> None:
    TaxonomyTerm.objects.using(using).bulk_create(
        terms, update_conflicts=True, unique_fields=["taxonomy", "code"], update_fields=fields
    )
