"""The timeline that both sides read alike. ``record_event`` is its only writer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor, Side
from partners.models import User
from partners.models.members import short_name
from referrals.access import side_of
from referrals.consent import Stage, stage_of, tells_how_to_reach
from referrals.models import LinkVisit, Referral, TimelineEvent

SYSTEM_SIDE, VISIT = "system", "visit"

# What each kind of event says, to both sides alike but for TO_SENDER.
TEXTS: dict[str, Promise] = {
    "drafted": _("Draft made"),
    "send": _("Sent"),
    "opened": _("First opened"),
    "reminder": _("Reminder: the promised day has passed"),
    "escalation": _("Still no answer: the managers were told"),
    "link_visit": _("Opened with the code of the link"),
    "accept": _("Accepted"),
    "waitlist": _("Put on the waitlist"),
    "decline": _("Declined"),
    "start_service": _("Service started"),
    "close": _("Closed"),
    "withdraw": _("Withdrawn"),
    "expire": _("Expired"),
    "void": _("Marked as entered in error"),
    "handoff_planned": _("Handoff planned"),
    "handoff_kept": _("Handoff took place"),
    "handoff_missed": _("Handoff did not take place"),
    "handoff_moved": _("Handoff moved to another time"),
    "attempt": _("Attempt to reach the person"),
    "message": _("Message sent"),
    "document": _("File sent"),
    "confirmed": _("Outcome confirmed"),
    "confirmed_by_client": _("Outcome confirmed by the person"),
    "outcome_corrected": _("Outcome corrected"),
    "continue_asked": _("Asked to take it up again"),
    "sharing_ended": _("No longer shared. Contact the sender."),
}
TO_SENDER: dict[str, Promise] = {"sharing_ended": _("No longer shared with the partner")}
# Before it is sent a referral is the sender's own business.
SENDER_ONLY = frozenset({"drafted"})
# By these the receiver's sight ends; whatever comes after the first of them is none of theirs.
ENDS = frozenset({"decline", "withdraw", "expire", "void", "sharing_ended"})
AFTER_END = frozenset({"continue_asked", "attempt", "confirmed", "confirmed_by_client"})


@dataclass(frozen=True)
class TimelineLine:
    """One line: what, which side, when, and who on the own side (the other side is its organization).

    ``link_name`` is who says they acted, by one-time link: both sides read it, there is no account to ask.
    """

    kind: str
    side: str
    at: datetime.datetime
    text: Promise
    organization_name: str
    user_name: str | None
    details: Mapping[str, Any]
    link_name: str = ""


def record_event(
    referral: Referral,
    kind: str,
    actor: Actor,
    side: Side | None,
    details: Mapping[str, Any] | None = None,
) -> TimelineEvent:
    """Add one line, in the act's own transaction. ``details`` holds codes, dates and the id of a visit."""
    if kind not in TEXTS:
        raise ValueError(kind)
    return TimelineEvent.objects.create(
        referral=referral,
        kind=kind,
        side=side.value if side else SYSTEM_SIDE,
        user_id=actor.user_id,
        organization_id=actor.organization_id,
        details=dict(details or {}) | ({VISIT: str(actor.visit_id)} if actor.visit_id else {}),
    )


def timeline(referral: Referral, actor: Actor) -> list[TimelineLine]:
    """The lines the actor's side may read, oldest first.

    For a receiver's tombstone only dates remain: sent, opened and the end, whose cause and details are
    left out. What came after the end is no end. How the sender tried to reach the person is for who may
    know how she is reached.
    """
    side = side_of(referral, actor)
    author = User.objects.filter(pk=OuterRef("user_id")).values("full_name")
    events = list(referral.events.annotate(author=Subquery(author)))
    if side is Side.RECEIVER:
        events = [event for event in events if event.kind not in SENDER_ONLY]
        if stage_of(referral, side) is Stage.TOMBSTONE:
            return [_buried(event, referral) for event in events if event.kind in ("send", "opened")] + [
                _buried(event, referral, "sharing_ended") for event in _end_of(events)
            ]
        if not tells_how_to_reach(referral):
            events = [event for event in events if event.kind != "attempt" or event.side == side.value]
    texts = TEXTS | TO_SENDER if side is Side.SENDER else TEXTS
    names = _names_of_visits(events)
    return [_line(event, referral, actor, texts[event.kind], names) for event in events]


def _names_of_visits(events: Sequence[TimelineEvent]) -> dict[str, str]:
    ids = {event.details[VISIT] for event in events if VISIT in event.details}
    return {str(visit.pk): visit.name for visit in LinkVisit.objects.filter(pk__in=ids)} if ids else {}


def _end_of(events: list[TimelineEvent]) -> list[TimelineEvent]:
    """The first end; while the clock has not yet written one, the last that happened before it."""
    ends = [event for event in events if event.kind in ENDS]
    return ends[:1] or [event for event in events if event.kind not in AFTER_END][-1:]


def _line(
    event: TimelineEvent, referral: Referral, actor: Actor, text: Promise, names: Mapping[str, str]
) -> TimelineLine:
    """With the first name of an own colleague; the other side is known by its organization."""
    own = event.organization_id == actor.organization_id
    return TimelineLine(
        kind=event.kind,
        side=event.side,
        at=event.at,
        text=text,
        organization_name=_organization(event.side, referral),
        user_name=short_name(event.author) if own and event.author else None,
        details={name: value for name, value in event.details.items() if name != VISIT},
        link_name=names.get(event.details.get(VISIT, ""), ""),
    )


def _buried(event: TimelineEvent, referral: Referral, kind: str | None = None) -> TimelineLine:
    kind = kind or event.kind
    side = SYSTEM_SIDE if kind == "sharing_ended" else event.side
    return TimelineLine(kind, side, event.at, TEXTS[kind], _organization(side, referral), None, {})


def _organization(side: str, referral: Referral) -> str:
    if side == Side.SENDER.value:
        return str(referral.sender)
    return str(referral.receiver) if side == Side.RECEIVER.value else ""
