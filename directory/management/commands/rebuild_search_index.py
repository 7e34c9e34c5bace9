"""``manage.py rebuild_search_index [--check]``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory.search import index
from directory.search.check import wrong_in_base
from directory.search.fold import Overtaken


class Command(BaseCommand):
    help = "Bring the search index in line with the listings; with --check only say what has drifted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 on drift")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self._rebuild()
            return
        wrong = [str(one.id) for one in index.drifted()] + list(map(str, index.orphans()))
        if wrong:
            raise CommandError("The search index has drifted for:\n" + "\n".join(wrong))
        if wrong := list(wrong_in_base()):
            raise CommandError("The base is not what the entries say:\n" + "\n".join(wrong))
        self.stdout.write("The search index fits the listings.")

    def _rebuild(self) -> None:
        try:
            count = index.rebuild(self.stdout.write)
        except Overtaken as error:
            raise CommandError("Another rebuild came first; the entries are in line.") from error
        self.stdout.write(f"{count} search entries rewritten.")
