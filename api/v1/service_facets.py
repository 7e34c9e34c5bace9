"""Facet counts in JSON: the value that the parameter accepts, its label, and how many it finds."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from directory.search import FacetCount
from directory.wording import said
from partners.bilingual import reader_language


def facets_body(facets: dict[str, list[FacetCount]]) -> dict[str, list[dict[str, Any]]]:
    language = reader_language()
    return {
        facet: [
            {"value": one.value, "label": _label(language, facet, one.value), "count": one.count}
            for one in counts
        ]
        for facet, counts in facets.items()
    }


@lru_cache(maxsize=5_000)
def _label(language: str, facet: str, value: str) -> str:
    """``language`` is the active one. What is counted are vocabularies, which stay as they are."""
    return said(facet, value)
