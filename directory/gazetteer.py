"""The packaged gazetteer: postal areas, places and neighbourhoods, read once and kept by their keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from django.utils.text import slugify

from directory.folding import normalise
from directory.taxonomies import rows

HOME_PROVINCE, HOME_CITY = "MB", "Winnipeg"
# Every name of a province: English, French, and what people write for short.
PROVINCES = {
    "AB": ("Alberta", "Alta"),
    "BC": ("British Columbia", "Colombie-Britannique", "CB"),
    "MB": ("Manitoba", "Man"),
    "NB": ("New Brunswick", "Nouveau-Brunswick"),
    "NL": ("Newfoundland and Labrador", "Terre-Neuve-et-Labrador", "Newfoundland", "Terre-Neuve", "TNL"),
    "NS": ("Nova Scotia", "Nouvelle-Écosse"),
    "NT": ("Northwest Territories", "Territoires du Nord-Ouest", "NWT", "TNO"),
    "NU": ("Nunavut",),
    "ON": ("Ontario", "Ont"),
    "PE": ("Prince Edward Island", "Île-du-Prince-Édouard", "PEI", "IPE"),
    "QC": ("Quebec", "Québec", "PQ", "Que"),
    "SK": ("Saskatchewan", "Sask"),
    "YT": ("Yukon",),
}
SHORT_FORMS = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}
# South, north, west and east of what may count as Canada: a little more than the land.
CANADA = (41.6, 83.2, -141.1, -52.5)
PROVINCE_WITHIN_KM, CITY_WITHIN_KM = 75.0, 15.0
EARTH_KM = 6371.0
# Decimals of the points whose surroundings are kept in memory: a kilometre, nobody's door.
COARSE = 2
# What a neighbourhood and an area weigh among places, which weigh their population.
NEIGHBOURHOOD, AREA = 1000, 500


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """``city`` is the entry's own name for a place that is no part of another; "" where none is known."""

    name_en: str
    name_fr: str
    others: tuple[str, ...]
    city: str
    province: str
    latitude: float
    longitude: float
    kind: str
    areas: tuple[str, ...]
    weight: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.name_en, self.name_fr, *self.others)))

    @property
    def point(self) -> tuple[float, float]:
        return self.latitude, self.longitude


@dataclass(frozen=True)
class Surroundings:
    """The parts of the country that a point lies in."""

    province: str = ""
    city: str = ""
    areas: tuple[str, ...] = ()


def key_of(words: Iterable[str]) -> str:
    """``St. John's``, ``Saint Johns`` and ``st-johns`` have one key: short forms, nothing between."""
    return "".join(SHORT_FORMS.get(word, word) for word in words)


def name_key(name: str) -> str:
    return key_of(normalise(name).split())


def province_slug(province: str) -> str:
    return slugify(PROVINCES[province][0])


def city_slug(city: str) -> str:
    """Québec is a province and a city; the code of the province came first."""
    slug = slugify(city)
    return f"{slug}-city" if slug in _province_slugs() else slug


def served_by(around: Surroundings, *, in_canada: bool = True) -> tuple[str, ...]:
    """The codes of service areas that hold such a point, the widest first."""
    if not in_canada:
        return ()
    province = (province_slug(around.province),) if around.province else ()
    city = (city_slug(around.city),) if around.city else ()
    return ("canada", *province, *city, *around.areas)


def in_canada(latitude: float, longitude: float) -> bool:
    south, north, west, east = CANADA
    return south <= latitude <= north and west <= longitude <= east


def surroundings(latitude: float, longitude: float) -> Surroundings:
    """Where the nearest known places lie; nothing where the nearest is far."""
    return _surroundings(round(latitude, COARSE), round(longitude, COARSE))


@lru_cache(maxsize=4096)
def _surroundings(latitude: float, longitude: float) -> Surroundings:
    known = _near_index()
    distances = _distances(known, latitude, longitude)
    nearest = int(distances.argmin())
    if distances[nearest] > PROVINCE_WITHIN_KM:
        return Surroundings()
    province = known.entries[nearest].province
    distances[~known.in_a_city] = np.inf
    nearest = int(distances.argmin())
    entry = known.entries[nearest]
    if distances[nearest] > CITY_WITHIN_KM or entry.province != province:
        return Surroundings(province)
    return Surroundings(province, entry.city, entry.areas)


@dataclass(frozen=True)
class _NearIndex:
    entries: tuple[Entry, ...]
    latitudes: Any
    longitudes: Any
    in_a_city: Any


@cache
def _near_index() -> _NearIndex:
    known = (*postal_areas().values(), *entries())
    return _NearIndex(
        known,
        np.radians([entry.latitude for entry in known]),
        np.radians([entry.longitude for entry in known]),
        np.array([bool(entry.city) for entry in known]),
    )


def _distances(known: _NearIndex, latitude: float, longitude: float) -> Any:
    """Kilometres on a sphere: near enough to tell which is the nearest."""
    here, there = np.radians(latitude), known.latitudes
    across = np.sin((known.longitudes - np.radians(longitude)) / 2) ** 2
    chord = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * across
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))


@cache
def _province_slugs() -> frozenset[str]:
    return frozenset(province_slug(code) for code in PROVINCES)


@cache
def province_keys() -> dict[str, str]:
    """The code of a province by each of its keys."""
    return {name_key(name): code for code, names in PROVINCES.items() for name in (code, *names)}


@cache
def postal_areas() -> dict[str, Entry]:
    """By code, in the order of the alphabet."""
    return {row["code"]: _postal_area(row) for row in rows("postal_areas.csv")}


@cache
def entries() -> tuple[Entry, ...]:
    """What has a name: home's neighbourhoods, its areas, places, neighbourhoods of other cities.

    An area that a neighbourhood shares its name with adds nothing: the neighbourhood is meant.
    """
    parts = [_neighbourhood(row) for row in rows("neighbourhoods.csv")]
    at_home = [entry for entry in parts if entry.province == HOME_PROVINCE]
    taken = {name_key(name) for entry in at_home for name in entry.names}
    areas = [entry for entry in map(_area, rows("areas.csv")) if name_key(entry.name_en) not in taken]
    places = [_place(row) for row in rows("places.csv")]
    elsewhere = [entry for entry in parts if entry.province != HOME_PROVINCE]
    return (*at_home, *areas, *places, *elsewhere)


@cache
def by_key() -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries():
        for key in {name_key(name) for name in entry.names}:
            found.setdefault(key, []).append(entry)
    return {key: tuple(of_key) for key, of_key in found.items()}


@cache
def city_keys() -> dict[tuple[str, str], frozenset[str]]:
    """All keys of a city (of ``Québec``: quebec, quebeccity), by its name and province."""
    return {
        (entry.name_en, entry.province): frozenset(map(name_key, entry.names))
        for entry in entries()
        if entry.kind == "place"
    }


def _postal_area(row: dict[str, str]) -> Entry:
    areas = tuple(filter(None, row["areas"].split("|")))
    return _entry(row, row["code"], row["code"], "postal_area", areas, int(row["postal_codes"]))


def _neighbourhood(row: dict[str, str]) -> Entry:
    areas = (row["area_code"],) if row["area_code"] else ()
    return _entry(row, row["name"], row["name_fr"], "neighbourhood", areas, NEIGHBOURHOOD)


def _area(row: dict[str, str]) -> Entry:
    return _entry(row, row["name_en"], row["name_fr"], "area", (row["code"],), AREA)


def _place(row: dict[str, str]) -> Entry:
    """A place that lies in a city is one of its neighbourhoods, of which the population is known."""
    kind = "neighbourhood" if row["city"] else "place"
    whole = row if row["city"] else {**row, "city": row["name"]}
    return _entry(whole, row["name"], row["name_fr"], kind, (), int(row["population"]))


def _entry(
    row: dict[str, str], name_en: str, name_fr: str, kind: str, areas: tuple[str, ...], weight: int
) -> Entry:
    return Entry(
        name_en=name_en,
        name_fr=name_fr or name_en,
        others=tuple(filter(None, row.get("also", "").split("|"))),
        city=row["city"],
        province=row["province"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        kind=kind,
        areas=areas,
        weight=weight,
    )
