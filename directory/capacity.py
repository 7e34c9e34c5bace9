"""How long what was told about capacity is worth something."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.utils import timezone

from directory.models import Service
from directory.models.attachments import CapacityValue

DECAY_DAYS = 14
Moment = TypeVar("Moment", datetime, bytes)


def capacity_now(service: Service) -> tuple[str, datetime | None]:
    """The value and when it was told. ``unknown`` after 14 days, and where nobody has told anything."""
    row = getattr(service, "capacity", None)
    if row is None:
        return CapacityValue.UNKNOWN.value, None
    return (row.value if holds(row.as_of, oldest_told()) else CapacityValue.UNKNOWN.value), row.as_of


def holds(as_of: Moment, oldest: Moment) -> bool:
    """Whether what was told then is still known. Both as they are, or both as text in UTC to the second."""
    return as_of >= oldest


def oldest_told() -> datetime:
    """From when on something told still holds: the beginning of the day 14 days ago."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=DECAY_DAYS)
