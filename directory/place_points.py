"""Points as people write them: ``49.9, -97.14``, ``49,9; -97,1``, ``49.9° N 97.14° W``."""

from __future__ import annotations

import re

DECIMALS = 6  # a tenth of a metre
_NUMBER = r"([-+]?)\s?(\d{1,3}(?:[.,]\d+)?)\s?°?\s?([NSEWO])?"
_POINT = re.compile(rf"\(?\s*{_NUMBER}(\s*[,;]\s*|\s+){_NUMBER}\s*\)?", re.ASCII | re.IGNORECASE)
_TYPESET = str.maketrans({"−": "-", "–": "-", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})
# O is the French Ouest.
_LATITUDES, _LONGITUDES, _NEGATIVE = {"", "N", "S"}, {"", "E", "W", "O"}, {"S", "W", "O"}


def read(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, unchecked; None where the text is no point."""
    if not any(character.isdigit() for character in text):
        return None
    match = _POINT.fullmatch(text.translate(_TYPESET))
    if match is None:
        return None
    sign, digits, half, between, other_sign, other_digits, other_half = match.groups("")
    if half.upper() not in _LATITUDES or other_half.upper() not in _LONGITUDES:
        return None
    # Without a comma between them two whole numbers may be anything.
    if between.isspace() and not half and (digits.isdigit() or other_digits.isdigit()):
        return None
    return _degrees(sign, digits, half), _degrees(other_sign, other_digits, other_half)


def written(latitude: float, longitude: float) -> str:
    """The text that ``read`` takes for this point."""
    return ", ".join(f"{degrees:.{DECIMALS}f}".rstrip("0").rstrip(".") for degrees in (latitude, longitude))


def shown(latitude: float, longitude: float, language: str) -> str:
    if language == "fr":
        return f"{latitude:.3f}; {longitude:.3f}".replace(".", ",")
    return f"{latitude:.3f}, {longitude:.3f}"


def _degrees(sign: str, digits: str, half: str) -> float:
    degrees = round(float(digits.replace(",", ".")), DECIMALS)
    negative = sign == "-" or half.upper() in _NEGATIVE
    return -degrees if negative and degrees else degrees
