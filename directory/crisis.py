"""The help lines of the "get help now" page: public facts, compiled on a date, not yet phoned."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DATA = Path(__file__).resolve().parent / "data" / "crisis_lines.json"


@dataclass(frozen=True)
class Line:
    """``calls`` and ``texts`` are numbers as printed by the source, the most useful one first."""

    name_en: str
    name_fr: str
    note_en: str
    note_fr: str
    calls: tuple[str, ...]
    texts: tuple[str, ...]
    source: str

    @property
    def source_host(self) -> str:
        return urlsplit(self.source).netloc.removeprefix("www.")


@dataclass(frozen=True)
class Group:
    title_en: str
    title_fr: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class CrisisLines:
    """``first`` begins with 911 and is shown before everything else."""

    compiled_on: date
    first: tuple[Line, ...]
    groups: tuple[Group, ...]
    child_protection: Line

    @property
    def sourced(self) -> list[Line]:
        """Every line copied from somewhere; 911 is not, everybody knows it."""
        grouped = [line for group in self.groups for line in group.lines]
        return [line for line in (*self.first, *grouped, self.child_protection) if line.source]


@cache
def crisis_lines() -> CrisisLines:
    data = json.loads(DATA.read_text(encoding="utf-8"))
    return CrisisLines(
        compiled_on=date.fromisoformat(data["compiled_on"]),
        first=_lines(data["first"]),
        groups=tuple(
            Group(group["title_en"], group["title_fr"], _lines(group["lines"])) for group in data["groups"]
        ),
        child_protection=_line(data["child_protection"]),
    )


def _lines(rows: list[dict[str, Any]]) -> tuple[Line, ...]:
    return tuple(_line(row) for row in rows)


def _line(row: dict[str, Any]) -> Line:
    return Line(**{**row, "calls": tuple(row["calls"]), "texts": tuple(row["texts"])})
