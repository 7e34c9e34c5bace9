"""Who acts: every rule takes an Actor, never a bare user."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from partners.errors import NotSignedIn, Refused, Suspended
from partners.roles import Capability


class Channel(StrEnum):
    NONE = "none"
    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - the name of a channel, not a secret
    LINK = "link"
    SYSTEM = "system"


class Side(StrEnum):
    SENDER = "sender"
    RECEIVER = "receiver"


@dataclass(frozen=True)
class Actor:
    """User or none, organization or none, what they may do, and by which channel they came.

    ``referral_id`` is set on a one-time link only: the single referral it opens. ``visit_id`` is the half
    hour there, once the code was given: it stands for who answers, whose name the visit keeps.
    ``acting_as`` settles the side where sender and receiver are one organization.
    ``suspended``: the network has shut their organization out; then they may do nothing in it.
    """

    channel: Channel = Channel.NONE
    user_id: UUID | None = None
    organization_id: UUID | None = None
    capabilities: frozenset[Capability] = frozenset()
    referral_id: UUID | None = None
    visit_id: UUID | None = None
    acting_as: Side | None = None
    suspended: bool = False

    @property
    def is_anonymous(self) -> bool:
        return self.channel is Channel.NONE

    @property
    def is_system(self) -> bool:
        return self.channel is Channel.SYSTEM

    def can(self, capability: Capability) -> bool:
        return capability in self.capabilities

    def require(self, capability: Capability) -> None:
        """401 without a sign-in, 403 without the capability, an organization, or while that is suspended."""
        if self.is_anonymous:
            raise NotSignedIn
        if self.suspended:
            raise Suspended
        if self.organization_id is None or not self.can(capability):
            raise Refused

    def acting(self, side: Side | None) -> Actor:
        return replace(self, acting_as=side)


ANONYMOUS = Actor()
SYSTEM = Actor(channel=Channel.SYSTEM)
