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
    changed = [(row.field_name, *_values(row)) for row in known]
    programs = program_names(one for key, *values in changed if key == "program" for one in values)

    def words(key: str, value: Any) -> list[str]:
        if key == "program":
            return [programs[value]] if value in programs else []
        return in_words(key, value)

    return [
        HistoryLine(row.last_action_date, names[row.updated_by], field_difference(*change, words))
        for row, change in zip(known, changed, strict=True)
    ]


def _values(row: Metadata) -> list[Any]:
    texts = [row.previous_value, row.replacement_value]
    return texts if row.field_name in SERVICE_TEXTS else [json.loads(text) for text in texts]
