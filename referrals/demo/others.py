"""The other directions: calls that police are asked for, introductions, a person who asks herself."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from partners import police_channel
from referrals.calls import answer_call
from referrals.introduction_texts import CURRENT_VERSION
from referrals.introductions import ask_for_contact, introduce
from referrals.models import Referral

if TYPE_CHECKING:
    from referrals.demo.story import Story

LIAISON, PROGRAM = "police-liaison-contact", "prairie-lantern-program"


def _calls(story: Story) -> None:
    """One that Mo said yes to, after a second worker had checked it; one that waits for that worker."""
    police_channel.switch(actor=story.actor("rosa"), on=True)
    accepted = _call(story, "marie", ("identity",))
    story.act(accepted, "rosa", "send")
    answer_call(actor=story.actor("mo"), referral_id=accepted.pk, will_call=True)
    _call(story, "wren", ())


def _introductions(story: Story) -> None:
    introduce(
        actor=story.actor("mo"),
        service_id=story.service(PROGRAM).pk,
        chosen_name="Ellie (demo)",
        safe_contact=_safe("call", hours="After 4 pm"),
        language="en",
        text_version=CURRENT_VERSION,
        consented_on=(timezone.localdate() - datetime.timedelta(days=1)).isoformat(),
        no_consequence_told=True,
    )
    ask_for_contact(
        service_id=story.service(PROGRAM).pk,
        chosen_name="Jo (demo)",
        safe_contact=_safe("text"),
        language="en",
        message="Please text only while the kids are at school.",
    )


def _call(story: Story, client: str, groups: tuple[str, ...]) -> Referral:
    """A consent of its own for each call."""
    liaison = story.service(LIAISON)
    consent = story.consent(client, liaison, groups)
    return story.draft(client, liaison, consent_id=consent.pk, category="police-liaison")


def _safe(method: str, hours: str | None = None) -> dict[str, Any]:
    return {
        "methods": [method],
        "phone": "204-555-0187",
        "email": None,
        "hours": hours,
        "voicemail": False,
        "text": method == "text",
        "code_word": None,
        "do_not_contact": False,
    }


TOLD = (_calls, _introductions)
