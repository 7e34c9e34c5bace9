"""States and actions of a referral, as data. No ORM: screens, API, documentation and tests read this.

The rules in words stand in the table below, once. ``referrals.actions`` applies them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actor import Side
from partners.roles import Capability


class Status(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    IN_SERVICE = "in_service"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered_in_error"


STATUS_LABELS: dict[Status, Promise] = {
    Status.DRAFT: _("Draft"),
    Status.SENT: _("Sent"),
    Status.ACCEPTED: _("Accepted"),
    Status.WAITLISTED: _("On waitlist"),
    Status.IN_SERVICE: _("Service under way"),
    Status.CLOSED: _("Closed"),
    Status.DECLINED: _("Declined"),
    Status.WITHDRAWN: _("Withdrawn"),
    Status.EXPIRED: _("Expired"),
    Status.ENTERED_IN_ERROR: _("Entered in error"),
}
STATUS_CHOICES = [(status.value, label) for status, label in STATUS_LABELS.items()]

FINAL = frozenset({Status.DECLINED, Status.CLOSED, Status.WITHDRAWN, Status.EXPIRED, Status.ENTERED_IN_ERROR})
OPEN = frozenset(Status) - FINAL
# In these the receiver sees code and dates only, whatever the cause.
TOMBSTONED = frozenset({Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED, Status.ENTERED_IN_ERROR})

DECLINE_REASONS: dict[str, Promise] = {
    "not_eligible": _("Not eligible for this service"),
    "no_capacity": _("No space available"),
    "outside_area": _("Outside the area served"),
    "service_not_offered": _("Service not offered here"),
    "needs_more_information": _("More information needed"),
    "safety_of_others": _("Safety of other people"),
    "other": _("Other (explain)"),
}
WITHDRAW_REASONS: dict[str, Promise] = {
    "client_choice": _("The person chose otherwise"),
    "safety": _("Safety concern"),
    "consent_withdrawn": _("Consent was withdrawn"),
    "accepted_elsewhere": _("Accepted by another partner"),
}
# Set by the system alone.
SYSTEM_WITHDRAW_REASONS = frozenset({"consent_withdrawn", "accepted_elsewhere"})
# After these ends a list of partners goes on by itself. Where she took a consent back, where it ran out
# or where somebody saw a danger, a worker asks her first.
GOES_ON: dict[str, frozenset[str]] = {
    "decline": frozenset(DECLINE_REASONS),
    "expire": frozenset({"deadline"}),
    "withdraw": frozenset({"client_choice"}),
}
EXPIRE_REASONS: dict[str, Promise] = {
    "deadline": _("No answer in time"),
    "consent_expired": _("Consent expired"),
}
VOID_REASONS: dict[str, Promise] = {
    "wrong_person": _("Wrong person"),
    "wrong_service": _("Wrong service"),
    "duplicate": _("Entered twice"),
}
OUTCOMES: dict[str, Promise] = {
    "got_help": _("Got help"),
    "got_some_help": _("Got some of the help"),
    "could_not_reach": _("Could not reach the person"),
    "did_not_attend": _("The person did not come"),
    "no_longer_wanted": _("No longer wanted by the person"),
    "not_eligible": _("Not eligible"),
    "no_capacity": _("No space available"),
    "could_not_help": _("The service could not help"),
    "referred_on": _("Referred to another service"),
    "unsafe_to_continue": _("Not safe to continue"),
}
OUTCOME_CHOICES = list(OUTCOMES.items())
# Why an outcome was replaced by a new one.
CORRECTION_REASONS: dict[str, Promise] = {
    "wrong_outcome": _("The wrong outcome was chosen"),
    "wrong_date": _("The date was wrong"),
    "learned_more": _("More became known later"),
    "sender_asked": _("The sender asked the person"),
    "person_answered": _("The person answered"),
}
# Chosen by nobody: they come with the confirmation.
CONFIRMATION_REASONS = frozenset({"sender_asked", "person_answered"})


class Party(StrEnum):
    """Who may act.

    ``sender_if_logged``: the sender, where the receiver is outside the network. ``sender_if_police``: the
    sender, where police are asked to call and never say what became of it. ``system_in_turn``: the
    system, for the draft whose turn it is in a list of partners that are asked one after another.
    """

    SENDER = "sender"
    RECEIVER = "receiver"
    SYSTEM = "system"
    SENDER_MANAGER = "sender_manager"
    SENDER_IF_LOGGED = "sender_if_logged"
    SENDER_IF_POLICE = "sender_if_police"
    SYSTEM_IN_TURN = "system_in_turn"


@dataclass(frozen=True)
class Action:
    """One row of the workflow table.

    ``required`` details must be given; ``optional`` ones may be; anything else is refused (400).
    ``consent``: the action needs a live consent for the receiver (422 without).
    """

    name: str
    label: Promise
    sources: frozenset[Status]
    target: Status
    parties: frozenset[Party]
    consent: bool = False
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    opens_partner_duty: bool = False

    @property
    def path(self) -> str:
        """The action in an address: hyphens for underscores."""
        return self.name.replace("_", "-")


def _rows(*actions: Action) -> dict[str, Action]:
    return {action.name: action for action in actions}


S, P = Status, Party
ACTIONS: dict[str, Action] = _rows(
    Action(
        "send",
        _("Send referral"),
        frozenset({S.DRAFT}),
        S.SENT,
        frozenset({P.SENDER, P.SYSTEM_IN_TURN}),
        consent=True,
        # A partner with a live agreement, a listing neither archived nor lapsed, a person of known
        # age, and for a person under 18 a child-protection record.
        opens_partner_duty=True,
    ),
    Action(
        "accept",
        _("Accept"),
        frozenset({S.SENT, S.WAITLISTED}),
        S.ACCEPTED,
        frozenset({P.RECEIVER, P.SENDER_IF_LOGGED}),
        consent=True,
    ),
    Action(
        "waitlist",
        _("Put on waitlist"),
        frozenset({S.SENT, S.ACCEPTED}),
        S.WAITLISTED,
        frozenset({P.RECEIVER, P.SENDER_IF_LOGGED}),
        consent=True,
        required=("expected_date",),
    ),
    Action(
        "decline",
        _("Decline"),
        frozenset({S.SENT}),
        S.DECLINED,
        frozenset({P.RECEIVER, P.SENDER_IF_LOGGED}),
        required=("reason",),
        optional=("note",),
        reasons=tuple(DECLINE_REASONS),
    ),
    Action(
        "start_service",
        _("Start service"),
        frozenset({S.ACCEPTED}),
        S.IN_SERVICE,
        frozenset({P.RECEIVER, P.SENDER_IF_LOGGED}),
        consent=True,
        required=("date",),
    ),
    Action(
        "close",
        _("Close"),
        frozenset({S.ACCEPTED, S.WAITLISTED, S.IN_SERVICE}),
        S.CLOSED,
        frozenset({P.RECEIVER, P.SENDER_IF_LOGGED, P.SENDER_IF_POLICE}),
        required=("outcome", "date"),
        optional=("needs_met", "note"),
    ),
    Action(
        "withdraw",
        _("Withdraw"),
        frozenset({S.DRAFT, S.SENT, S.WAITLISTED, S.ACCEPTED, S.IN_SERVICE}),
        S.WITHDRAWN,
        frozenset({P.SENDER, P.SYSTEM}),
        required=("reason",),
        reasons=tuple(WITHDRAW_REASONS),
    ),
    Action(
        "expire",
        _("Let expire"),
        frozenset({S.SENT, S.WAITLISTED}),
        S.EXPIRED,
        frozenset({P.SYSTEM}),
        required=("reason",),
        reasons=tuple(EXPIRE_REASONS),
    ),
    Action(
        "void",
        _("Mark as entered in error"),
        frozenset(Status) - {S.DRAFT},
        S.ENTERED_IN_ERROR,
        frozenset({P.SENDER_MANAGER}),
        required=("reason",),
        reasons=tuple(VOID_REASONS),
    ),
)
# Beside the table, because the status stays: the side that recorded an outcome replaces a wrong one.
CORRECTION = Action(
    "correct_outcome",
    _("Correct the outcome"),
    frozenset({S.CLOSED}),
    S.CLOSED,
    frozenset({P.RECEIVER, P.SENDER_IF_LOGGED}),
    required=("outcome", "date", "reason"),
    optional=("needs_met",),
    reasons=tuple(CORRECTION_REASONS),
)
del S, P

# What each party must be able to do, and on which side it stands (None: neither).
PARTY_CAPABILITY: dict[Party, Capability] = {
    Party.SENDER: Capability.SEND,
    Party.RECEIVER: Capability.ANSWER,
    Party.SENDER_MANAGER: Capability.VOID,
    Party.SENDER_IF_LOGGED: Capability.SEND,
    Party.SENDER_IF_POLICE: Capability.SEND,
}
PARTY_SIDE: dict[Party, Side] = {
    Party.SENDER: Side.SENDER,
    Party.RECEIVER: Side.RECEIVER,
    Party.SENDER_MANAGER: Side.SENDER,
    Party.SENDER_IF_LOGGED: Side.SENDER,
    Party.SENDER_IF_POLICE: Side.SENDER,
}


def actions_from(status: Status, parties: Iterable[Party]) -> list[Action]:
    """The actions open in a state to somebody who is all of these parties, in the table's order."""
    held = frozenset(parties)
    return [a for a in ACTIONS.values() if status in a.sources and a.parties & held]
