"""``manage.py generate_load --services N [--referrals M] [--seed S] [--today DAY] [--skip-index]``."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from directory.load.generate import Plan, generate, others
from referrals.load.generate import ReferralPlan, forget_referrals, generate_referrals, strangers


class Command(BaseCommand):
    help = (
        "Fill a database with synthetic listings and referrals for benchmarks, the same for the same seed "
        "and day. What an earlier run made is replaced; a database with anything else in it is refused. The "
        "audit chain is not written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--services", type=int, required=True, help="how many listings")
        parser.add_argument("--referrals", type=int, default=0, help="how many referrals, to those listings")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the day from which checks and capacities are dated back"
        )
        parser.add_argument(
            "--skip-index", action="store_true", help="leave the search index to rebuild_search_index"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["services"] < 1 or options["seed"] < 0 or options["referrals"] < 0:
            raise CommandError("--services must be 1 or more, --referrals and --seed 0 or more.")
        self._refuse_foreign(strangers())
        today = options["today"] or timezone.localdate()
        began = time.monotonic()
        forget_referrals()
        self._refuse_foreign(others())
        generate(Plan(options["services"], options["seed"], today), self._tell)
        if options["referrals"]:
            generate_referrals(ReferralPlan(options["referrals"], options["seed"], today), self._tell)
        self._tell(f"Rows written in {time.monotonic() - began:.0f} s.")
        if not options["skip_index"]:
            call_command("rebuild_search_index", stdout=self.stdout)

    def _refuse_foreign(self, found: str) -> None:
        if found:
            raise CommandError(
                f"This database holds more than synthetic listings ({found}). Use an empty one."
            )

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
