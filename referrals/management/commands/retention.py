"""Remove what has been kept as long as it may be."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from referrals.rights import due
from referrals.rights import retention as core


class Command(BaseCommand):
    help = "Removes what has been kept as long as it may be; --dry-run lists it by code and date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list what would go, change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if dry_run:
            found = due.due()
            for one in found:
                day = timezone.localtime(one.last_act).date().isoformat()
                self.stdout.write(f"{one.kind} {one.code}, last act {day}")
            self.stdout.write(f"{len(found)} would go. Nothing was changed.")
            return
        done = core.run()
        self.stdout.write(", ".join(f"{kind}: {count}" for kind, count in done.items()))
