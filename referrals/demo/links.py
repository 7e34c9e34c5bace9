"""A partner that answers from its mail, and a body outside that is asked to phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from referrals.links import minting, opening
from referrals.links.renewing import send_preview

if TYPE_CHECKING:
    from referrals.demo.story import Story

CLINIC, OUTSIDE = "birchwood-evening", "harbour-advice"


def _letter(story: Story) -> None:
    """The link lies in the mailbox; the code stands on Nadia's page."""
    story.sent("june", CLINIC, "community-clinic", urgency="soon")


def _closed(story: Story) -> None:
    """Somebody guessed five times: the link is dead, and Nadia makes a new code."""
    referral = story.sent("marie", CLINIC, "community-clinic")
    token, link = minting.mint(referral), minting.current(referral.pk)
    assert link is not None  # noqa: S101 - the send has made it
    wrong = f"{(int(link.code) + 1) % 10**minting.DIGITS:0{minting.DIGITS}}"
    for _try in range(minting.TRIES):
        opening.enter(token, wrong, "")


def _preview(story: Story) -> None:
    """Logged, because the agreement has ended; its listing has an address to write to."""
    listing = story.service(OUTSIDE)
    consent = story.consent("asha", listing, ("identity",))
    referral = story.draft("asha", listing, consent_id=consent.pk, category="legal-help", kind="logged")
    story.act(referral, "nadia", "send")
    send_preview(referral_id=referral.pk, actor=story.actor("nadia"))


TOLD = (_letter, _closed, _preview)
