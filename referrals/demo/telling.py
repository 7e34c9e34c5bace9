"""What the demo's people find told to them when they first look, and a system that cannot be told."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone

from partners.models import Channel, Delivery, MailPace, Membership
from partners.notifications import delivery, fanout, inbox, webhooks
from referrals.messages import send_message
from referrals.models import Referral

if TYPE_CHECKING:
    from referrals.demo.story import Story

# Nothing answers below .example, nowhere.
SYSTEM = "https://relais.redriver.example/told"


def choose_paces(story: Story) -> None:
    """Before anything is told: Pat has one mail a day, Paula none."""
    inbox.choose(actor=story.actor("pat"), pace=MailPace.DIGEST)
    inbox.choose(actor=story.actor("paula"), pace=MailPace.NONE)


def read_what_was_told(story: Story) -> None:
    """What happened until now everybody has read: new is what comes after."""
    _hand_on()
    active = Membership.objects.filter(ended_at__isnull=True).order_by("pk")
    for user_id, organization_id in set(active.values_list("user_id", "organization_id")):
        inbox.read_all(actor=story.actor_of(user_id, organization_id))


def _dead_letter(story: Story) -> None:
    """Red River's system was never there: what it is owed is given up with the next attempt."""
    _hand_on()
    webhooks.add(actor=story.actor("tom"), url=SYSTEM)
    nadia = story.actor("nadia")
    waitlisted = Referral.objects.visible_to(nadia).get(status="waitlisted")
    send_message(referral_id=waitlisted.pk, actor=nadia, text="Evenings suit best, if there is a choice.")
    _hand_on()
    calls = Delivery.objects.filter(channel=Channel.WEBHOOK)
    calls.update(attempts=len(delivery.BACK_OFF))


def deliver() -> None:
    """Every mail goes into the mailbox. Once the story is committed: a secret link is made with its mail.

    That one call is given up belongs to the story, and to no log.
    """
    logging.disable()
    try:
        while delivery.deliver_due().done:
            pass
    finally:
        logging.disable(logging.NOTSET)


def _hand_on() -> None:
    for row in fanout.due(timezone.now()).order_by("created_at", "id"):
        fanout.fan_out(row.pk)


TOLD = (_dead_letter,)
