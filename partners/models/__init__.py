"""Who is who."""

from partners.models.agreements import Agreement
from partners.models.audit import AuditCheckpoint, AuditEvent, AuditHead
from partners.models.members import ApiToken, Membership, User
from partners.models.notifications import OutboxRow
from partners.models.organizations import Organization, OrganizationAlias
from partners.models.provenance import AliasKind, Provenance, SourceType

__all__ = [
    "Agreement",
    "AliasKind",
    "ApiToken",
    "AuditCheckpoint",
    "AuditEvent",
    "AuditHead",
    "Membership",
    "Organization",
    "OrganizationAlias",
    "OutboxRow",
    "Provenance",
    "SourceType",
    "User",
]
