"""What the sender's page says of the partner's one-time link: where it stands, and the code to tell."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from directory.models import Phone
from partners.actor import Actor, Side
from referrals.access import known, side_of
from referrals.links import minting
from referrals.links.letters import address_of, preview_address_of
from referrals.links.opening import is_shared
from referrals.links.renewing import of_sender
from referrals.models import AnswerLink, LinkVisit, Referral, ReferralKind
from referrals.workflow import Status


@dataclass(frozen=True)
class LinkState:
    """``state``: no_address, none, waiting (its mail is not written yet), sent, run_out, closed; preview.

    ``code`` is what the sender tells the partner, "" once it has done its work.
    """

    state: str
    code: str = ""
    expires_at: datetime.datetime | None = None
    visited_at: datetime.datetime | None = None
    phones: Sequence[Phone] = ()


def sender_state(referral_id: UUID, actor: Actor) -> LinkState | None:
    """As the page says it, for the sender alone. Raises NotSeen, Refused."""
    return link_state(of_sender(referral_id, actor), actor)


def link_state(referral: Referral, actor: Actor) -> LinkState | None:
    """For the sender of what may be answered by link now; None for everybody and everything else."""
    if side_of(referral, actor) is not Side.SENDER:
        return None
    if referral.kind == ReferralKind.LOGGED:
        return _of_preview(referral) if is_shared(referral, preview=True) else None
    answers = known(referral, "receiver_answers", lambda: not minting.without_sign_in(referral.receiver))
    if answers or not is_shared(referral):
        return None
    if not address_of(referral):
        return LinkState("no_address", phones=list(referral.receiver.phones.all()))
    link = minting.current(referral.pk)
    return _of_link(referral, link) if link else LinkState("none")


def _of_link(referral: Referral, link: AnswerLink) -> LinkState:
    """The code is shown until the referral is answered, and later until somebody is in by this link."""
    if link.killed_at is not None:
        return LinkState("closed")
    visits = LinkVisit.objects.filter(link__referral_id=referral.pk).order_by("-started_at")
    last = visits.values_list("started_at", "link_id").first()
    done = referral.status != Status.SENT.value and last is not None and last[1] == link.pk
    state = "sent"
    if link.expires_at is None:
        state = "waiting"
    elif link.expires_at <= timezone.now():
        state = "run_out"
    return LinkState(
        state=state,
        code="" if done else link.code,
        expires_at=link.expires_at,
        visited_at=last[0] if last else None,
    )


def _of_preview(referral: Referral) -> LinkState | None:
    if not preview_address_of(referral):
        return None
    rows = AnswerLink.objects.filter(referral_id=referral.pk, preview_only=True, replaced_at__isnull=True)
    link = rows.first()
    return LinkState("preview", expires_at=link.expires_at if link else None)
