"""Closed by default. Which records an actor sees is decided below, by ``visible_to`` and ``access_*``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request

from partners.errors import NotSignedIn, Refused, Suspended
from partners.roles import Capability

if TYPE_CHECKING:  # views imports the default permission, so this module can't import views
    from rest_framework.views import APIView


class Denied(BasePermission):
    """The default: a view that names no permission answers nobody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class PublicRead(AllowAny):
    """Everybody may read. A view with this permission has no method that writes."""


class PublicReport(AllowAny):
    """Everybody may send, within limits of how often; what was sent, nobody reads here."""


class Member(BasePermission):
    """Whoever belongs to an organization that is not suspended; the core says what they may read."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        actor = request.actor
        if actor.is_anonymous:
            raise NotSignedIn
        if actor.suspended:
            raise Suspended
        if actor.organization_id is None:
            raise Refused
        return True


class _HasCapability(Member):
    capabilities: frozenset[Capability] = frozenset()

    def has_permission(self, request: Request, view: APIView) -> bool:
        super().has_permission(request, view)
        if not request.actor.capabilities & self.capabilities:
            raise Refused
        return True


def HasCapability(*capabilities: Capability) -> type[BasePermission]:
    """401 without a sign-in, 403 without an organization and at least one of the capabilities."""
    name = "Has" + "Or".join(capability.name.title().replace("_", "") for capability in capabilities)
    return type(name, (_HasCapability,), {"capabilities": frozenset(capabilities)})
