"""Going on from a referral that has ended: either side may ask, the sender makes a new draft."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor, Side
from partners.errors import Conflict, Refused
from referrals import turns
from referrals.access import access_referral, known, side_of
from referrals.consent import TOMBSTONE
from referrals.drafts import create_draft
from referrals.happened import happened
from referrals.models import Referral
from referrals.telling import conflict, told_status
from referrals.workflow import FINAL, OPEN, Status

ASKED = "continue_asked"
# The ends that a receiver knows of, because they were its own acts.
_KNOWN_TO_RECEIVER = frozenset({Status.DECLINED, Status.CLOSED})


def ask_to_continue(*, referral_id: UUID, actor: Actor) -> Referral:
    """The receiver would take it up again: the sender is told, and decides.

    Only what the receiver ended itself can be asked about; of every other end it knows nothing.
    Raises Refused for the sender, who needs not ask, and Conflict.
    """
    with transaction.atomic():
        turns.hold(access_referral(referral_id, actor).need_id)
        referral = access_referral(referral_id, actor)
        if side_of(referral, actor) is not Side.RECEIVER:
            raise Refused
        reason = _receivers_obstacle(referral, actor)
        if reason:
            raise reason
        happened(referral, actor, Side.RECEIVER, ASKED)
    return access_referral(referral_id, actor)


def may_ask(referral: Referral, actor: Actor) -> bool:
    """Whether ``ask_to_continue`` would be heard now."""
    return side_of(referral, actor) is Side.RECEIVER and _receivers_obstacle(referral, actor) is None


def may_continue(referral: Referral, actor: Actor) -> bool:
    """Whether ``continue_referral`` can make a draft now, as far as the referral itself says."""
    final = Status(referral.status) in FINAL
    return side_of(referral, actor) is Side.SENDER and final and not _goes_on(referral)


def continue_referral(*, referral_id: UUID, actor: Actor) -> Referral:
    """A new draft for the same need and service, linked to the one that has ended.

    It waits for a consent of its own: the old one was for what has ended. Raises Refused for the
    receiver, Conflict (not final, or gone on already), ListingNotOpen.
    """
    with transaction.atomic():
        turns.hold(access_referral(referral_id, actor).need_id)
        referral = access_referral(referral_id, actor)
        if side_of(referral, actor) is not Side.SENDER:
            raise Refused
        if Status(referral.status) not in FINAL:
            raise conflict(referral, actor, _("Only a referral that has ended can be continued."))
        if _goes_on(referral):
            raise Conflict(_("This referral is being continued already."), current_status=referral.status)
        return create_draft(
            actor=actor,
            client_id=referral.client_id,
            service_id=referral.service_id,
            need_id=referral.need_id,
            note=referral.note,
            kind=referral.kind,
            continues=referral,
        )


def _goes_on(referral: Referral) -> bool:
    rows = referral.continued_by.filter(status__in=[status.value for status in OPEN])
    return known(referral, "is_continued", rows.exists)


def _receivers_obstacle(referral: Referral, actor: Actor) -> Conflict | None:
    told = told_status(referral, Side.RECEIVER)
    if told is None:
        return Conflict(TOMBSTONE)
    if told not in _KNOWN_TO_RECEIVER:
        return conflict(referral, actor, _("Only a referral that has ended can be continued."))
    if known(referral, "was_asked_to_go_on", referral.events.filter(kind=ASKED).exists):
        return Conflict(_("The sender has been asked already."), current_status=told.value)
    return None
