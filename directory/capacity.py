"""How long what was told about capacity is worth something."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from directory.models import Service
from directory.models.attachments import CapacityValue

DECAY_DAYS = 14


def capacity_now(service: Service) -> tuple[str, datetime | None]:
    """The value and when it was told. ``unknown`` after 14 days, and where nobody has told anything."""
    row = getattr(service, "capacity", None)
    return told(row.value, row.as_of) if row else (CapacityValue.UNKNOWN.value, None)


def told(value: str, as_of: datetime) -> tuple[str, datetime]:
    """What is still known today of what was told then; the time is kept."""
    age = timezone.localdate() - timezone.localdate(as_of)
    return (value if age.days <= DECAY_DAYS else CapacityValue.UNKNOWN.value), as_of
