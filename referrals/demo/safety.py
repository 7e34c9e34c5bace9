"""What protects the people of the demo: reports, a care team, a broken glass, a legal basis, a hold."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from referrals.care_team import break_glass, set_team
from referrals.clients import record_child_protection
from referrals.legal_basis import request_share
from referrals.rights.holds import place_hold

if TYPE_CHECKING:
    from referrals.demo.story import Story

AGENCY = "Child and Family Services (demo)"


def _under_18(story: Story) -> None:
    """Tess was reported; of Mika it was said two hours ago that the report is being made."""
    now, nadia = timezone.now(), story.actor("nadia")
    reports = (("tess", "reported", 48), ("mika", "being_reported", 2))
    for client, state, hours in reports:
        record_child_protection(
            actor=nadia,
            client_id=story.clients[client].pk,
            state=state,
            at=now - datetime.timedelta(hours=hours),
            reported_to=AGENCY,
        )
    clinic = story.service("red-river-stbbi")
    consent = story.consent(
        "tess",
        clinic,
        ("identity", "contact"),
        given_by="self",
        given_by_reason="She understands what is shared and why.",
    )
    referral = story.draft("tess", clinic, consent_id=consent.pk, category="stbbi", urgency="soon")
    story.act(referral, "nadia", "send")


def _restricted(story: Story) -> None:
    """Only Nadia works with Ada. Rosa opened the file for an hour; Paula has to review it."""
    nadia, ada = story.actor("nadia"), story.clients["ada"].pk
    set_team(actor=nadia, client_id=ada, restricted=True)
    break_glass(
        actor=story.actor("rosa"),
        client_id=ada,
        reason="Nadia is away and the person called about tonight.",
    )


def _legal_basis(story: Story) -> None:
    """Asked for by Nadia; nothing is shared before somebody else has decided."""
    request_share(
        actor=story.actor("nadia"),
        client_id=story.clients["tess"].pk,
        basis="child_at_risk",
        reason="The agency asks how to reach her safely.",
        field_groups=["identity", "contact"],
        recipient=AGENCY,
    )


def _hold(story: Story) -> None:
    place_hold(
        actor=story.actor("paula"),
        client_id=story.clients["marie"].pk,
        authority="person",
        reason="Asked in writing to keep the file until her hearing.",
    )


TOLD = (_under_18, _restricted, _legal_basis, _hold)
