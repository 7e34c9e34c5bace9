"""The places of synthetic listings, each under one of the three policies."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from directory.load import spots, words
from directory.load.batch import Batch
from directory.load.writing import Table
from directory.models import Address, Area, Location, ServiceArea, ServiceAtLocation

POLICIES, POLICY_SHARES = ("public", "area_only", "withheld"), (0.80, 0.12, 0.08)
VIRTUAL, TWICE, ADDRESSED, WIDE = 0.10, 0.05, 0.85, 0.3
NOWHERE = {"area": None, "city": "", "province": "", "latitude": None, "longitude": None, "source": ""}


class Places:
    """``write`` answers the province of each listing, also of those that do not show it."""

    @cached_property
    def areas(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for area in Area.objects.order_by("code"):
            found.setdefault((area.city, area.province), []).append(area.code)
        return found

    def write(self, batch: Batch, services: list[str], organizations: list[str]) -> list[spots.Province]:
        policies, virtual = batch.pick(POLICIES, POLICY_SHARES), batch.chance(VIRTUAL)
        drawn = spots.draw(batch.rng, batch.count)
        rows = [
            self._place(drawn, number, policies[number], virtual[number], addressed, share)
            for number, (addressed, share) in enumerate(
                zip(batch.chance(ADDRESSED), batch.rng.random(batch.count).tolist(), strict=True)
            )
        ]
        again = spots.draw(batch.rng, batch.count)
        owners = [(service, owner) for service, owner in zip(services, organizations, strict=True)]
        placed = []
        for number, twice in enumerate(batch.chance(TWICE)):
            placed.append((owners[number], rows[number]))
            if twice and not virtual[number]:
                placed.append(
                    (owners[number], self._place(again, number, policies[number], False, True, 0.5))
                )
        self._write(batch, placed)
        all_ = spots.gazetteer()
        provinces = [all_.province[place] for place in drawn.place]
        self._areas_served(batch, services, virtual, provinces)
        return [spots.PROVINCES[province] for province in provinces]

    def _place(
        self, drawn: spots.Spots, number: int, policy: str, virtual: bool, addressed: bool, share: float
    ) -> dict[str, Any]:
        """A location's columns; ``share`` (0 to 1) picks the area and the house."""
        all_ = spots.gazetteer()
        place, kind = drawn.place[number], "virtual" if virtual else "physical"
        if policy == "withheld":
            return {**NOWHERE, "policy": policy, "kind": kind}
        city, province = all_.city[place], all_.province[place]
        row = {**NOWHERE, "policy": policy, "kind": kind, "city": city, "province": province}
        if policy == "area_only":
            areas = self.areas.get((city, province))
            return {**row, "area": areas[int(share * len(areas))] if areas else None}
        if virtual:
            return row
        postal = drawn.postal[number]
        if not addressed:
            latitude, longitude = all_.postal_point[postal].tolist()
            return {**row, "latitude": latitude, "longitude": longitude, "source": "postal_area"}
        return {
            **row,
            "latitude": drawn.latitude[number],
            "longitude": drawn.longitude[number],
            "source": "address",
            "address": _address(share, all_.postal[postal]),
        }

    def _write(self, batch: Batch, placed: list[tuple[tuple[str, str], dict[str, Any]]]) -> None:
        locations = batch.ids(len(placed))
        fields = ("policy", "kind", "area", "city", "province", "latitude", "longitude", "source")
        Table(
            Location, "id", "organization", *(f if f != "source" else "position_source" for f in fields)
        ).write(
            locations,
            [owner for (_service, owner), _row in placed],
            *([row[field] for _owner, row in placed] for field in fields),
        )
        Table(ServiceAtLocation, "id", "service", "location").write(
            batch.ids(len(placed)), [service for (service, _owner), _row in placed], locations
        )
        addressed = [
            (location, *row["address"], row["city"], row["province"])
            for location, (_owner, row) in zip(locations, placed, strict=True)
            if "address" in row
        ]
        table = Table(Address, "id", "location", "address_1", "postal_code", "city", "state_province")
        if addressed:
            table.write(batch.ids(len(addressed)), *zip(*addressed, strict=True))

    def _areas_served(
        self, batch: Batch, services: list[str], virtual: list[bool], provinces: list[str]
    ) -> None:
        """What is done by phone or online serves a province or the whole country."""
        rows = [
            (service, "canada" if wide else spots.PROVINCES[province].area_code)
            for service, some, province, wide in zip(
                services, virtual, provinces, batch.chance(WIDE), strict=True
            )
            if some
        ]
        if rows:
            Table(ServiceArea, "id", "service", "code").write(batch.ids(len(rows)), *zip(*rows, strict=True))


def _address(share: float, postal_area: str) -> tuple[str, str]:
    """A street of the vocabulary and a whole postal code."""
    street = words.vocabulary("en")[2000 + int(share * 2000)].capitalize()
    end = int(share * 1e7)
    letter = spots.LETTERS[end % len(spots.LETTERS)]
    return f"{end % 900 + 1} {street} Street", f"{postal_area} {end // 7 % 10}{letter}{end // 11 % 10}"
