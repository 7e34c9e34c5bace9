"""Which role may do what: one table, read by rules, pages and tests alike."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    WORKER = "worker"
    ORGANIZATION_ADMIN = "organization_admin"
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
    BREAK_GLASS = "break_glass"  # open a restricted file for an hour, with a reason
    REVIEW_SHARING = "review_sharing"  # decide on sharing without consent, on another legal basis
    EDIT_LISTINGS = "edit_listings"
    ADMIT_PARTNERS = "admit_partners"
    READ_AUDIT = "read_audit"
    RIGHTS = "rights"  # export, hold and delete the own organization's files, by their codes
    READ_INDICATORS = "read_indicators"
    INTRODUCE = "introduce"  # leave a person’s name and safe contact with a program
    POLICE_CHANNEL = "police_channel"  # see and answer the calls that workers ask of police
    MANAGE_MEMBERS = "manage_members"  # invite, give roles, end memberships in the own organization
    SIGN_AGREEMENT = "sign_agreement"  # sign the data-sharing agreement for the own organization
    MANAGE_NOTICES = "manage_notices"  # webhooks, and what could not be delivered, of the own organization
    KEEP_CATALOGUE = "keep_catalogue"  # decide on any listing: proposals, reports, samples, merges
    SEE_NETWORK = "see_network"  # who refers to whom, in numbers, without any client data
    SWITCH_POLICE_CHANNEL = "switch_police_channel"  # decide whether one’s workers may ask for them


ROLE_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.WORKER: frozenset(
        {
            Capability.CLIENTS,
            Capability.CHILD_PROTECTION,
            Capability.SEND,
            Capability.ANSWER,
            Capability.INTRODUCE,
        }
    ),
    Role.ORGANIZATION_ADMIN: frozenset(
        {Capability.MANAGE_MEMBERS, Capability.SIGN_AGREEMENT, Capability.MANAGE_NOTICES}
    ),
    Role.MANAGER: frozenset(
        {
            Capability.CLIENTS,
            Capability.CHILD_PROTECTION,
            Capability.SEND,
            Capability.ANSWER,
            Capability.INTRODUCE,
            Capability.SWITCH_POLICE_CHANNEL,
            Capability.VOID,
            Capability.BREAK_GLASS,
            Capability.REVIEW_SHARING,
            Capability.RIGHTS,
        }
    ),
    Role.RECEIVER_INTAKE: frozenset({Capability.ANSWER}),
    Role.LISTING_EDITOR: frozenset({Capability.EDIT_LISTINGS}),
    Role.NETWORK_ADMIN: frozenset(
        {
            Capability.ADMIT_PARTNERS,
            Capability.EDIT_LISTINGS,
            Capability.KEEP_CATALOGUE,
            Capability.SEE_NETWORK,
            Capability.MANAGE_MEMBERS,
            Capability.MANAGE_NOTICES,
        }
    ),
    Role.PRIVACY_OFFICER: frozenset(
        {
            Capability.READ_AUDIT,
            Capability.CHILD_PROTECTION,
            Capability.REVIEW_SHARING,
            Capability.RIGHTS,
        }
    ),
    Role.EVALUATOR: frozenset({Capability.READ_INDICATORS, Capability.SEE_NETWORK}),
    Role.POLICE_LIAISON: frozenset({Capability.POLICE_CHANNEL, Capability.INTRODUCE}),
}
# Whoever is police in an organization holds nothing else there, whatever other role was given to them:
# beside their own channel they see what the public sees (domain.md 5.3).
OPEN_TO_POLICE = (
    ROLE_CAPABILITIES[Role.POLICE_LIAISON]
    | ROLE_CAPABILITIES[Role.LISTING_EDITOR]
    | ROLE_CAPABILITIES[Role.ORGANIZATION_ADMIN]
)


def capabilities_of(roles: list[str], *, police: bool = False) -> frozenset[Capability]:
    """The union over the roles. An unknown role grants nothing.

    ``police``: the organization is a police liaison; there no role opens what is closed to police.
    """
    known = [Role(role) for role in roles if role in set(Role)]
    held: frozenset[Capability] = frozenset().union(*(ROLE_CAPABILITIES[role] for role in known))
    return held & OPEN_TO_POLICE if police or Role.POLICE_LIAISON in known else held


def roles_with(*capabilities: Capability) -> list[str]:
    """The roles that grant at least one of them."""
    return sorted(role for role, granted in ROLE_CAPABILITIES.items() if granted & set(capabilities))
