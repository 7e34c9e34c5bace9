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
    return [HistoryLine(row.last_action_date, names[row.updated_by], _change(row)) for row in known]


def _change(row: Metadata) -> FieldDifference:
    key = row.field_name
    return field_difference(key, _value(key, row.previous_value), _value(key, row.replacement_value))


def _value(key: str, text: str) -> Any:
    return text if key in SERVICE_TEXTS else json.loads(text)
