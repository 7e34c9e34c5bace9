"""The history of a published listing: per field who changed it, when, and from what to what.

Where the place is stands in no history.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from directory.listing_shape import EDITED_KEYS, SERVICE_TEXTS
from directory.models import Metadata, Service
from directory.proposals.access import names_for
from directory.proposals.difference import FieldDifference, field_difference
from directory.proposals.words import in_words, program_names
from partners.actor import Actor


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    who: str
    change: FieldDifference


def lines(rows: Iterable[Metadata], service: Service, actor: Actor) -> list[HistoryLine]:
    """Of one page of rows; each name in the way that this actor may read it."""
    known = [row for row in rows if row.field_name in EDITED_KEYS]
    names = names_for(actor, service, (row.updated_by for row in known))
    values = [_values(row) for row in known]
    moved = [pair for row, pair in zip(known, values, strict=True) if row.field_name == "program"]
    programs = program_names(one for pair in moved for one in pair)

    def words(key: str, value: Any) -> list[str]:
        if key == "program":
            return [programs[value]] if value in programs else []
        return in_words(key, value)

    return [
        HistoryLine(
            row.last_action_date,
            names[row.updated_by],
            field_difference(row.field_name, before, after, words),
        )
        for row, (before, after) in zip(known, values, strict=True)
    ]


def _values(row: Metadata) -> tuple[Any, Any]:
    before, after = row.previous_value, row.replacement_value
    return (before, after) if row.field_name in SERVICE_TEXTS else (json.loads(before), json.loads(after))
