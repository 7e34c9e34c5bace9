"""What lies some weeks back, for the numbers that count whole months: who refers to whom, how soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from referrals.demo.past import set_referral_back
from referrals.outcomes import confirm_outcome

if TYPE_CHECKING:
    from referrals.demo.story import Story

# Longer than any month, so that it lies in an earlier one whenever the demo is made.
DAYS_AGO = 40
# Listing, category, who answers, whose: five are told as a number, two are not.
SENT = (
    ("northern-light-day", "treatment-day", "ines", ("wren", "asha", "june", "marie", "asha")),
    ("red-river-counselling", "counselling", "tom", ("wren", "asha", "june", "marie", "wren")),
    ("two-rivers-skills", "skills-training", "pat", ("june", "asha")),
)


def _earlier(story: Story) -> None:
    for service, category, name, clients in SENT:
        for client in clients:
            _helped(story, client, service, category, name)


def _helped(story: Story, client: str, service: str, category: str, name: str) -> None:
    referral = story.sent(client, service, category)
    story.act(referral, name, "accept")
    story.act(referral, name, "close", outcome="got_help", date=timezone.localdate())
    confirm_outcome(referral_id=referral.pk, actor=story.worker_of(client))
    set_referral_back(referral, DAYS_AGO)


TOLD = (_earlier,)
