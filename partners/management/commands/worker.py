"""Run what is due, again and again."""

from __future__ import annotations

import logging
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from partners import clock

logger = logging.getLogger(__name__)
SLICE_SECONDS = 0.5


class Command(BaseCommand):
    help = "Runs `tick` every --interval seconds until it is told to stop; a turn under way is finished."

    stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=30.0, help="seconds between two turns")

    def handle(self, *args: Any, interval: float, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write(f"Running what is due every {interval:g} seconds.")
        self.stdout.flush()  # into a pipe or a journal it would wait for a full buffer
        while not self.stopping:
            self.turn()
            self.rest(interval)
        self.stdout.write("Stopped.")

    def stop(self, *_: Any) -> None:
        self.stopping = True

    def turn(self) -> None:
        close_old_connections()
        try:
            clock.tick()
        except DatabaseError as error:  # a database that restarts comes back
            logger.error("turn missed: %s", type(error).__name__)
        close_old_connections()

    def rest(self, seconds: float) -> None:
        """Sleeps in slices: a signal does not end a sleep by itself."""
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(SLICE_SECONDS, left))
