"""The workflow once more, as simple as it can be said: what the walk holds the real one against.

Nothing here imports a rule of the product. Times are aware datetimes, a consent is live from ``given``
(included) to ``until`` (excluded) unless it ended before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

# Days in Winnipeg until what nobody has answered expires; on a waitlist without a date it is asked about
# after 150, and has 30 more from the day after.
UNANSWERED, ON_WAITLIST = 30, 181
WINNIPEG = ZoneInfo("America/Winnipeg")
BASE = {"identity", "contact"}
KINDS: dict[str, set[str]] = {
    "community_health_centre": BASE | {"situation", "health", "family", "indigenous_identity"},
    "housing_shelter": BASE | {"situation", "family", "housing"},
    "addiction_service": BASE | {"situation", "health", "family"},
}
# action: from, to, who, whether it needs a live consent
TABLE: dict[str, tuple[set[str], str, str, bool]] = {
    "send": ({"draft"}, "sent", "sender", True),
    "accept": ({"sent", "waitlisted"}, "accepted", "receiver", True),
    "waitlist": ({"sent", "accepted"}, "waitlisted", "receiver", True),
    "decline": ({"sent"}, "declined", "receiver", False),
    "start_service": ({"accepted"}, "in_service", "receiver", True),
    "close": ({"accepted", "waitlisted", "in_service"}, "closed", "receiver", False),
    "withdraw": (
        {"draft", "sent", "waitlisted", "accepted", "in_service"},
        "withdrawn",
        "sender",
        False,
    ),
    "void": (
        {
            "sent",
            "accepted",
            "waitlisted",
            "in_service",
            "closed",
            "declined",
            "withdrawn",
            "expired",
            "entered_in_error",
        },
        "entered_in_error",
        "manager",
        False,
    ),
}
TOMBSTONES = {"declined", "withdrawn", "expired", "entered_in_error"}
OPEN = {"draft", "sent", "accepted", "waitlisted", "in_service"}


@dataclass
class Permission:
    """A consent."""

    client: int
    recipient: str
    groups: frozenset[str]
    given: datetime
    until: datetime
    ended: bool = False

    def live(self, now: datetime) -> bool:
        return not self.ended and self.given <= now < self.until


@dataclass
class Wanted:
    """A need: ``in_turn`` when its partners are asked one after another."""

    client: int
    in_turn: bool


@dataclass
class Offered:
    """A referral. ``events``: how many lines its timeline has; ``turn``: its place in the list."""

    need: Wanted
    receiver: str
    permission: Permission | None
    turn: int = 0
    status: str = "draft"
    sent: bool = False
    accepted: bool = False
    buried: bool = False
    events: int = 1
    sent_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        return self.permission is not None and self.permission.live(now)

    def stage(self, now: datetime) -> str:
        """What the receiver sees."""
        if not self.sent:
            return "nothing"
        if self.status in TOMBSTONES or not self.live(now):
            return "tombstone"
        return "disclosed" if self.accepted else "preview"

    def groups(self, now: datetime, kind: str) -> set[str]:
        if self.stage(now) != "disclosed" or self.permission is None:
            return set()
        return set(self.permission.groups) & KINDS[kind]


@dataclass
class Book:
    """Everything that was agreed and offered so far."""

    permissions: list[Permission] = field(default_factory=list)
    offers: dict[Any, Offered] = field(default_factory=dict)

    def expected(self, offer: Offered, action: str, who: str, now: datetime) -> int | str:
        """The status of the refusal, or the state it moves to. ``who``: sender, manager, stranger or an
        organization's key."""
        sources, target, party, needs_consent = TABLE[action]
        sender = who in ("sender", "manager")
        if not sender and not (who == offer.receiver and offer.sent):
            return 404
        if party == "receiver" and sender:
            return 403
        if party in ("sender", "manager") and not sender:
            return 403
        if party == "manager" and who != "manager":
            return 403
        if needs_consent and not offer.live(now):
            return 422 if sender else 409
        return target if offer.status in sources else 409

    def move(self, offer: Offered, target: str, now: datetime, reason: str = "") -> None:
        """The act, and what follows from it for the need's other partners."""
        if target == "sent":
            offer.sent, offer.sent_at = True, now
        if target == "accepted":
            offer.accepted = True
        offer.status = target
        offer.events += 1
        if target == "accepted":
            for other in self._others(offer):
                if other.status in ("draft", "sent", "waitlisted") and not other.accepted:
                    other.status, other.events = "withdrawn", other.events + 1
        elif target in ("declined", "expired", "withdrawn") and reason != "consent" and not offer.accepted:
            self._go_on(offer, now)

    def _others(self, offer: Offered) -> list[Offered]:
        return [one for one in self.offers.values() if one.need is offer.need and one is not offer]

    def _go_on(self, ended: Offered, now: datetime) -> None:
        """The next of the list is asked, if the list has begun, nobody is being asked, and she has agreed."""
        others = self._others(ended)
        begun = ended.sent or any(one.sent for one in others)
        asked = any(one.status in OPEN - {"draft"} for one in others)
        drafts = sorted((one for one in others if one.status == "draft"), key=lambda one: one.turn)
        if ended.need.in_turn and begun and not asked and drafts and drafts[0].live(now):
            self.move(drafts[0], "sent", now)

    def agree(self, permission: Permission, now: datetime) -> None:
        """A new consent takes the place of a live one for the same client and recipient; referrals on that
        go over to it, and drafts without a live one get it."""
        replaced = [
            one
            for one in self.permissions
            if (one.client, one.recipient) == (permission.client, permission.recipient) and one.live(now)
        ]
        self.permissions.append(permission)
        for offer in self.offers.values():
            if offer.permission is not None and any(offer.permission is one for one in replaced):
                offer.permission = permission
            same = (offer.need.client, offer.receiver) == (permission.client, permission.recipient)
            if same and offer.status == "draft" and not offer.live(now):
                offer.permission = permission
        for one in replaced:
            one.ended = True

    def tick(self, now: datetime) -> None:
        """The clock: consents that have run out, then what nobody has answered for 30 days."""
        for permission in self.permissions:
            if not permission.ended and permission.until <= now:
                self.end(permission, now, "expired")
        for status, patience in (("sent", UNANSWERED), ("waitlisted", ON_WAITLIST)):
            for offer in list(self.offers.values()):
                if offer.status == status and not offer.accepted and _days(offer.sent_at, now) >= patience:
                    self.move(offer, "expired", now, "deadline")

    def end(self, permission: Permission, now: datetime, target: str) -> None:
        """Withdrawn or run out (``expired``): what was not accepted ends, the rest is buried."""
        if target == "withdrawn":
            permission.ended = True
        for offer in self.offers.values():
            if offer.permission is not permission:
                continue
            if offer.status == "sent" or (offer.status == "waitlisted" and not offer.accepted):
                self.move(offer, target, now, "consent")
            elif offer.status in ("accepted", "in_service", "waitlisted", "closed") and not offer.buried:
                offer.buried = True
                offer.events += 1


def _days(start: datetime | None, now: datetime) -> int:
    """Days between two dates as Winnipeg writes them."""
    return (now.astimezone(WINNIPEG).date() - (start or now).astimezone(WINNIPEG).date()).days
