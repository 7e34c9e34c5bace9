"""The big categories of the first screen, and addresses of categories that say nothing.

A browser's history that somebody looks through names no topic: a link carries a short id, not a code.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from directory.models import Taxonomy, TaxonomyTerm
from partners.bilingual import localized

LENGTH = 8

CATEGORY_ICONS = {
    "crisis": "phone",
    "housing": "bed",
    "safety": "shield",
    "new-start": "steps",
    "substance-use": "sprout",
    "mental-health": "talk",
    "health": "heart",
    "basic-needs": "bowl",
    "income": "cash",
    "work-learning": "book",
    "family": "family",
    "indigenous": "flame",
    "newcomers": "globe",
    "communities": "people",
    "legal": "scales",
    "connection": "door",
}


@dataclass(frozen=True)
class BigCategory:
    name: str
    description: str
    icon: str
    short: str


def short_id(code: str) -> str:
    """Eight hex digits, the same on every page of this installation.

    Keyed, because the codes are published: a plain hash could be looked up.
    """
    return salted_hmac("directory.category", code, algorithm="sha256").hexdigest()[:LENGTH]


def category_code(short: str) -> str | None:
    """The code behind a short id; None where there is none."""
    codes = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY).order_by("position", "code")
    return next((code for code in codes.values_list("code", flat=True) if short_id(code) == short), None)


def big_categories() -> list[BigCategory]:
    """The top of the category tree, in its order."""
    tops = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY, parent=None).order_by("position", "code")
    return [
        BigCategory(
            name=localized(term, "name").text,
            description=localized(term, "description").text,
            icon=CATEGORY_ICONS.get(term.code, "right"),
            short=short_id(term.code),
        )
        for term in tops
    ]
