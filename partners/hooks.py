"""Named places where a higher app adds to what this one does.

Each app registers in its ``ready()``; registering a name again replaces it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from partners.actor import Actor
    from partners.audit import Entry
    from partners.models import Organization

Registered = TypeVar("Registered")


class Hook(Generic[Registered]):
    """Callables under their names, in the order they were registered."""

    def __init__(self) -> None:
        self._registered: dict[str, Registered] = {}

    def register(self, name: str, function: Registered) -> None:
        self._registered[name] = function

    def __iter__(self) -> Iterator[tuple[str, Registered]]:
        return iter(list(self._registered.items()))


# Run by every tick. Each is safe to run at any time, twice, and beside itself.
clock_tasks: Hook[Callable[[], object]] = Hook()

# Asked by /readyz: what is wrong, in words for the log; nothing when all is well.
readiness_checks: Hook[Callable[[], list[str]]] = Hook()

# Asked of an organization and an object who of its members may learn of it; None: whoever the notice names.
notice_readers: Hook[Callable[[UUID, UUID], Collection[UUID] | None]] = Hook()

# Asked, in the deletion's own transaction, to remove what they keep beside objects by their ids.
forgetters: Hook[Callable[[Collection[UUID]], object]] = Hook()


@dataclass(frozen=True)
class Departure:
    """A member has just lost roles in an organization, perhaps all of them, by ``actor``'s act."""

    actor: Actor
    user_id: UUID
    organization_id: UUID
    successor_id: UUID | None = None


# Called, in the act's own transaction, once roles have ended: hand over what hangs on the user. What it
# answers is recorded with the act; whatever it raises takes the act back.
member_left: Hook[Callable[[Departure], list[Entry]]] = Hook()


class PartnerFigures(Protocol):
    """How soon a partner answers. None: too few to tell it from.

    ``median_days``: working days to the first answer. ``on_time``: percent that kept the promise.
    """

    @property
    def median_days(self) -> int | None: ...

    @property
    def on_time(self) -> int | None: ...


# Asked for the partners on a page of the list, all at once. Who is left out has no figures.
partner_figures: Hook[Callable[[Collection[UUID]], Mapping[UUID, PartnerFigures]]] = Hook()

# Asked for the partners on a page of the list: how many of their listings take referrals.
partner_listings: Hook[Callable[[Collection[UUID]], Mapping[UUID, int]]] = Hook()

# Asked to narrow organizations to those that everybody finds in the directory.
found_by_everybody: Hook[Callable[[QuerySet[Organization]], QuerySet[Organization]]] = Hook()
