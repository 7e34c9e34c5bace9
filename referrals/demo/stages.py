"""How far each referral of the demo is."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from referrals.attempts import record_attempt
from referrals.documents import add_document
from referrals.handoffs import plan_handoff, record_handoff
from referrals.messages import send_message
from referrals.opened import mark_opened
from referrals.outcomes import confirm_outcome, correct_outcome

if TYPE_CHECKING:
    from referrals.demo.story import Story

LETTER = settings.BASE_DIR / "fixtures" / "network" / "demo_letter.pdf"
# Enough for the listing to tell workers how it answered and helped.
AT_PRIMARY_CARE = (
    ("wren", "got_help", True),
    ("june", "got_help", True),
    ("marie", "did_not_attend", True),
    ("asha", "could_not_reach", False),
    ("june", "got_some_help", False),
)


def _got_help(story: Story) -> None:
    """The whole loop: met, helped, closed, confirmed by the sender."""
    referral = story.sent("asha", "northern-light-day", "treatment-day", urgency="soon")
    ines = story.actor("ines")
    mark_opened(referral.pk, ines)
    story.act(referral, "ines", "accept")
    handoff = plan_handoff(
        referral_id=referral.pk,
        actor=ines,
        kind="accompanied",
        when=timezone.now() + datetime.timedelta(hours=2),
        companion="Nadia (demo)",
        ride=True,
    )
    record_handoff(handoff_id=handoff.id, actor=ines, result="kept")
    story.act(referral, "ines", "start_service", date=timezone.localdate())
    story.act(referral, "ines", "close", outcome="got_help", date=timezone.localdate())
    confirm_outcome(referral_id=referral.pk, actor=story.actor("nadia"))


def _waits_for_answer(story: Story) -> None:
    story.sent("wren", "northern-light-detox", "withdrawal-community", urgency="urgent")


def _accepted(story: Story) -> None:
    referral = story.sent("june", "two-rivers-pre-employment", "pre-employment")
    pat = story.actor("pat")
    mark_opened(referral.pk, pat)
    story.act(referral, "pat", "accept")
    plan_handoff(
        referral_id=referral.pk, actor=pat, kind="warm", when=timezone.now() + datetime.timedelta(days=2)
    )
    send_message(referral_id=referral.pk, actor=pat, text="We look forward to meeting on the day planned.")
    nadia = story.actor("nadia")
    add_document(referral_id=referral.pk, actor=nadia, name="Letter (demo).pdf", content=LETTER.read_bytes())
    send_message(referral_id=referral.pk, actor=nadia, text="The letter you asked for is here.")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    record_attempt(
        referral_id=referral.pk,
        actor=pat,
        method="call",
        result="no_answer",
        next_on=tomorrow,
        note="Rang six times. Try after supper.",
    )


def _waitlisted(story: Story) -> None:
    referral = story.sent("marie", "red-river-counselling", "trauma-therapy", urgency="soon")
    mark_opened(referral.pk, story.actor("tom"))
    expected = timezone.localdate() + datetime.timedelta(weeks=4)
    story.act(referral, "tom", "waitlist", expected_date=expected)


def _declined(story: Story) -> None:
    referral = story.sent("asha", "red-river-primary-care", "community-clinic")
    mark_opened(referral.pk, story.actor("tom"))
    story.act(referral, "tom", "decline", reason="no_capacity")


def _draft(story: Story) -> None:
    """Nobody has asked Dee yet: the draft waits for a consent."""
    story.draft("dee", story.service("red-river-stbbi"), category="stbbi", urgency="soon")


def _incoming(story: Story) -> None:
    """From Northern Light to Prairie Lantern: Nadia is the receiver for once."""
    story.sent("robin", "prairie-lantern-program", "new-start-program", urgency="soon")


def _helped_before(story: Story) -> None:
    """Closed ones of one listing; some confirmed, one corrected, one waiting for the sender."""
    tom, today = story.actor("tom"), timezone.localdate()
    for client, outcome, confirmed in AT_PRIMARY_CARE:
        referral = story.sent(client, "red-river-primary-care", "community-clinic")
        story.act(referral, "tom", "accept")
        story.act(referral, "tom", "close", outcome=outcome, date=today)
        if outcome == "did_not_attend":
            correct_outcome(
                referral_id=referral.pk, actor=tom, outcome="got_help", date=today, reason="learned_more"
            )
        if confirmed:
            confirm_outcome(referral_id=referral.pk, actor=story.actor("nadia"))


TOLD = (
    _got_help,
    _waits_for_answer,
    _accepted,
    _waitlisted,
    _declined,
    _draft,
    _incoming,
    _helped_before,
)
