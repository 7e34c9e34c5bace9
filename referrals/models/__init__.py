"""What is asked, for whom, with whose consent, and what became of it."""

from referrals.models.clients import (
    AgeBand,
    ChildProtectionRecord,
    Client,
    ClientPhase,
)
from referrals.models.consents import Consent, ConsentGiver, ConsentMethod
from referrals.models.referrals import (
    Handoff,
    HandoffKind,
    HandoffResult,
    Message,
    Need,
    Outcome,
    Referral,
    ReferralKind,
    TimelineEvent,
    Urgency,
)

__all__ = [
    "AgeBand",
    "ChildProtectionRecord",
    "Client",
    "ClientPhase",
    "Consent",
    "ConsentGiver",
    "ConsentMethod",
    "Handoff",
    "HandoffKind",
    "HandoffResult",
    "Message",
    "Need",
    "Outcome",
    "Referral",
    "ReferralKind",
    "TimelineEvent",
    "Urgency",
]
