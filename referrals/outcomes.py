"""What became of it, and who says so: only then is the loop closed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor, Side
from partners.errors import Conflict, Refused
from partners.notifications import outbox
from referrals import events
from referrals.access import access_referral, sides_of
from referrals.happened import record
from referrals.models import Referral
from referrals.workflow import Status


def confirm_outcome(*, referral_id: UUID, actor: Actor) -> Referral:
    """The sender, having asked the person, confirms the outcome: only then is the loop closed."""
    referral = access_referral(referral_id, actor)
    _require_side(referral, actor, Side.SENDER)
    with transaction.atomic():
        closed = Referral.objects.filter(
            pk=referral.pk, status=Status.CLOSED.value, confirmed_at__isnull=True
        )
        if not closed.update(confirmed_at=timezone.now(), last_modified=timezone.now()):
            status = Referral.objects.values_list("status", flat=True).get(pk=referral.pk)
            raise Conflict(_("There is no outcome left to confirm."), current_status=status)
        events.record_event(referral, "confirmed", actor, Side.SENDER)
        outbox.add(referral.receiver_id, "confirmed", referral.pk, referral.code)
        record(referral, actor, "referral.confirm")
    return access_referral(referral_id, actor)


def _require_side(referral: Referral, actor: Actor, side: Side) -> None:
    held = sides_of(referral, actor)
    if side not in held or (actor.acting_as is not None and actor.acting_as is not side):
        raise Refused
