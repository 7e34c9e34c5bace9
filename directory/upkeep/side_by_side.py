"""Two listings field by field, for who decides whether they are one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.listing_shape import shape_of
from directory.models import Service
from directory.proposals.words import LABELS, in_words
from partners import bilingual


@dataclass(frozen=True)
class Row:
    """``language`` is that of a text, else empty."""

    label: str | Promise
    kept: list[str]
    dropped: list[str]
    language: str = ""

    @property
    def differs(self) -> bool:
        return self.kept != self.dropped


def rows_of(kept: Service, dropped: Service) -> list[Row]:
    """Every field that one of them has, their organizations first. Both come from ``for_listing``."""
    owners = [[bilingual.localized(service.organization, "name").text] for service in (kept, dropped)]
    left, right = shape_of(kept), shape_of(dropped)
    rows = [
        Row(label, in_words(key, left[key]), in_words(key, right[key]), bilingual.language_of(key))
        for key, label in LABELS.items()
    ]
    return [Row(_("Organization"), *owners), *(row for row in rows if row.kept or row.dropped)]
