"""One text, one place: postal areas, places, neighbourhoods and points, as people write them.

The packaged gazetteer answers; only what it does not know goes to the geocoder, where one is set.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from django.utils.translation import gettext as _

from directory import gazetteer, geocoding, place_points, place_typing
from directory.folding import normalise
from directory.gazetteer import HOME_CITY, HOME_PROVINCE, Entry, Surroundings
from directory.taxonomies import rows
from partners.bilingual import reader_language
from partners.errors import Invalid

LONGEST = 100
SUGGESTIONS = 8
# A part of a city steps back behind a place of the same name with this many times its people.
FAR_LARGER = 10


@dataclass(frozen=True)
class Place:
    """A point on the map (WGS 84 degrees) with the name to show, in the reader's language.

    ``kind``: postal_area, neighbourhood, area, place, point or address (which the geocoder found). A
    full postal code is taken for its first three characters and shown as those: the rest would tell
    more than distance needs. ``query`` is a text for which ``find_place`` answers this point and
    nothing else. ``city`` is the gazetteer's name of the city it lies in, "" where that is unknown,
    as in a rural postal area. ``served_by`` holds the codes of the service areas that it lies in,
    the widest first: canada, manitoba, winnipeg, point-douglas.
    """

    name: str
    latitude: float
    longitude: float
    kind: str
    province: str = ""
    city: str = ""
    query: str = ""
    served_by: tuple[str, ...] = ()


class Ambiguous(Invalid):
    """Several places have the name: ask which of the candidates is meant."""

    def __init__(self, candidates: tuple[Place, ...]) -> None:
        self.candidates = candidates
        message = _("Several places have this name: {names}.").format(names=_names(candidates))
        super().__init__({"near": [message]})


class Unknown(Invalid):
    """No such place. The candidates, perhaps none, are what may have been meant."""

    def __init__(self, candidates: tuple[Place, ...] = (), message: str = "") -> None:
        self.candidates = candidates
        if candidates:
            message = _("This place is not known. Did you mean: {names}?").format(names=_names(candidates))
        super().__init__({"near": [message or _("This place is not known. Try a postal code or a city.")]})


def find_place(text: str, *, ask: bool = True) -> Place:
    """The one place meant. Raises Invalid for ``near``: Ambiguous, Unknown, or no text at all.

    Manitoba comes before every other province; what stands after the name (``Brandon, MB``,
    ``Kensington, Calgary``) settles it. Without ``ask`` the text leaves this machine in no case.
    """
    wanted = text.strip()
    if not wanted:
        raise Invalid({"near": [_("Enter a postal code or a place.")]})
    if len(wanted) > LONGEST or "\x00" in wanted:
        raise Unknown
    if point := place_points.read(wanted):
        return _point(*point)
    entry = _entry_meant(wanted)
    return place_of(entry, reader_language()) if entry else _not_in_the_gazetteer(wanted, ask=ask)


def suggest(text: str, limit: int = SUGGESTIONS) -> list[Place]:
    """Places whose name or postal area starts so, or nearly so where none does.

    Manitoba first, the largest first. What starts with a later word comes after what starts so.
    """
    language = reader_language()
    return [place_of(entry, language) for entry in place_typing.starting_so(text[:LONGEST], limit)]


def postal_area_point(code: str) -> tuple[float, float] | None:
    """Latitude and longitude of a postal area (first three characters), None when it is unknown."""
    entry = gazetteer.postal_areas().get(code.strip().upper()[:3])
    return entry.point if entry else None


def is_city(text: str) -> bool:
    """A populated place of the gazetteer, in any province."""
    return gazetteer.name_key(text[:LONGEST]) in _cities()


@cache
def place_of(entry: Entry, language: str) -> Place:
    around = Surroundings(entry.province, entry.city, entry.areas)
    return Place(
        name=_shown(entry, language),
        latitude=entry.latitude,
        longitude=entry.longitude,
        kind=entry.kind,
        province=entry.province,
        city=entry.city,
        query=_query(entry, language),
        served_by=gazetteer.served_by(around),
    )


def _entry_meant(wanted: str) -> Entry | None:
    """By postal code, by name, by postal code with letters for digits, by one within an address."""
    areas = gazetteer.postal_areas()
    code = place_typing.postal_area(wanted)
    if code in areas:
        return areas[code]
    if entry := _named(wanted):
        return entry
    for code in (place_typing.forgiven_postal_area(wanted), place_typing.postal_area_within(wanted)):
        if code in areas:
            return areas[code]
    return None


def _not_in_the_gazetteer(wanted: str, *, ask: bool) -> Place:
    """A near miss is asked back rather than sent away, unless it is an address."""
    postal = place_typing.postal_area(wanted)
    near_miss = [] if postal else suggest(wanted, 3)
    if ask and (not near_miss or any(character.isdigit() for character in wanted)):
        language = reader_language()
        if found := geocoding.locate(wanted, language):
            return _located(geocoding.sendable(wanted), *found)
    if postal:
        raise Unknown(message=_("This postal code is not known. Try a city."))
    raise Unknown(tuple(near_miss))


def _named(wanted: str) -> Entry | None:
    found, in_province, in_city = place_typing.by_name(wanted)
    if not found:
        return None
    at_home = tuple(entry for entry in found if entry.province == HOME_PROVINCE)
    candidates = _those_meant(at_home or found, in_province=in_province, in_city=in_city)
    # A part of Winnipeg comes before a place of the same name elsewhere in Manitoba.
    if candidates[0].province == HOME_PROVINCE and candidates[0].kind != "place":
        return candidates[0]
    if len({entry.point for entry in candidates}) == 1:
        return candidates[0]
    best = sorted(candidates, key=lambda entry: -entry.weight)[:SUGGESTIONS]
    language = reader_language()
    raise Ambiguous(tuple(place_of(entry, language) for entry in best))


def _those_meant(found: tuple[Entry, ...], *, in_province: bool, in_city: bool) -> tuple[Entry, ...]:
    """``Weston, MB`` is the place called so, if there is one, rather than a part of a city."""
    places = [entry for entry in found if entry.kind == "place"]
    if not places or in_city:
        return found
    if in_province:
        return tuple(places)
    enough = max(entry.weight for entry in places) / FAR_LARGER
    return tuple(
        entry
        for entry in found
        if entry.kind == "place" or entry.weight >= enough or entry.province == HOME_PROVINCE
    )


def _query(entry: Entry, language: str) -> str:
    """In the reader's words where they settle it, else in English, else the point."""
    if entry.kind == "postal_area":
        return entry.name_en
    behind = entry.province if entry.kind == "place" else f"{entry.city}, {entry.province}"
    for name in (_name(entry, language), entry.name_en):
        whole = f"{name}, {behind}"
        found, in_province, in_city = place_typing.by_name(whole)
        if _those_meant(found, in_province=in_province, in_city=in_city) == (entry,):
            return whole
    return place_points.written(*entry.point)


def _name(entry: Entry, language: str) -> str:
    return entry.name_fr if language == "fr" else entry.name_en


def _shown(entry: Entry, language: str) -> str:
    name = _name(entry, language)
    if entry.kind == "place":
        return f"{name}, {entry.province}"
    if entry.kind == "postal_area" or entry.city == HOME_CITY:
        return name
    return f"{name}, {entry.city}, {entry.province}"


def _point(latitude: float, longitude: float) -> Place:
    if abs(latitude) > 90 or abs(longitude) > 180:
        _refuse(_("Latitude goes from -90 to 90, longitude from -180 to 180."))
    name = place_points.shown(latitude, longitude, reader_language())
    return _around(name, latitude, longitude, "point")


def _located(wanted: str, latitude: float, longitude: float) -> Place:
    """What was typed, and where that was found: the reader sees when it is another one of the name."""
    found = _around(wanted, latitude, longitude, "address")
    said = normalise(wanted).split()
    beside = [part for part in (found.city, found.province) if not set(normalise(part).split()) <= set(said)]
    return _around(", ".join((wanted, *beside)), latitude, longitude, "address")


def _around(name: str, latitude: float, longitude: float, kind: str) -> Place:
    around = gazetteer.surroundings(latitude, longitude)
    known = bool(around.province) or gazetteer.in_canada(latitude, longitude)
    return Place(
        name=name,
        latitude=latitude,
        longitude=longitude,
        kind=kind,
        province=around.province,
        city=around.city,
        query=place_points.written(latitude, longitude),
        served_by=gazetteer.served_by(around, in_canada=known),
    )


@cache
def _cities() -> frozenset[str]:
    names = ((row["name"], row["name_fr"], *row["also"].split("|")) for row in rows("places.csv"))
    return frozenset(gazetteer.name_key(name) for of_row in names for name in of_row if name)


def _names(candidates: tuple[Place, ...]) -> str:
    return "; ".join(dict.fromkeys(place.name for place in candidates))


def _refuse(message: str) -> NoReturn:
    raise Invalid({"near": [message]})
