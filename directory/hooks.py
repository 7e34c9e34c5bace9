"""What higher apps add to the directory's pages, without the directory knowing them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from partners.hooks import Hook

if TYPE_CHECKING:
    from directory.models import Service  # an app's configuration imports this before there are models


@dataclass(frozen=True)
class Panel:
    """One box beside a listing: a template, and what it needs as ``panel``."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class CapacityHint:
    """What a partner's own answers say of a service's capacity: ``count`` of them, in so many ``days``."""

    value: str
    count: int
    days: int


# Asked for services; answers those whose capacity looks otherwise than it is told.
capacity_suggestions: Hook[Callable[[Collection[UUID]], dict[UUID, CapacityHint]]] = Hook()

# Run in the deletion's transaction, before it. Raises a DomainError where the service is still needed.
before_service_delete: Hook[Callable[[UUID], None]] = Hook()

# Run in the transaction of a merge, with the kept and the dropped listing of one organization.
listing_merged: Hook[Callable[[UUID, UUID], None]] = Hook()

# Asked how many referrals to a listing have not ended yet.
open_referrals: Hook[Callable[[UUID], int]] = Hook()

type_of_panel_source = Callable[[HttpRequest, "Service"], Panel | None]

type_of_public_source = Callable[["Service"], Panel | None]

_sources: list[type_of_panel_source] = []
_public_sources: list[type_of_public_source] = []


def register_listing_panel(source: type_of_panel_source) -> None:
    """Called in a higher app's ``ready()``. The source answers None where it has nothing to show."""
    if source not in _sources:
        _sources.append(source)


def register_public_listing_panel(source: type_of_public_source) -> None:
    """A box for everybody. The source gets the listing alone, so it can't look at who asks."""
    if source not in _public_sources:
        _public_sources.append(source)


def listing_panels(request: HttpRequest, service: Service) -> list[Panel]:
    """The boxes for everybody, then those for members.

    Without a session cookie no source of the latter is asked, so none can open a session.
    """
    panels = [source(service) for source in _public_sources]
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        panels += [source(request, service) for source in _sources]
    return [panel for panel in panels if panel is not None]
