"""Listings for tests, made by the one writer of listings."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from directory.editing import save_organization, save_service
from directory.models import Service
from partners.actor import SYSTEM
from partners.models import Organization

NETWORK = Path(__file__).resolve().parents[2] / "fixtures" / "network"
PUBLIC_PLACE = {
    "policy": "public",
    "address_1": "12 Teststone Avenue",
    "city": "Winnipeg",
    "province": "MB",
    "postal_code": "R2W 2M2",
    "postal_area": "R2W",
}
AREA_PLACE = {"policy": "area_only", "city": "Winnipeg", "province": "MB", "area": "north-end"}
WITHHELD_PLACE = {"policy": "withheld"}

_numbers = count(1)


def make_organization(**data: Any) -> Organization:
    return save_organization(SYSTEM, {"name_en": f"Organization {next(_numbers)}", **data})


def make_service(*, publish: bool = True, **data: Any) -> Service:
    """A published listing; every optional facet is empty unless given."""
    wanted = {"name_en": f"Service {next(_numbers)}", "location": PUBLIC_PLACE, **data}
    wanted.setdefault("organization", None)
    wanted["organization"] = wanted["organization"] or make_organization()
    return save_service(SYSTEM, wanted, publish=publish)
