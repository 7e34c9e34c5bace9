"""What differs between a listing and a change of it, field by field, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from directory.listing_shape import EDITED_KEYS, Shape
from directory.models import LocationPolicy
from directory.proposals.words import LABELS, LISTS, in_words
from partners import bilingual

SHOWN = {
    LocationPolicy.WITHHELD.value: 0,
    LocationPolicy.AREA_ONLY.value: 1,
    LocationPolicy.PUBLIC.value: 2,
}


@dataclass(frozen=True)
class FieldDifference:
    """``language`` is that of a text, else empty. Of a list also what is added and what is removed."""

    key: str
    label: str | Promise
    language: str
    before: list[str]
    after: list[str]
    is_list: bool
    added: list[str]
    removed: list[str]


def changes(current: Shape, wanted: Shape) -> tuple[Shape, Shape]:
    """Of what is wanted only what differs, and how that stands today.

    Of a place whose policy changes both sides hold the policy alone: an address that is not shown yet, or
    soon no more, stands in no proposal.
    """
    data = {key: wanted[key] for key in EDITED_KEYS if key in wanted and wanted[key] != current[key]}
    before = {key: current[key] for key in data}
    if "location" in data:
        old, new = current["location"], data["location"]
        if old["policy"] != new["policy"]:
            before["location"] = bare(old)
        if shows_more(old, new):
            data["location"] = bare(new)
    return data, before


def bare(place: Shape) -> Shape:
    return {field: place[field] for field in ("policy", "kind")}


def shows_more(old: Shape, new: Shape) -> bool:
    """The change would tell more of the place than anybody knows today."""
    return SHOWN[new["policy"]] > SHOWN[old["policy"]]


def conflicts(current: Shape, data: Shape, before: Shape) -> list[str]:
    """The fields of the change that stand otherwise than when it was proposed, by somebody else's hand."""
    return [key for key in data if not _as_it_was(key, current[key], before[key], data[key])]


def difference(before: Shape, after: Shape) -> list[FieldDifference]:
    """Of the fields that both hold."""
    both = [key for key in EDITED_KEYS if key in before and key in after and before[key] != after[key]]
    return [field_difference(key, before[key], after[key]) for key in both]


def field_difference(
    key: str, before: Any, after: Any, words: Callable[[str, Any], list[str]] = in_words
) -> FieldDifference:
    old, new = words(key, before), words(key, after)
    return FieldDifference(
        key=key,
        label=LABELS[key],
        language=bilingual.language_of(key),
        before=old,
        after=new,
        is_list=key in LISTS,
        added=[line for line in new if line not in old],
        removed=[line for line in old if line not in new],
    )


def _as_it_was(key: str, current: Any, before: Any, wanted: Any) -> bool:
    if key == "location" and before["policy"] != wanted["policy"]:
        return bare(current) == before
    return bool(current in (before, wanted))
