"""How a telephone number is written for reading and for dialling (glossary: format.phone)."""

from __future__ import annotations

import re

from partners.bilingual import reader_language

NBSP = "\xa0"
NO_DIGITS = re.compile(r"\D+")
TOLL_FREE = {"800", "833", "844", "855", "866", "877", "888"}
SHORT_CODES = {"988": "9-8-8"}  # the way its owner writes it, in both languages


def digits(number: str) -> str:
    """The digits of a North American number without its country code; short codes as they are."""
    found = number.replace("-", "")  # most are written so
    if not found.isdecimal():
        found = NO_DIGITS.sub("", number)
    return found[1:] if len(found) == 11 and found.startswith("1") else found


def phone_display(number: str, language: str | None = None) -> str:
    """``204-589-7347`` in English, ``204 589-7347`` in French; toll-free numbers keep their 1.

    What is not ten digits long (911, 211, a number abroad) is printed as it stands.
    """
    bare = digits(number)
    if len(bare) != 10:
        return SHORT_CODES.get(bare, number)
    gap = NBSP if (language or reader_language()) == "fr" else "-"
    prefix = f"1{gap}" if is_toll_free(bare) else ""
    return f"{prefix}{bare[:3]}{gap}{bare[3:6]}-{bare[6:]}"


def dial(number: str) -> str:
    """What follows ``tel:`` or ``sms:``; the same in both languages."""
    bare = digits(number)
    if len(bare) == 10:
        return f"+1{bare}"
    return f"+{bare}" if number.strip().startswith("+") else bare


def is_toll_free(bare: str) -> bool:
    return bare[:3] in TOLL_FREE
