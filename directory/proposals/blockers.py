"""What keeps a listing from being published, and what is only missing: one function for every door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.listing_shape import BILINGUAL, Shape, texts_of
from directory.models import LocationPolicy
from directory.models.locations import LocationKind
from directory.placing import told
from partners.errors import Unmet
from partners.phones import digits

TEXTS = [field for field in BILINGUAL if field != "hours_note"]
REACHED_BY = ("voice", "text")


@dataclass(frozen=True)
class Blocker:
    """``key`` is the field in which it is put right. A warning keeps nothing from being published."""

    code: str
    words: str | Promise
    key: str
    is_warning: bool = False


def blockers(shape: Shape) -> list[Blocker]:
    """Of a listing as it would stand (``shape_of`` it, with the change over it); warnings last."""
    return sorted(_found(shape), key=lambda one: one.is_warning)


def _found(shape: Shape) -> Iterator[Blocker]:
    if not _has_way(shape):
        yield Blocker(
            "no_way_to_reach",
            _("No way to reach it: no phone number, e-mail address or website, and no place to walk in."),
            "phones",
        )
    for key, words in (("name", _("It has no name.")), ("summary", _("It has no summary."))):
        if not _text(shape, key):
            yield Blocker(f"no_{key}", words, f"{key}_en")
    if not shape["categories"]:
        yield Blocker("no_category", _("It has no category."), "categories")
    if not _says_for_whom(shape):
        yield Blocker("no_eligibility", _("Nothing says who can use it."), "eligibility_en")
    if any(not is_number(row["number"]) for row in shape["phones"]):
        yield Blocker("phone_invalid", _("A phone number can’t be dialled as it is written."), "phones")
    if shape["location"]["policy"] != LocationPolicy.PUBLIC:
        key = next((field for field, text in texts_of(shape) if told(field, text)), "")
        if key:
            yield Blocker(
                "place_in_text", _("The address of this place is not shown, and a text names one."), key
            )
    yield from _missing_languages(shape)


def _has_way(shape: Shape) -> bool:
    place = shape["location"]
    door = place["policy"] == LocationPolicy.PUBLIC and place["kind"] == LocationKind.PHYSICAL
    calls = any(row["kind"] in REACHED_BY and is_number(row["number"]) for row in shape["phones"])
    walks_in = door and bool(place.get("address_1")) and "walk_in" in shape["intakes"]
    return bool(calls or shape["email"] or shape["website"] or walks_in)


def _says_for_whom(shape: Shape) -> bool:
    """In a sentence, or by the codes from which the listing makes one."""
    ages = (shape["minimum_age"], shape["maximum_age"]) != (None, None)
    return bool(_text(shape, "eligibility") or shape["populations"] or shape["genders"] or ages)


def _missing_languages(shape: Shape) -> Iterator[Blocker]:
    for code, other, words in (
        ("fr", "en", _("French missing: a text stands in English only.")),
        ("en", "fr", _("English missing: a text stands in French only.")),
    ):
        for field in TEXTS:
            if shape[f"{field}_{other}"] and not shape[f"{field}_{code}"]:
                yield Blocker(f"missing_{code}", words, f"{field}_{code}", is_warning=True)
                break


def _text(shape: Shape, field: str) -> bool:
    return bool(shape[f"{field}_en"] or shape[f"{field}_fr"])


def is_number(number: str) -> bool:
    """Ten digits as North America has them, a short code, or a number abroad with its plus sign."""
    bare = digits(number)
    if re.search(r"[^\d\s().+\-–\xa0]", number):
        return False
    if number.strip().startswith("+") and not number.strip().startswith("+1"):
        return 8 <= len(bare) <= 15
    if number.strip() == bare and len(bare) in (5, 6):  # to text to
        return True
    return bool(re.fullmatch(r"[2-9]\d\d[2-9]\d{6}|[2-9]\d{2}", bare))


class NotPublishable(Unmet):
    """422. ``blockers`` holds the codes of what is in the way."""

    code = "not_publishable"
    message = _("This can’t be published yet.")

    def __init__(self, found: list[Blocker]):
        words = " ".join(str(one.words) for one in found)
        super().__init__(f"{self.message} {words}", blockers=[one.code for one in found])
