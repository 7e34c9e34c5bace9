"""What a place may say: the one reading of the location policy, and the check before it is stored.

The database refuses what the policy forbids; here it is refused in words, and free text is read for
street addresses, which no constraint can do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from directory.models import Location, LocationPolicy, Service
from directory.models.locations import PositionSource
from partners.bilingual import reader_language


@dataclass(frozen=True)
class PublicArea:
    code: str
    name: str


@dataclass(frozen=True)
class PublicPlace:
    """What anybody may know of where a service is. Empty texts and None: not known, or not shown.

    ``position_is_about``: the position is the postal area's, not the door's.
    """

    policy: str
    kind: str = ""
    city: str = ""
    province: str = ""
    area: PublicArea | None = None
    address: str = ""
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    position_is_about: bool = False


class StoredPlace(NamedTuple):
    """One location of a listing as it is stored, with its area and its address, where it has them."""

    policy: str
    kind: str
    city: str
    province: str
    latitude: float | None
    longitude: float | None
    position_source: str
    area_code: str | None
    area_en: str | None
    area_fr: str | None
    address: str | None
    postal_code: str | None


def public_place(service: Service) -> PublicPlace:
    """Where the listing is, for anybody. No query on a service from ``for_listing``."""
    location = next((at.location for at in service.at_locations.all()), None)
    return place_of(location) if location else shown_place(None)


def place_of(location: Location) -> PublicPlace:
    """What a location may say. No query where its area and its addresses were read with it."""
    return shown_place(_stored(location))


def shown_place(stored: StoredPlace | None) -> PublicPlace:
    """The rule. Withheld unless a stored location says otherwise."""
    if stored is None or stored.policy not in (LocationPolicy.PUBLIC, LocationPolicy.AREA_ONLY):
        return PublicPlace(LocationPolicy.WITHHELD.value, kind=stored.kind if stored else "")
    area = _area(stored)
    if stored.policy == LocationPolicy.AREA_ONLY:
        return PublicPlace(stored.policy, stored.kind, "" if area else stored.city, stored.province, area)
    return PublicPlace(
        policy=stored.policy,
        kind=stored.kind,
        city=stored.city,
        province=stored.province,
        area=area,
        address=stored.address or "",
        postal_code=stored.postal_code or "",
        latitude=stored.latitude,
        longitude=stored.longitude,
        position_is_about=stored.position_source == PositionSource.POSTAL_AREA,
    )


def _area(stored: StoredPlace) -> PublicArea | None:
    if not stored.area_code:
        return None
    names = (
        (stored.area_fr, stored.area_en) if reader_language() == "fr" else (stored.area_en, stored.area_fr)
    )
    return PublicArea(stored.area_code, next(filter(None, names), ""))


def _stored(location: Location) -> StoredPlace:
    address, area = next(iter(location.addresses.all()), None), location.area
    return StoredPlace(
        policy=location.policy,
        kind=location.kind,
        city=location.city,
        province=location.province,
        latitude=location.latitude,
        longitude=location.longitude,
        position_source=location.position_source,
        area_code=area.code if area else None,
        area_en=area.name_en if area else None,
        area_fr=area.name_fr if area else None,
        address=address.address_1 if address else None,
        postal_code=address.postal_code if address else None,
    )


# Words that say "street" wherever they follow a name; St. before a name is a saint.
STREETS = (
    r"street|st\.?(?!\s*[A-ZÀ-Ý])|avenue|ave\.?|road|rd\.?|boulevard|blvd\.?|highway|hwy\.?|crescent|cres\.?"
)
# Words that say "street" only with a house number before them.
OTHER_STREETS = r"way|drive|dr\.?|lane|court|place|bay|cove|terrace|parkway|pkwy\.?|trail|row|square"
NAME = r"(?:[A-ZÀ-Ý][\w'’.\-]*\s+){1,3}"
NUMBER = r"\b\d{1,5}[A-Za-z]?(?:\s*[-–]\s*\d{1,5})?,?\s+"
ADDRESSES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{NUMBER}(?:[\w'’.\-]+\s+){{1,3}}(?i:{STREETS})(?=\W|$)",
        rf"{NUMBER}{NAME}(?i:{OTHER_STREETS})(?=\W|$)",
        rf"\b{NAME}(?:[Ss]treet|[Ss]t\.?(?!\s*[A-ZÀ-Ý])|[Aa]venue|[Aa]ve\.?|[Rr]oad|[Bb]oulevard|[Hh]ighway)(?=\W|$)",
        r"(?i:\b(?:rue|avenue|boulevard|boul\.|chemin|ch\.|promenade|allée|autoroute|route))"
        r"\s+(?:(?:de|du|des|la|l['’])\s*){0,2}(?:[A-ZÀ-Ý]|\d)[\w'’\-]*",
        r"(?i:\b(?:at|au|aux|à|located at|situé(?:e)? au))\s+\d{1,5}[A-Za-z]?,?\s+[A-ZÀ-Ý][\w'’\-]+",
        r"(?i:\b(?:unit|suite|apt\.?|apartment|app\.?|appartement|bureau|room|door)\s+#?\d+[a-z]?\b)",
        r"(?i:\b(?:corner of|at the corner|intersection of|à l['’]angle|au coin))",
        r"(?i:\b[a-z][0-9][a-z][ -]?[0-9][a-z][0-9]\b)",
        r"-?\b\d{1,2}\.\d{3,}\s*°?\s*[NS]?\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}",
    )
)


def scan_text(text: str) -> list[str]:
    """What in the text names a street, a postal code, a unit, a corner or coordinates, in its own words.

    Finds too much rather than too little. A bare building name it can't know.
    """
    return list(dict.fromkeys(found[0].strip() for pattern in ADDRESSES for found in pattern.finditer(text)))


def scan_url(url: str) -> list[str]:
    """The same for the words of an address on the web."""
    parts = urlsplit(url)
    words = re.sub(r"[-_/+=&.]+|%20", " ", f"{parts.path} {parts.query} {parts.fragment}")
    return scan_text(words.title())


def source_of(url: str, policy: str) -> str:
    """The source's address as far as it may be stored: of a place not shown, the host alone.

    The title of a news story, which stands in its address, may say where the place is.
    """
    if policy == LocationPolicy.PUBLIC or not url:
        return url
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""
