"""Which role may do what: one table, read by rules, pages and tests alike."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    WORKER = "worker"
    MANAGER = "manager"
    RECEIVER_INTAKE = "receiver_intake"
    LISTING_EDITOR = "listing_editor"
    NETWORK_ADMIN = "network_admin"
    PRIVACY_OFFICER = "privacy_officer"
    EVALUATOR = "evaluator"
    POLICE_LIAISON = "police_liaison"


class Capability(StrEnum):
    CLIENTS = "clients"  # read and write the own organization's client files
    CHILD_PROTECTION = "child_protection"  # read and write the child-protection record
    SEND = "send"  # the sender's side of a referral
    ANSWER = "answer"  # the receiver's side of a referral
    VOID = "void"  # mark a referral as entered in error
    EDIT_LISTINGS = "edit_listings"
    ADMIT_PARTNERS = "admit_partners"
    READ_AUDIT = "read_audit"
    READ_INDICATORS = "read_indicators"


ROLE_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.WORKER: frozenset(
        {Capability.CLIENTS, Capability.CHILD_PROTECTION, Capability.SEND, Capability.ANSWER}
    ),
    Role.MANAGER: frozenset(
        {
            Capability.CLIENTS,
            Capability.CHILD_PROTECTION,
            Capability.SEND,
            Capability.ANSWER,
            Capability.VOID,
        }
    ),
    Role.RECEIVER_INTAKE: frozenset({Capability.ANSWER}),
    Role.LISTING_EDITOR: frozenset({Capability.EDIT_LISTINGS}),
    Role.NETWORK_ADMIN: frozenset({Capability.ADMIT_PARTNERS, Capability.EDIT_LISTINGS}),
    Role.PRIVACY_OFFICER: frozenset({Capability.READ_AUDIT, Capability.CHILD_PROTECTION}),
    Role.EVALUATOR: frozenset({Capability.READ_INDICATORS}),
    # Police see public data only until their own channel is built (domain.md 5.3).
    Role.POLICE_LIAISON: frozenset(),
}


def capabilities_of(roles: list[str]) -> frozenset[Capability]:
    """The union over the roles. An unknown role grants nothing."""
    known = [Role(role) for role in roles if role in set(Role)]
    return frozenset().union(*(ROLE_CAPABILITIES[role] for role in known))
