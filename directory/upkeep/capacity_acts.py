"""Telling the capacity of a listing: the one writer of what stands, and of its history."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import CapacityReport, Service, ServiceCapacity
from directory.models.attachments import CapacityValue
from directory.search import index
from directory.upkeep.access import held_service, is_published, method_of
from directory.upkeep.errors import NotPublished
from partners import audit
from partners.actor import Actor
from partners.errors import Invalid

MOST_PLACES, MOST_WEEKS = 10_000, 520
WITH_ROOM = {CapacityValue.OPEN, CapacityValue.LIMITED}
HISTORY = 50


@transaction.atomic
def set_capacity(
    actor: Actor,
    service: Service,
    *,
    value: str,
    available: int | None = None,
    wait_weeks: int | None = None,
) -> CapacityReport:
    """Tell it as of now. ``unknown`` takes back what was told. Raises Invalid, NotSeen, Refused."""
    _check(value, available, wait_weeks)
    saved = held_service(actor, service.pk)
    if not is_published(saved):
        raise NotPublished
    now = timezone.now()
    told: dict[str, Any] = {"value": value, "available": available, "wait_weeks": wait_weeks}
    ServiceCapacity.objects.update_or_create(service=saved, defaults={**told, "as_of": now})
    report = CapacityReport.objects.create(
        service=saved, **told, at=now, user_id=actor.user_id, method=method_of(actor).value
    )
    index.refresh(saved)
    audit.record(
        audit.Entry(
            actor,
            "tell_capacity",
            "service",
            saved.pk,
            chains=(saved.organization_id,),
            details={"capacity": value, "means": report.method},
        )
    )
    return report


def history_of(service: Service) -> list[CapacityReport]:
    """What was told, the newest first, as far as anybody looks back."""
    return list(service.capacity_reports.all()[:HISTORY])


def _check(value: str, available: int | None, wait_weeks: int | None) -> None:
    errors: dict[str, list[Any]] = {}
    if value not in CapacityValue.values:
        errors["value"] = [_("Choose one of the capacities.")]
    if available is not None and not 0 <= available <= MOST_PLACES:
        errors["available"] = [_("Enter a number from 0 to %(most)s.") % {"most": MOST_PLACES}]
    elif available and value not in WITH_ROOM:
        errors["available"] = [_("Only a service with space has places.")]
    if wait_weeks is not None and not 0 <= wait_weeks <= MOST_WEEKS:
        errors["wait_weeks"] = [_("Enter a number from 0 to %(most)s.") % {"most": MOST_WEEKS}]
    elif wait_weeks and value == CapacityValue.OPEN:
        errors["wait_weeks"] = [_("Where there is space, nobody waits.")]
    if errors:
        raise Invalid(errors)
