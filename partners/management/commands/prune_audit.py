"""Remove what the audit log has kept as long as it may."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners import audit
from partners.models import AuditHead


class Command(BaseCommand):
    help = "Removes audit rows older than RELAIS_RETENTION_AUDIT_YEARS, behind a signed checkpoint."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would go, change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        # Whole years; from 29 February to the day before.
        day = 28 if (now.month, now.day) == (2, 29) else now.day
        before = now.replace(year=now.year - settings.RETENTION_AUDIT_YEARS, day=day)
        remove = audit.prunable if dry_run else audit.prune
        chains = list(AuditHead.objects.order_by("chain").values_list("chain", flat=True))
        try:
            count = sum(remove(chain, before) for chain in chains)
        except audit.ChainBroken as error:
            raise CommandError(f"Nothing was removed from this chain. {error}") from error
        self.stdout.write(f"{count} rows older than {before.date()}{' would go' if dry_run else ' removed'}")
