"""What the two sides of one referral write to each other."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor, Side
from partners.errors import Invalid, Refused
from referrals import preconditions, pressing
from referrals.access import access_referral, side_of
from referrals.consent import Stage, stage_of
from referrals.details import REQUIRED, clean_text
from referrals.happened import happened
from referrals.models import Message, Referral, ReferralKind
from referrals.telling import conflict
from referrals.unread import move_mark, own_id, written_in
from referrals.workflow import OPEN, Status

MESSAGE_LENGTH = 4000


@dataclass(frozen=True)
class MessageView:
    """A message; ``author`` is a colleague's first name, or empty for the other side.

    ``unread``: it came from the other side after what the own side has marked as read.
    """

    id: UUID
    side: str
    organization_name: str
    author: str
    text: str
    sent_at: datetime.datetime
    unread: bool


def send_message(
    *, referral_id: UUID, actor: Actor, text: str, until: datetime.datetime | None = None
) -> Message:
    """A message to the other side of an open, sent referral. Needs live consent.

    Who replies has read what came before ``until``, or before now.
    """
    referral = access_referral(referral_id, actor)
    side = side_of(referral, actor)
    try:
        clean = clean_text(text, MESSAGE_LENGTH)
    except ValueError as error:
        raise Invalid({"text": [error.args[0]]}) from None
    if not clean:
        raise Invalid({"text": [REQUIRED]})
    if actor.user_id is None and actor.visit_id is None:
        raise Refused
    with transaction.atomic():
        require_open(referral, actor)
        move_mark(referral, side, until)
        message = Message.objects.create(
            referral=referral, organization_id=own_id(referral, side), author_id=actor.user_id, text=clean
        )
        pressing.refresh(referral.pk)
        happened(referral, actor, side, "message")
    return message


def require_open(referral: Referral, actor: Actor) -> None:
    """Sent, not ended, consent in force and locked: then the two sides may write to each other.

    A body outside the network reads nothing here, so nobody is left to think that it did.
    """
    if referral.kind == ReferralKind.LOGGED:
        raise Refused(_("This body is outside the network and reads nothing here. Call or write to it."))
    preconditions.require_consent(referral, actor)
    if referral.sent_at is None or Status(referral.status) not in OPEN:
        raise conflict(referral, actor, _("This referral has ended."))


def messages_of(referral: Referral, actor: Actor) -> list[MessageView]:
    """Oldest first. Nothing for the receiver of a tombstone."""
    side = side_of(referral, actor)
    if side is Side.RECEIVER and stage_of(referral, side) is Stage.TOMBSTONE:
        return []
    rows = written_in(referral.messages, own_id(referral, side))
    return [
        MessageView(
            id=row.pk,
            side=(Side.SENDER if row.organization_id == referral.sender_id else Side.RECEIVER).value,
            organization_name=str(row.organization),
            author=_colleague(row, actor),
            text=row.text,
            sent_at=row.sent_at,
            unread=row.unread,
        )
        for row in rows
    ]


def _colleague(row: Message, actor: Actor) -> str:
    """Empty for the other side, and for who wrote by one-time link: the timeline names them."""
    own = row.organization_id == actor.organization_id
    return row.author.get_short_name() if own and row.author is not None else ""
