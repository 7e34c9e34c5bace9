"""Named places where a higher app adds to what this one does.

Each app registers in its ``ready()``; registering a name again replaces it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Generic, TypeVar
from uuid import UUID

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
