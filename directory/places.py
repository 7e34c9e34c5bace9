"""The packaged gazetteer: postal areas, places and neighbourhoods. Nothing is asked of the network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from django.utils.translation import gettext as _

from directory.folding import normalise
from directory.taxonomies import rows
from partners.bilingual import reader_language
from partners.errors import Invalid

LONGEST = 100
SUGGESTIONS = 8
HOME_PROVINCE = "MB"
# The letters that Canadian postal codes use.
POSTAL_CODE = re.compile(
    r"([ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z])(?:[ -]?[0-9][ABCEGHJ-NPRSTV-Z][0-9])?", re.IGNORECASE
)
POINT = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)", re.ASCII)
PROVINCES = {
    "ab": "alberta",
    "bc": "british columbia",
    "mb": "manitoba",
    "nb": "new brunswick",
    "nl": "newfoundland and labrador",
    "ns": "nova scotia",
    "nt": "northwest territories",
    "nu": "nunavut",
    "on": "ontario",
    "pe": "prince edward island",
    "qc": "quebec",
    "sk": "saskatchewan",
    "yt": "yukon",
}


@dataclass(frozen=True)
class Place:
    """A point on the map (WGS 84 degrees) with the name to show, in the reader's language.

    ``kind``: postal_area, neighbourhood, area, place or point. A full postal code is taken for its
    first three characters and shown as those: the rest would tell more than distance needs.
    """

    name: str
    latitude: float
    longitude: float
    kind: str


@dataclass(frozen=True)
class _Entry:
    keys: tuple[str, ...]
    name_en: str
    name_fr: str
    province: str
    latitude: float
    longitude: float
    kind: str
    weight: int

    def place(self) -> Place:
        name = self.name_fr if reader_language() == "fr" else self.name_en
        shown = f"{name}, {self.province}" if self.kind == "place" else name
        return Place(shown, self.latitude, self.longitude, self.kind)


def find_place(text: str) -> Place:
    """The one place meant. Raises Invalid for ``near``: unknown, or several (the message names them).

    Manitoba comes before every other province; a province after the name (``Brandon, MB``) settles it.
    """
    wanted = text.strip()
    if not wanted:
        _refuse(_("Enter a postal code or a place."))
    if len(wanted) > LONGEST or "\x00" in wanted:
        _refuse(_("This place is not known. Try a postal code or a city."))
    if point := POINT.fullmatch(wanted):
        return _point(float(point[1]), float(point[2]))
    if postal := POSTAL_CODE.fullmatch(wanted):
        entry = _postal_areas().get(postal[1].upper())
        return entry.place() if entry else _refuse(_("This postal code is not known. Try a city."))
    return _named(wanted)


def suggest(text: str) -> list[Place]:
    """Places whose name or postal area starts so, Manitoba first, the largest first. At most eight."""
    key = normalise(text[:LONGEST])
    if not key:
        return []
    if (len(key) <= 3 and key[-1:].isdigit()) or POSTAL_CODE.fullmatch(key):
        found = [e for code, e in _postal_areas().items() if code.lower().startswith(key[:3])]
    else:
        found = [e for e in _entries() if any(k.startswith(key) for k in e.keys)]
    best = sorted(found, key=lambda e: (e.province != HOME_PROVINCE, -e.weight, e.name_en))
    return list(dict.fromkeys(entry.place() for entry in best))[:SUGGESTIONS]


def postal_area_point(code: str) -> tuple[float, float] | None:
    """Latitude and longitude of a postal area (first three characters), None when it is unknown."""
    entry = _postal_areas().get(code.strip().upper()[:3])
    return (entry.latitude, entry.longitude) if entry else None


def is_city(text: str) -> bool:
    """A populated place of the gazetteer, in any province."""
    key = normalise(text[:LONGEST])
    return any(key in entry.keys for entry in _entries() if entry.kind == "place")


def _named(wanted: str) -> Place:
    name, province = _name_and_province(wanted)
    found = [e for e in _entries() if name in e.keys and province in (None, e.province)]
    at_home = [e for e in found if e.province == HOME_PROVINCE]
    candidates = at_home or found
    if candidates:
        lead = candidates[0]
        if all((e.latitude, e.longitude) == (lead.latitude, lead.longitude) for e in candidates):
            return lead.place()
        if lead.kind != "place":  # a part of Winnipeg comes before a place of the same name elsewhere
            return lead.place()
        _refuse(_("Several places have this name: {names}.").format(names=_names(candidates)))
    if near_miss := suggest(wanted):
        names = "; ".join(place.name for place in near_miss[:3])
        _refuse(_("This place is not known. Did you mean: {names}?").format(names=names))
    _refuse(_("This place is not known. Try a postal code or a city."))


def _names(entries: list[_Entry]) -> str:
    return "; ".join(dict.fromkeys(entry.place().name for entry in entries[:SUGGESTIONS]))


def _point(latitude: float, longitude: float) -> Place:
    if abs(latitude) > 90 or abs(longitude) > 180:
        _refuse(_("Latitude goes from -90 to 90, longitude from -180 to 180."))
    return Place(f"{latitude:.3f}, {longitude:.3f}", latitude, longitude, "point")


def _name_and_province(wanted: str) -> tuple[str, str | None]:
    """``Brandon, MB``, ``Brandon Manitoba`` and ``North End, Winnipeg`` say which one is meant."""
    key = normalise(wanted)
    for ending, province in _endings():
        if key.endswith(f" {ending}"):
            return key.removesuffix(f" {ending}"), province
    return key, None


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    pairs = [(word, code.upper()) for code, name in PROVINCES.items() for word in (code, name)]
    return (*pairs, ("winnipeg", HOME_PROVINCE))


def _refuse(message: str) -> NoReturn:
    raise Invalid({"near": [message]})


@cache
def _postal_areas() -> dict[str, _Entry]:
    return {
        row["code"]: _Entry(
            keys=(row["code"].lower(),),
            name_en=row["code"],
            name_fr=row["code"],
            province=row["province"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            kind="postal_area",
            weight=int(row["postal_codes"]),
        )
        for row in rows("postal_areas.csv")
    }


@cache
def _entries() -> tuple[_Entry, ...]:
    """Neighbourhoods, then areas, then places: the first match is the one people here mean."""
    return (*_neighbourhoods(), *_areas(), *_places())


def _neighbourhoods() -> list[_Entry]:
    return [
        _Entry(
            keys=(normalise(row["name"]),),
            name_en=row["name"],
            name_fr=row["name"],
            province=HOME_PROVINCE,
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            kind="neighbourhood",
            weight=1000,
        )
        for row in rows("neighbourhoods.csv")
    ]


def _areas() -> list[_Entry]:
    return [
        _Entry(
            keys=(normalise(row["name_en"]), normalise(row["name_fr"]), normalise(row["code"])),
            name_en=row["name_en"],
            name_fr=row["name_fr"],
            province=row["province"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            kind="area",
            weight=500,
        )
        for row in rows("areas.csv")
    ]


def _places() -> list[_Entry]:
    return [
        _Entry(
            keys=tuple({normalise(row["name"]), normalise(row["name_fr"] or row["name"])}),
            name_en=row["name"],
            name_fr=row["name_fr"] or row["name"],
            province=row["province"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            kind="place",
            weight=int(row["population"]),
        )
        for row in rows("places.csv")
    ]
