"""Write the deletion list to a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from referrals.rights import replay


class Command(BaseCommand):
    help = "Writes the list of what was deleted, signed. Keep it with every backup, newest last."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", required=True, metavar="PATH", type=Path)

    def handle(self, *args: Any, export: Path, **options: Any) -> None:
        text = replay.export_list()
        # Whole or not at all: a list that was cut off is refused by the one who needs it.
        unfinished = export.with_name(f"{export.name}.part")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(export)
        self.stdout.write(f"{len(text.splitlines()) - 2} deletions")
