"""The timeline as it is drawn: two rivers that meet at acceptance, and what is still to come."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from partners.actor import Actor, Side
from partners.bilingual import localized
from referrals.details import UNKNOWN
from referrals.events import TimelineLine, timeline
from referrals.models import AttemptResult, ContactMethod, HandoffKind, Referral
from referrals.workflow import (
    CORRECTION_REASONS,
    DECLINE_REASONS,
    EXPIRE_REASONS,
    OUTCOMES,
    VOID_REASONS,
    WITHDRAW_REASONS,
    Status,
)

REASONS: Mapping[str, Mapping[str, Promise]] = {
    "decline": DECLINE_REASONS,
    "withdraw": WITHDRAW_REASONS,
    "expire": EXPIRE_REASONS,
    "void": VOID_REASONS,
    "outcome_corrected": CORRECTION_REASONS,
}


@dataclass(frozen=True)
class Entry:
    """One entry; ``lane`` names the piece of river beside it, ``dot`` whose line it stands on."""

    lane: str
    dot: str
    title: str
    when: datetime.datetime | None = None
    text: str = ""
    clock: bool = False


def entries(referral: Referral, actor: Actor) -> list[Entry]:
    """What has happened, oldest first, then what both sides still expect."""
    lines = timeline(referral, actor)
    still = [] if any(line.kind == "sharing_ended" for line in lines) else to_come(referral)
    drawn: list[Entry] = []
    sent = met = False
    for index, line in enumerate(lines):
        last = index == len(lines) - 1 and not still
        drawn.append(_entry(line, referral, sent=sent, met=met, first=index == 0, last=last))
        sent = sent or line.kind == "send"
        met = met or line.kind == "accept"
    return drawn + still


def to_come(referral: Referral) -> list[Entry]:
    """After acceptance: the next step, and the person's own word, which closes the loop."""
    status = Status(referral.status)
    if referral.accepted_at is None or referral.confirmed_at is not None:
        return []
    steps = {
        Status.ACCEPTED: [_("Next: the service starts")],
        Status.WAITLISTED: [_("Next: a place, and the service starts")],
        Status.IN_SERVICE: [_("Next: the outcome")],
        Status.CLOSED: [],
    }.get(status)
    if steps is None:
        return []
    last = Entry(
        "later_end",
        "both",
        _("Last: the person says how it went"),
        text=_("Only then is the follow-up complete."),
        clock=True,
    )
    return [Entry("later", "both", step, clock=True) for step in steps] + [last]


def _entry(
    line: TimelineLine, referral: Referral, *, sent: bool, met: bool, first: bool, last: bool
) -> Entry:
    return Entry(
        lane=_lane(line.kind, sent=sent, met=met, first=first, last=last),
        dot=_dot(line.side, met=met),
        title=_title(line, referral),
        when=line.at,
        text=_text(line, referral),
    )


def _lane(kind: str, *, sent: bool, met: bool, first: bool, last: bool) -> str:
    if met:
        return "both_end" if last else "both"
    if kind == "accept":
        return "both_end" if last else "meet"
    if sent:
        return "two_end" if last else "two"
    if kind == "send":
        return "opens_first" if first else "opens"
    if first:
        return "start"
    return "sender_end" if last else "sender"


def _dot(side: str, *, met: bool) -> str:
    if met:
        return "both"
    return "2" if side == Side.RECEIVER.value else "1"


def _title(line: TimelineLine, referral: Referral) -> str:
    """What happened and who did it: a colleague by first name, the other side by its organization, and
    who came by link by both."""
    organization = {Side.SENDER.value: referral.sender, Side.RECEIVER.value: referral.receiver}.get(line.side)
    name = localized(organization, "name").text if organization else ""
    who = line.user_name or name
    if line.link_name:
        who = _("%(organization)s, by link: %(name)s") % {"organization": name, "name": line.link_name}
    return _("%(what)s by %(who)s") % {"what": line.text, "who": who} if who else str(line.text)


def _text(line: TimelineLine, referral: Referral) -> str:
    if line.kind == "send" and referral.answer_due_on and referral.status == Status.SENT.value:
        day = date_format(referral.answer_due_on, "DATE_FORMAT")
        return _("Answer promised by %(date)s") % {"date": day}
    return ". ".join(_facts(line.kind, line.details))


def _facts(kind: str, details: Mapping[str, Any]) -> list[str]:
    """The codes and dates of an event in words."""
    facts = []
    if details.get("reason"):
        facts.append(str(REASONS.get(kind, {}).get(details["reason"], "")))
    if details.get("outcome"):
        facts.append(str(OUTCOMES.get(details["outcome"], "")))
    if details.get("expected_date") == UNKNOWN:
        facts.append(_("Date of a place not known"))
    elif details.get("expected_date"):
        facts.append(_("Place expected %(date)s") % {"date": _day(details["expected_date"])})
    if details.get("date"):
        facts.append(_day(details["date"]))
    if kind.startswith("handoff") and details.get("kind") in HandoffKind.values:
        facts.append(str(HandoffKind(details["kind"]).label))
    if kind == "attempt":
        facts += [str(ContactMethod(details["method"]).label), str(AttemptResult(details["result"]).label)]
    return [fact for fact in facts if fact]


def _day(iso: str) -> str:
    return date_format(datetime.date.fromisoformat(iso), "DATE_FORMAT")
