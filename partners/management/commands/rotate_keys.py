"""Close everything again under the newest data key."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners import rotation
from partners.crypto import newest_key_id


class Command(BaseCommand):
    help = (
        "Closes everything that is encrypted again under the first key of RELAIS_DATA_KEYS, batch by "
        "batch; run it again after it was broken off. Exit 1 while anything remains under an older key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 while an older key is needed"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        unreadable = [] if check else rotation.rotate(self._told)
        for place in unreadable:
            self.stderr.write(f"opens under no key: {place}")
        left = rotation.remaining()
        for table, count in left.items():
            self.stdout.write(f"{table}: {count} rows under an older key")
        if left:
            raise CommandError(
                f"{sum(left.values())} rows remain. Keep every key of RELAIS_DATA_KEYS"
                + (", and run rotate_keys." if check else ", and run this again.")
            )
        self.stdout.write(f"Everything is under the key {newest_key_id()}. Older keys may be dropped.")

    def _told(self, table: str, moved: int) -> None:
        self.stdout.write(f"{table}: {moved} values moved")
        self.stdout.flush()
