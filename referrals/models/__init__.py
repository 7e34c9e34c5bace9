"""What is asked, for whom, with whose consent, and what became of it."""

from referrals.models.clients import AgeBand, ChildProtectionRecord, Client, ClientPhase
from referrals.models.consents import Consent, ConsentGiver, ConsentMethod
from referrals.models.handoffs import (
    AttemptResult,
    ContactAttempt,
    ContactMethod,
    Handoff,
    HandoffKind,
    HandoffResult,
)
from referrals.models.introductions import Introduction, IntroductionKind, IntroductionState
from referrals.models.links import AnswerLink, LinkVisit
from referrals.models.messages import Document, Message, ReadMark
from referrals.models.outcomes import ConfirmationCode, NeedsMet, Outcome
from referrals.models.plans import OutreachContact, SupportEntry, SupportKind
from referrals.models.referrals import Need, OfferMode, Referral, ReferralKind, TimelineEvent, Urgency
from referrals.models.rights import ClientCorrection, Deletion, HoldAuthority, LegalHold
from referrals.models.safety import CareTeamMember, GlassBreak, LegalBasis, LegalBasisShare

__all__ = [
    "AgeBand",
    "AnswerLink",
    "AttemptResult",
    "CareTeamMember",
    "ChildProtectionRecord",
    "Client",
    "ClientCorrection",
    "ClientPhase",
    "ConfirmationCode",
    "Consent",
    "ConsentGiver",
    "ConsentMethod",
    "ContactAttempt",
    "ContactMethod",
    "Deletion",
    "Document",
    "GlassBreak",
    "Handoff",
    "HandoffKind",
    "HandoffResult",
    "HoldAuthority",
    "Introduction",
    "IntroductionKind",
    "IntroductionState",
    "LegalBasis",
    "LegalBasisShare",
    "LegalHold",
    "LinkVisit",
    "Message",
    "Need",
    "NeedsMet",
    "OfferMode",
    "Outcome",
    "OutreachContact",
    "ReadMark",
    "Referral",
    "ReferralKind",
    "SupportEntry",
    "SupportKind",
    "TimelineEvent",
    "Urgency",
]
