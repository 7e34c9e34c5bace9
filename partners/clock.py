"""One turn of the clock: what is due by now is done, once."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings

from partners import hooks
from partners.notifications import delivery

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tick:
    """What one turn did. ``failed`` names the tasks that broke off; the others ran all the same."""

    delivered: int
    put_off: int
    failed: list[str]


def tick() -> Tick:
    """Every registered task, then what is owed, because a task may add to it."""
    failed = [name for name, task in hooks.clock_tasks if not _ran(name, task)]
    turn = delivery.deliver_due()
    return Tick(turn.done, turn.put_off, failed)


def clear_sessions() -> None:
    """Sessions that have ended leave the database."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _ran(name: str, task: Callable[[], object]) -> bool:
    try:
        task()
    except Exception as error:  # one task that breaks must not stop the clock
        # Kind and place only: the words of an error can repeat what it failed on.
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error("task %s: %s in %s:%s", name, type(error).__name__, place.name, place.lineno)
        return False
    return True
