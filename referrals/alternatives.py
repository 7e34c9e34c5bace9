"""Where else to ask: other services for the same need, offered to the sender once a partner says no."""

from __future__ import annotations

from django.db.models import QuerySet

from directory.found import listings
from directory.models import Service
from directory.search import Criteria, search_services
from partners.actor import Actor, Side
from partners.models import Organization
from referrals.access import side_of
from referrals.consent import POLICE
from referrals.models import Need, Referral
from referrals.workflow import OPEN, Status

MOST, LISTED = 6, 20


def alternatives(referral: Referral, actor: Actor) -> list[Service]:
    """For the sender of a declined referral; empty for everybody else and while the need is closed."""
    declined = referral.status == Status.DECLINED.value and side_of(referral, actor) is Side.SENDER
    if not declined or referral.need.closed_at is not None:
        return []
    return list(services_for(referral.need, actor)[:MOST])


def services_for(need: Need, actor: Actor) -> QuerySet[Service]:
    """Services of the need's category that take referrals now and have not been asked for it yet."""
    partners = Organization.objects.with_agreement().exclude(kind=POLICE)
    asked = Referral.objects.visible_to(actor).filter(need=need)
    found = Service.objects.visible_to(actor).open_to_referrals().filter(organization__in=partners)
    found = found.filter(attributes__term=need.category).exclude(pk__in=asked.values("service_id"))
    return found.select_related("organization").distinct().order_by("name_en", "pk")


def candidates(need: Need, actor: Actor, q: str = "") -> list[Service]:
    """Whom the need can be offered to: what the words find, or the services of its category."""
    rows = services_for(need, actor)
    if not q:
        return list(rows[:LISTED])
    found = search_services(actor=actor, criteria=Criteria(q=q, accepts_referrals=True), page_size=LISTED)
    asked = Referral.objects.visible_to(actor).filter(need=need, status__in=[s.value for s in OPEN])
    open_now = set(asked.values_list("service_id", flat=True))
    return [row.service for row in listings(found, actor) if row.service.pk not in open_now]
