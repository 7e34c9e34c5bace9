"""Who is who."""

from partners.models.agreements import Agreement, AgreementText, ApplicationState, PartnerApplication
from partners.models.audit import AuditCheckpoint, AuditEvent, AuditHead
from partners.models.clock import ClockMark
from partners.models.members import ApiToken, Invitation, Membership, User
from partners.models.notifications import (
    Channel,
    Delivery,
    MailPace,
    Notification,
    NotificationChoice,
    OutboxRow,
    Webhook,
)
from partners.models.organizations import Organization, OrganizationAlias
from partners.models.provenance import AliasKind, Provenance, SourceType
from partners.models.sessions import OpenSession

__all__ = [
    "Agreement",
    "AgreementText",
    "AliasKind",
    "ApiToken",
    "ApplicationState",
    "AuditCheckpoint",
    "AuditEvent",
    "AuditHead",
    "Channel",
    "ClockMark",
    "Delivery",
    "Invitation",
    "MailPace",
    "Membership",
    "Notification",
    "NotificationChoice",
    "OpenSession",
    "Organization",
    "OrganizationAlias",
    "OutboxRow",
    "PartnerApplication",
    "Provenance",
    "SourceType",
    "User",
    "Webhook",
]
