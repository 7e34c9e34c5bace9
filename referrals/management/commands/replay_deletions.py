"""Delete again, after a restore, what had been deleted."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners.errors import DomainError
from referrals.rights import replay


class Command(BaseCommand):
    help = "After an older backup was restored: deletes again what stands on the deletion list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="PATH", type=Path, help="what deletion_list --export wrote")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            done = replay.replay(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} can't be read.") from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{kind}: {count}" for kind, count in sorted(done.items())) or "0")
