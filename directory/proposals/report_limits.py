"""How many reports one address may send, and how many one listing may get, by page and API together."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from partners.rate_limit import within_limit, within_limit_of

HOUR = 60 * 60
# So many for one listing that a few addresses can't close it to everybody else.
FROM_ONE_ADDRESS, ABOUT_ONE_LISTING = 5, 50


def within_limits(request: HttpRequest, service_id: UUID) -> bool:
    """Count one more; False where there were too many in this hour."""
    one = within_limit(request, "report", attempts=FROM_ONE_ADDRESS, seconds=HOUR)
    return one and within_limit_of(str(service_id), "reported", attempts=ABOUT_ONE_LISTING, seconds=HOUR)
