"""An agreement comes to its end: both sides are reminded 60, 30 and 7 days before, and told when it has."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from partners.clock_marks import marked, once, pages
from partners.joining.network import tell_network
from partners.models import Agreement
from partners.notifications import outbox

DAYS_BEFORE = (7, 30, 60)
ENDING, ENDED = "agreement_ending", "agreement_ended"
# What the network is told of the same, at the partner's own page.
OF_PARTNER = {ENDING: "partner_agreement_ending", ENDED: "partner_agreement_ended"}


def remind_of_ends() -> int:
    """Each of the three once, the nearest alone where the clock stood still in between."""
    today = timezone.localdate()
    last = today + datetime.timedelta(days=max(DAYS_BEFORE))
    rows = _signed().filter(ends_on__gte=today, ends_on__lte=last)
    return sum(_remind(pk, today) for pk in list(pages(rows, "ends_on")))


def tell_ended() -> int:
    """On the day after the last day, or as soon as the clock goes again."""
    today = timezone.localdate()
    rows = _signed().filter(~marked(ENDED), ends_on__lt=today)
    return sum(_tell_ended(pk, today) for pk in list(pages(rows, "ends_on")))


def _signed() -> QuerySet[Agreement]:
    """Signed, not terminated, and not followed by another one without a gap."""
    signed = Agreement.objects.filter(signed_at__isnull=False, terminated_at__isnull=True)
    following = signed.filter(
        organization_id=OuterRef("organization_id"),
        ends_on__gt=OuterRef("ends_on"),
        starts_on__lte=OuterRef("ends_on") + datetime.timedelta(days=1),
    )
    return signed.filter(~Exists(following))


@transaction.atomic
def _remind(agreement_id: UUID, today: datetime.date) -> bool:
    agreement = _held(agreement_id)
    if agreement is None or agreement.ends_on < today:
        return False
    left = (agreement.ends_on - today).days
    due = min(days for days in DAYS_BEFORE if left <= days)
    return _tell(agreement, ENDING, str(due))


@transaction.atomic
def _tell_ended(agreement_id: UUID, today: datetime.date) -> bool:
    agreement = _held(agreement_id)
    if agreement is None or agreement.ends_on >= today:
        return False
    return _tell(agreement, ENDED, agreement.ends_on.isoformat())


def _held(agreement_id: UUID) -> Agreement | None:
    """None where it was renewed, terminated or removed since it was found."""
    rows = Agreement.objects.select_for_update(no_key=True)
    held = rows.filter(pk=agreement_id).first()
    return held if held is not None and _signed().filter(pk=agreement_id).exists() else None


def _tell(agreement: Agreement, kind: str, due: str) -> bool:
    if not once(kind, agreement.pk, due):
        return False
    outbox.add(agreement.organization_id, kind, agreement.pk, "")
    tell_network(OF_PARTNER[kind], agreement.organization_id)
    return True
