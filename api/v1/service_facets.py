"""Facet counts in JSON: the value that the parameter accepts, its label, and how many it finds."""

from __future__ import annotations

from typing import Any

from directory.search import FacetCount
from directory.wording import said


def facets_body(facets: dict[str, list[FacetCount]]) -> dict[str, list[dict[str, Any]]]:
    return {
        facet: [{"value": one.value, "label": said(facet, one.value), "count": one.count} for one in counts]
        for facet, counts in facets.items()
    }
