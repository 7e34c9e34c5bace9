"""New links that somebody asks for: the sender with a new code, the holder of an old letter with the same."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor, Side
from partners.errors import Conflict, Refused
from partners.notifications import outbox
from referrals import preconditions
from referrals.access import access_referral, held, sides_of
from referrals.happened import record
from referrals.links import minting
from referrals.links.letters import address_of, preview_address_of
from referrals.links.opening import is_shared, link_actor
from referrals.models import AnswerLink, Referral
from referrals.telling import conflict

NOT_NEEDED = _("This partner answers in Relais itself. It needs no link.")
NO_ADDRESS = _("There is no address to write to. Phone them.")
ENDED = _("This referral has ended.")


def new_link(*, referral_id: UUID, actor: Actor) -> AnswerLink:
    """The sender has a link with a new code sent to the partner; every older one ends at once.

    Raises NotSeen, Refused (not the sender), ConsentRequired, AgreementRequired, Conflict (not sent, ended,
    a partner with sign-ins, no address).
    """
    referral = of_sender(referral_id, actor)
    with transaction.atomic():
        preconditions.require_consent(referral, actor)
        referral = _held(referral, actor)
        if not is_shared(referral):
            raise conflict(referral, actor, ENDED)
        if not minting.without_sign_in(referral.receiver):
            raise Conflict(NOT_NEEDED)
        if not address_of(referral):
            raise Conflict(NO_ADDRESS)
        link = minting.renew(referral)
        record(referral, actor, "referral.link_new", (referral.sender_id,))
    return link


def send_preview(*, referral_id: UUID, actor: Actor) -> None:
    """A body outside the network is sent a link that shows no more than the preview and whom to phone."""
    referral = of_sender(referral_id, actor)
    with transaction.atomic():
        preconditions.require_consent(referral, actor)
        referral = _held(referral, actor)
        if not is_shared(referral, preview=True):
            raise conflict(referral, actor, ENDED)
        if not preview_address_of(referral):
            raise Conflict(NO_ADDRESS)
        outbox.add(referral.receiver_id, minting.PREVIEW, referral.pk, referral.code)
        record(referral, actor, "referral.link_preview", (referral.sender_id,))


def ask_again(link: AnswerLink) -> None:
    """Who holds an old letter has a new one sent to the same address, with the code they have."""
    referral = link.referral
    with transaction.atomic():
        held(Referral.objects, referral.pk)
        minting.owe_letter(referral)
        audit.record(
            audit.Entry(
                actor=link_actor(referral),
                action="referral.link_again",
                object_type="referral",
                object_id=referral.pk,
                chains=(referral.sender_id, referral.receiver_id),
            )
        )


def of_sender(referral_id: UUID, actor: Actor) -> Referral:
    referral = access_referral(referral_id, actor)
    acts = actor.acting_as in (None, Side.SENDER)
    if not acts or Side.SENDER not in sides_of(referral, actor):
        raise Refused
    return referral


def _held(referral: Referral, actor: Actor) -> Referral:
    """As it stands under its lock."""
    held(Referral.objects, referral.pk)
    return access_referral(referral.pk, actor)
