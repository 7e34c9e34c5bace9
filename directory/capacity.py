"""How long what was told about capacity is worth something."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from directory.models import Service
from directory.models.attachments import CapacityValue

DECAY_DAYS = 14


def capacity_now(service: Service) -> tuple[str, datetime | None]:
    """The value and when it was told. ``unknown`` after 14 days, and where nobody has told anything."""
    row = getattr(service, "capacity", None)
    return told(row.value, row.as_of, oldest_told()) if row else (CapacityValue.UNKNOWN.value, None)


def told(value: str, as_of: datetime, oldest: datetime) -> tuple[str, datetime]:
    """What is still known of what was told then; the time is kept."""
    return (value if as_of >= oldest else CapacityValue.UNKNOWN.value), as_of


def oldest_told() -> datetime:
    """From when on something told still holds: the beginning of the day 14 days ago."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=DECAY_DAYS)
