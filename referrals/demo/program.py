"""What the demo's program does itself, and the needs that it offers to several partners."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from directory.models import Service
from referrals.clients import change_client
from referrals.models import Need
from referrals.needs import create_need
from referrals.offers import offer_need, send_offers
from referrals.plans import add_support, record_outreach

if TYPE_CHECKING:
    from referrals.demo.story import Story

# Days ago, people, area.
OUTREACH = ((1, 6, "north-end"), (4, 9, "west-end"), (11, 4, "north-end"), (33, 7, "point-douglas"))
# Days ago, phase, kind, note. She moved in after she had left, in phase 3.
SUPPORT = (
    (410, 1, "outreach_contact", ""),
    (402, 1, "intake", ""),
    (370, 2, "educational_group", "Rights at work."),
    (300, 3, "counselling", ""),
    (40, 4, "life_skills", "Budget for her own kitchen."),
    (12, 4, "ride", ""),
    (5, 4, "mentoring", "First meeting with her mentor."),
)
MOVED_IN = 255
# Listed, and outside the network: what goes there is logged.
OUTSIDE = "winnipeg:legalhelp"


def _plan(story: Story) -> None:
    """June lives in transitional housing; Nadia counts whom she met on outreach without a file."""
    nadia, june = story.actor("nadia"), story.clients["june"].pk
    for days, phase, kind, note in SUPPORT:
        add_support(actor=nadia, client_id=june, kind=kind, on=_ago(days), phase=phase, note=note)
    add_support(actor=nadia, client_id=june, kind="transitional_housing", on=_ago(MOVED_IN), phase=3)
    for days, people, area in OUTREACH:
        record_outreach(actor=nadia, people=people, on=_ago(days), area=area)


def _asked_at_once(story: Story) -> None:
    """Two are asked, the first to accept wins, and the other loses sight of it."""
    need = _need(story, "asha", "counselling", "soon", "A woman to talk to, in the evening.", ["child_care"])
    _offer(story, "asha", need, "at_once", ("red-river-counselling", "northern-light-day"))
    winner = need.referrals.get(service__source_id="demo:red-river-counselling")
    story.act(winner, "tom", "accept")


def _asked_in_turn(story: Story) -> None:
    """The first of the list had no space: the second is asked by itself."""
    need = _need(story, "wren", "harm-reduction", "routine", "Close to the bus.", ["transport"])
    _offer(story, "wren", need, "in_turn", ("northern-light-day", "red-river-stbbi"))
    first = need.referrals.get(position=1)
    story.act(first, "ines", "decline", reason="no_capacity")


def _logged(story: Story) -> None:
    """The body outside the network sees nothing: Nadia writes down what it said."""
    outside = Service.objects.get(source_id=OUTSIDE)
    consent = story.consent("marie", outside, ("identity", "contact", "justice"))
    referral = story.draft(
        "marie", outside, consent_id=consent.pk, category="legal-help", urgency="soon", kind="logged"
    )
    story.act(referral, "nadia", "send")
    story.act(referral, "nadia", "accept")


def _corrected_file(story: Story) -> None:
    """Lou wanted another word in the file: the old one stays in its history."""
    change_client(
        actor=story.worker_of("lou"),
        client_id=story.clients["lou"].pk,
        pronouns="iel",
        reason="Asked by Lou.",
    )


def _need(story: Story, client: str, category: str, urgency: str, matters: str, barriers: list[str]) -> Need:
    return create_need(
        actor=story.worker_of(client),
        client_id=story.clients[client].pk,
        category=category,
        urgency=urgency,
        matters=matters,
        barriers=barriers,
    )


def _offer(story: Story, client: str, need: Need, mode: str, services: tuple[str, ...]) -> None:
    listings = [story.service(key) for key in services]
    consents = [story.consent(client, each, ("identity", "contact", "situation")).pk for each in listings]
    actor = story.worker_of(client)
    ids = [each.pk for each in listings]
    offer_need(actor=actor, need_id=need.pk, services=ids, mode=mode, consents=consents)
    send_offers(actor=actor, need_id=need.pk)


def _ago(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


TOLD = (_plan, _asked_at_once, _asked_in_turn, _logged, _corrected_file)
