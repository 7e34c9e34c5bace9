"""Age: re-evaluated every day from the birth date; a band only where no date is known."""

from __future__ import annotations

import datetime

from django.utils import timezone

from referrals.models import AgeBand, Client

ADULT = 18
BAND_HOLDS = datetime.timedelta(days=365)
# First age of each adult band, oldest first.
BANDS = ((65, AgeBand.FROM_65), (50, AgeBand.FROM_50), (35, AgeBand.FROM_35), (25, AgeBand.FROM_25))


def age_of(client: Client) -> int | None:
    """Whole years today (Winnipeg's day), or None without a birth date.

    Who is born on 29 February turns a year older on 1 March of a common year, as the law counts it.
    """
    if not client.birth_date:
        return None
    born = datetime.date.fromisoformat(client.birth_date)
    today = timezone.localdate()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def current_band(client: Client) -> str:
    """The age band today: from the birth date where known, else as told."""
    age = age_of(client)
    if age is None:
        return client.age_band
    if age < ADULT:
        return AgeBand.UNDER_18.value
    return next((band.value for first, band in BANDS if age >= first), AgeBand.FROM_18.value)


def is_stale(client: Client) -> bool:
    """A band that was noted a year ago or more may be wrong by now; one that is open upwards stays."""
    lasting = (AgeBand.UNKNOWN.value, AgeBand.FROM_65.value)
    if client.birth_date or client.age_band in lasting:
        return False
    return client.age_noted_on <= stale_since()


def stale_since() -> datetime.date:
    return timezone.localdate() - BAND_HOLDS


def is_minor(client: Client) -> bool | None:
    """True under 18, False from 18 on, None while nobody knows the age."""
    band = current_band(client)
    return None if band == AgeBand.UNKNOWN.value else band == AgeBand.UNDER_18.value
