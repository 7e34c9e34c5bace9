"""Where else to ask: other services for the same need, offered to the sender once a partner says no."""

from __future__ import annotations

from django.db.models import QuerySet

from directory.models import Service
from partners.actor import Actor, Side
from partners.models import Organization
from referrals.access import side_of
from referrals.consent import POLICE
from referrals.models import Need, Referral
from referrals.workflow import Status

MOST = 6


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
