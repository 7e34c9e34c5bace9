"""When a service is open: recurring hours and the days that differ from them."""

from __future__ import annotations

import re
import uuid
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.services import Service

BYDAY = re.compile(r"(?P<nth>[+-]?[1-5])?(?P<day>MO|TU|WE|TH|FR|SA|SU)")
BYMONTHDAY = re.compile(r"[+-]?(?:[1-9]|[12][0-9]|3[01])")


class Frequency(models.TextChoices):
    """``FREQ`` of RFC 5545: the three that hours are given in."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


def check_byday(value: str) -> None:
    if not all(BYDAY.fullmatch(part) for part in value.split(",")):
        raise ValidationError(_("Enter days such as MO,TU or 2MO,-1FR."))


def check_bymonthday(value: str) -> None:
    if not all(BYMONTHDAY.fullmatch(part) for part in value.split(",")):
        raise ValidationError(_("Enter days of the month such as 1,15, or -1 for the last one."))


def check_timezone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("This time zone is not known."))


class Schedule(models.Model):
    """HSDS ``schedule``: RFC 5545 recurring hours in the place's own time zone.

    ``byday`` and ``bymonthday`` are the RFC's lists (``MO,TU``, ``2MO``; ``1,15``, ``-1``). Open day
    and night is 00:00–23:59 on all days; ``closes_at`` before ``opens_at`` means the next morning.
    ``interval`` and ``count`` are counted from ``dtstart``, or from ``valid_from`` without it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="schedules")
    freq = models.CharField(max_length=7, choices=Frequency, default=Frequency.WEEKLY)
    interval = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    byday = models.CharField(max_length=40, blank=True, validators=[check_byday])
    bymonthday = models.CharField(max_length=100, blank=True, validators=[check_bymonthday])
    dtstart = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    count = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    timezone = models.CharField(max_length=40, default="America/Winnipeg", validators=[check_timezone])

    class Meta:
        ordering = ["opens_at", "id"]


class ScheduleException(models.Model):
    """Days, both included, on which the usual hours do not hold: other hours, or none at all.

    ``opens_at`` and ``closes_at`` both empty: closed. A day that several rows cover goes by the
    rows of the fewest days ("closed all December, but the 28th").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="schedule_exceptions")
    first_day = models.DateField()
    last_day = models.DateField()
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    note_en = models.CharField(max_length=200, blank=True)
    note_fr = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["first_day", "opens_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="exception_days_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True, closes_at__isnull=True)
                | models.Q(opens_at__isnull=False, closes_at__isnull=False),
                name="exception_hours_whole",
            ),
        ]
