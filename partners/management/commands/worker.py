"""Run what is due, again and again, and what is asked for in between, at once."""

from __future__ import annotations

import logging
import os
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from partners import clock

logger = logging.getLogger(__name__)
SLICE_SECONDS = 0.5
# Then the clock has a look whether it is its turn again.
TASKS_AT_ONCE = 20


class Command(BaseCommand):
    help = (
        "Runs the task queue, and `tick` every --interval seconds, until it is told to stop; "
        "a turn under way is finished."
    )

    stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=30.0, help="seconds between two turns")
        parser.add_argument(
            "--with-parent", action="store_true", help="stop when the process that started this one is gone"
        )

    def handle(self, *args: Any, interval: float, with_parent: bool = False, **options: Any) -> None:
        self.parent = os.getppid() if with_parent else None
        self.queue = queue()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write(f"Running what is due every {interval:g} seconds.")
        self.stdout.flush()  # into a pipe or a journal it would wait for a full buffer
        while self.going_on():
            self.guarded(clock.tick)
            self.rest(interval)
        self.stdout.write("Stopped.")

    def going_on(self) -> bool:
        return not self.stopping and (self.parent is None or os.getppid() == self.parent)

    def stop(self, *_: Any) -> None:
        self.stopping = True
        self.queue.running = False  # the task under way is finished

    def guarded(self, turn: Any) -> None:
        close_old_connections()
        try:
            turn()
        except DatabaseError as error:  # a database that restarts comes back
            logger.error("turn missed: %s", type(error).__name__)
        close_old_connections()

    def rest(self, seconds: float) -> None:
        """Until the clock's next turn, with a look into the queue in each slice.

        In slices also because a signal does not end a sleep by itself.
        """
        until = time.monotonic() + seconds
        while self.going_on() and time.monotonic() < until:
            if settings.TASKS_IN_DATABASE:
                self.guarded(self.run_queue)
            if not self.stopping and (left := until - time.monotonic()) > 0:
                time.sleep(min(SLICE_SECONDS, left))

    def run_queue(self) -> None:
        """Looks before it asks: to take a task the library locks the whole of SQLite."""
        if DBTaskResult.objects.ready().exists():
            self.queue = queue()
            if not self.stopping:  # a signal before this line has met the one before
                self.queue.run()


def queue() -> Worker:
    """The library's worker as one that ends when nothing is left, and starts no signals of its own."""
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=TASKS_AT_ONCE,
        worker_id=get_random_string(32),
    )
