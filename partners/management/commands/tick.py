"""Run what is due, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners import clock


class Command(BaseCommand):
    help = "Runs every due task of the clock and sends the mails that are owed, once."

    def handle(self, *args: Any, **options: Any) -> None:
        done = clock.tick()
        self.stdout.write(f"{done.delivered} notices delivered, {done.put_off} put off")
        if done.failed:
            raise CommandError(f"These tasks failed, see the log: {', '.join(done.failed)}")
