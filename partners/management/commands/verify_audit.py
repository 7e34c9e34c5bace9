"""Check the audit chains."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners import audit


class Command(BaseCommand):
    help = "Checks every audit chain: exit 0 and the number of rows, or 1 and the first row that is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, broken = audit.verify()
        if broken:
            raise CommandError(
                f"Chain {broken.chain}, row {broken.sequence}: {broken.reason}. "
                f"{checked} rows before it are in order."
            )
        self.stdout.write(f"{checked} rows, all in order")
