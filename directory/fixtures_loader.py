"""The network as data: a folder of JSON files into listings, by the one writer, again and again.

Each record keeps its key as ``source_id`` (``winnipeg:…``, or ``demo:…`` for what is invented), by
which a second run finds it. Nothing loaded is verified: that is a human's act.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Set
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from directory.editing import save_organization, save_program, save_service
from directory.listing_shape import FACETS, SERVICE_ROWS, SERVICE_TEXTS
from directory.models import Address, LocationPolicy, Program, Service
from directory.place_policy import source_of
from directory.profiles import SHAPE
from partners.actor import SYSTEM
from partners.errors import Invalid
from partners.models import Organization

DEMO = "demo"
SOURCE_KEYS = {"url", "type", "date", "other_urls", "source_says", "note_en", "note_fr"}
PROVENANCE = {"key", "source"}
ORGANIZATION_KEYS = PROVENANCE | {
    *("kind", "name_en", "name_fr", "description_en", "description_fr", "aliases", "email", "website")
}
PROGRAM_TEXT_KEYS = {
    f"{field}_{language}"
    for field in ("name", "summary", "description", "clientele")
    for language in ("en", "fr")
}
PROGRAM_FACETS = ("genders", "populations", "topics", "settings", "levels")
PROGRAM_KEYS = PROVENANCE | PROGRAM_TEXT_KEYS | {"organization", "aliases", *PROGRAM_FACETS, *SHAPE}
SERVICE_OPTIONAL = {"schedule_exceptions", "holiday_hours"}
SERVICE_KEYS = (
    PROVENANCE
    | {*SERVICE_TEXTS, *SERVICE_ROWS, *FACETS, "organization", "program", "status", "location"}
    | {"minimum_age", "maximum_age", "accepts_referrals"}
) - SERVICE_OPTIONAL
LOCATION_KEYS = {"policy", "address_1", "city", "province", "postal_code", "area", "postal_area", "kind"}

Progress = Callable[[str], None]
Record = dict[str, Any]


class NetworkRefused(Exception):
    """A record can't be loaded; the text names file, key, field and reason. Nothing was loaded."""


def load_network(folder: Path, progress: Progress = lambda _line: None) -> None:
    """Load organizations, programs and services. All or nothing. Raises NetworkRefused."""
    organizations = _read(folder / "organizations", ORGANIZATION_KEYS)
    programs = _read(folder / "programs", PROGRAM_KEYS)
    services = _read(folder / "services", SERVICE_KEYS, SERVICE_OPTIONAL)
    with transaction.atomic():
        hidden = _hidden(services.values())
        progress(f"{len(organizations)} organizations ...")
        owners = {
            key: _organization(record, key in hidden) for key, record in _stored(organizations, _owners())
        }
        progress(f"{len(programs)} programs ...")
        of = {key: _program(record, owners) for key, record in _stored(programs, _programs())}
        progress(f"{len(services)} services ...")
        for _key, record in _stored(services, _services()):
            _service(record, owners, of)
        _check_contacts(programs, of)


def _read(folder: Path, keys: set[str], optional: Set[str] = frozenset()) -> dict[str, Record]:
    records: dict[str, Record] = {}
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for record in content if isinstance(content, list) else [content]:
            where = f"{path.name}: {record.get('key')}"
            _same_keys(record, keys | (optional & set(record)), where)
            _same_keys(record["source"], _source_keys(record), f"{where}: source")
            if "location" in record:
                _same_keys(record["location"], LOCATION_KEYS, f"{where}: location")
            if record["key"] in records:
                raise NetworkRefused(f"{where}: this key stands twice")
            records[record["key"]] = record | {"where": where}
    return records


def _source_keys(record: Record) -> set[str]:
    """A program's source has its own short form."""
    return {"url", "type", "as_of"} if "objectives" in record else SOURCE_KEYS


def _same_keys(found: Record, wanted: set[str], where: str) -> None:
    if unknown := sorted(set(found) - wanted):
        raise NetworkRefused(f"{where}: unknown: {', '.join(unknown)}")
    if absent := sorted(wanted - set(found)):
        raise NetworkRefused(f"{where}: missing: {', '.join(absent)}")


def _hidden(services: Iterable[Record]) -> set[str]:
    """Organizations none of whose listings shows its address: their sources keep the host alone too."""
    shown = {r["organization"] for r in services if r["location"]["policy"] == LocationPolicy.PUBLIC}
    return {r["organization"] for r in services} - shown


def _stored(records: dict[str, Record], rows: QuerySet) -> Iterable[tuple[str, Record]]:
    """Each record with the row it has already become, in one query for all."""
    known = {row.source_id: row for row in rows.filter(source_id__in=map(_source_id, records.values()))}
    for key, record in records.items():
        yield key, record | {"stored": known.get(_source_id(record)), "source_id": _source_id(record)}


def _source_id(record: Record) -> str:
    return f"{'demo' if record['source']['type'] == DEMO else 'winnipeg'}:{record['key']}"


def _owners() -> QuerySet[Organization]:
    return Organization.objects.prefetch_related("aliases")


def _programs() -> QuerySet[Program]:
    return Program.objects.select_related("organization").prefetch_related("aliases", "attributes__term")


def _services() -> QuerySet[Service]:
    return Service.objects.for_listing().prefetch_related("service_areas")


def _organization(record: Record, hidden: bool) -> Organization:
    source = dict(record["source"])
    if hidden:
        policy = LocationPolicy.WITHHELD.value
        source["url"] = source_of(source["url"] or "", policy)
        source["other_urls"] = [source_of(url, policy) for url in source["other_urls"]]
    data = _pick(record, ORGANIZATION_KEYS - PROVENANCE) | _origin(record) | {"source": source}
    return _saved(record, lambda: save_organization(SYSTEM, data, record["stored"]))


def _program(record: Record, owners: dict[str, Organization]) -> Program:
    source = {"date": record["source"]["as_of"], "other_urls": [], "source_says": True}
    source |= {"url": record["source"]["url"], "type": record["source"]["type"], "note_en": "", "note_fr": ""}
    data = _pick(record, PROGRAM_TEXT_KEYS | {"aliases", *PROGRAM_FACETS}) | _origin(record)
    data |= {"profile": _pick(record, set(SHAPE)), "source": source, "as_of": record["source"]["as_of"]}
    data["organization"] = _look_up(record, "organization", owners)
    data["phases"] = [str(phase["number"]) for phase in record["phases"]]
    return _saved(record, lambda: save_program(SYSTEM, data, record["stored"]))


def _service(record: Record, owners: dict[str, Organization], programs: dict[str, Program]) -> Service:
    if record["accepts_referrals"] and record["source"]["type"] != DEMO:
        raise NetworkRefused(f"{record['where']}: accepts_referrals: nobody real has signed an agreement")
    given = SERVICE_KEYS | (SERVICE_OPTIONAL & set(record))
    data = _pick(record, given - {"key"}) | _origin(record)
    data["organization"] = _look_up(record, "organization", owners)
    data["program"] = _look_up(record, "program", programs) if record["program"] else None
    return _saved(record, lambda: save_service(SYSTEM, data, publish=True, service=record["stored"]))


def _origin(record: Record) -> Record:
    return {"source_id": record["source_id"], "is_demo": record["source"]["type"] == DEMO}


def _pick(record: Record, keys: set[str]) -> Record:
    return {key: record[key] for key in keys}


def _look_up(record: Record, field: str, among: dict[str, Any]) -> Any:
    if record[field] not in among:
        raise NetworkRefused(f"{record['where']}: {field}: {record[field]} is not there")
    return among[record[field]]


def _saved(record: Record, save: Callable[[], Any]) -> Any:
    try:
        return save()
    except Invalid as refusal:
        reasons = "; ".join(f"{field}: {' '.join(map(str, e))}" for field, e in refusal.errors.items())
        raise NetworkRefused(f"{record['where']}: {reasons}") from refusal


def _check_contacts(records: dict[str, Record], programs: dict[str, Program]) -> None:
    """A profile prints an address only where one of the organization's listings shows it."""
    for key, record in records.items():
        address = record["contact"]["address_1"]
        shown = Address.objects.filter(location__organization=programs[key].organization, address_1=address)
        if address and not shown.exists():
            raise NetworkRefused(f"{record['where']}: contact: no public listing shows this address")
