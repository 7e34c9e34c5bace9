"""Collect the texts of the interface and compile their French translation."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partners import localization

PACKAGES = ("config", "api", "referrals", "directory", "partners")


class Command(BaseCommand):
    help = (
        "Writes config/locale/fr from the texts in code and templates and what waits in "
        "config/locale/pending. With --check nothing is written, and what is missing or stale fails."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, exit 1 on any fault")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        locale = Path(settings.LOCALE_PATHS[0])
        po = locale / localization.LANGUAGE / "LC_MESSAGES" / "django.po"
        try:
            catalog = localization.merge(
                localization.collect(settings.BASE_DIR, PACKAGES),
                localization.read(po),
                localization.read_pending(locale / "pending"),
            )
        except localization.CatalogError as error:
            raise CommandError(str(error)) from error
        files = {
            po: localization.po_bytes(catalog),
            po.with_suffix(".mo"): localization.mo_bytes(catalog),
        }
        faults = list(localization.faults(catalog))
        if check:
            faults += [f"out of date: {path.name}" for path, made in files.items() if _differs(path, made)]
        else:
            po.parent.mkdir(parents=True, exist_ok=True)
            for path, made in files.items():
                path.write_bytes(made)
        for fault in faults:
            self.stderr.write(fault)
        self.stdout.write(f"{len(localization.texts(catalog))} texts, {len(faults)} faults")
        if check and faults:
            raise CommandError("The translations are not complete. Run manage.py messages.")


def _differs(path: Path, made: bytes) -> bool:
    return not path.exists() or path.read_bytes() != made
